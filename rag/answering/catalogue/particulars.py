"""When and by whom a document was published, from the catalogue where no text tells it."""

import re
from dataclasses import replace

from index.search.searcher import Searcher
from index.types import Filter
from rag.answering.catalogue.answer import from_catalogue
from rag.answering.catalogue.documents import fitting_documents
from rag.answering.catalogue.request import read_request
from rag.answering.dates import iso_in_words
from rag.answering.phrases import say
from rag.types import Answer

_ISSUED = r"(?:published|issued|released|written|dated|drafted|adopted|come out|brought out)"
_ASKED = re.compile(
    rf"^\W*(?:when (?:was|were|did|is) (?P<a>.+?) {_ISSUED}"
    r"|(?:what is |what's )?the (?:date|publisher|author) of (?P<b>.+)"
    r"|who (?:published|issued|released|wrote|is the (?:publisher|author) of) (?P<c>.+)"
    r"|когда (?:был[аио]? )?(?:опубликован|издан|выпущен|написан|датирован)[аоы]? (?P<d>.+)"
    r"|когда (?:вышел|вышла|вышло|вышли) (?P<e>.+)"
    r"|(?:какова |назовите )?дата (?:публикации |издания |выхода |выпуска )?(?P<f>.+)"
    r"|кто (?:издал|опубликовал|выпустил|написал|издатель|автор) (?P<g>.+))\W*$",
    re.IGNORECASE,
)
# Of these the catalogue knows nothing.
_A_PART = re.compile(
    r"\b(?:edition|version|section|chapter|part|annex|first|second|third|meeting|редакци\w+"
    r"|верси\w+|раздел\w*|глав\w+|част\w+|приложени\w+|издани\w+|перв\w+|втор\w+|трет\w+"
    r"|заседани\w+)\b",
    re.IGNORECASE,
)
_MOST = 3  # documents that fit: more were not meant


def particulars(
    question: str, text: str, language: str, searcher: Searcher, where: Filter
) -> Answer | None:
    """Date and publisher of the documents that the question `text`, typed as `question`, asks about
    by what they are; None where it asks for something else, or names too many or none."""
    asked = _ASKED.match(text)
    named = next(filter(None, asked.groups()), "") if asked else ""
    request = read_request(named)
    if not request.sort or _A_PART.search(named):
        return None
    records = fitting_documents(request, searcher, where)
    if not 0 < len(records) <= _MOST:
        return None
    answer = from_catalogue(question, language, request, searcher, where, _MOST)
    told = [
        f"{one.title or one.path}: "
        + ", ".join(filter(None, (iso_in_words(one.date, language), one.publisher)))
        for one in records
        if one.date or one.publisher
    ]
    if not told or not answer.answered:
        return None
    return replace(answer, lead=say("lead.particulars", language, told="; ".join(told)), notice="")
