"""What a refusal rests on: names that no quote says, acronyms, chunks beside the best."""

from pathlib import Path

import pytest

from index.encoders.hashing import HashingEncoder
from index.reader import Reader
from index.search.searcher import Searcher
from index.types import Chunk, Hit
from rag.answering.around import with_neighbours
from rag.answering.candidates import Candidate, sentences_of
from rag.answering.concepts import concepts_of
from rag.answering.coverage import elsewhere
from rag.answering.grouping import alone, together
from rag.answering.holdings import Holdings
from rag.answering.options import AnswerOptions
from rag.answering.pipeline import Pipeline
from rag.answering.question_kinds import question_kind
from rag.answering.sources import gather

FILES = (
    "hawala_typologies_note_en.txt",
    "metodicheskie_rekomendatsii_spo_ru.docx",
    "qalqan_annual_report_2024_final_en.pdf",
    "progress_note_2024_en.md",
)


@pytest.fixture(scope="module")
def reader(indexed) -> Reader:
    return indexed(*FILES)


@pytest.fixture(scope="module")
def searcher(reader: Reader) -> Searcher:
    return Searcher(reader, HashingEncoder())


def holdings(
    searcher: Searcher, question: str, text: str, language: str, heading: str = ""
) -> tuple[Holdings, set]:
    query = searcher.understand(question)
    chunk = Chunk("d:0-1", "d", 0, len(text), (1,), heading, language, "public", text)
    held = Holdings(concepts_of(query, {}), (Hit(chunk, 0.0, 1, ()),), ("",))
    return held, {held.concepts[at].surface for at in held.passage(0)}


@pytest.mark.parametrize(
    ("question", "text", "language", "surface"),
    [
        ("What is an NPO?", "Banks keep accounts of non-profit organisations.", "en", "NPO"),
        ("Что грозит за ФТ?", "Если речь о финансировании терроризма, сразу.", "ru", "ФТ"),
        ("Сколько СПО?", "The FIUs received suspicious transaction reports.", "en", "СПО"),
        ("Who repaired the road?", "Дорогу чинили местные жители.", "ru", "road"),
        ("Сколько водителей приехало?", "Nine drivers came.", "en", "водителей"),
        ("What does T-24 mean?", "Код: Т-24 | Признак: билеты", "ru", "T-24"),
        ("Кто в ПАМИР-ЛИНК?", "PAMIR-LINK offices were opened.", "en", "ПАМИР"),
        ("What does resolution 915 ask?", "Постановление № 915", "ru", "resolution 915"),
        ("Что в Варшавской конвенции?", "DONE at Warsaw in English", "en", "Варшавской"),
    ],
)
def test_other_forms_of_a_name_count(
    searcher: Searcher, question: str, text: str, language: str, surface: str
) -> None:
    assert surface in holdings(searcher, question, text, language)[1]


@pytest.mark.parametrize(
    ("question", "surface", "sort"),
    [
        ("Кого он назвал? Наш аудитор ждёт ответа.", "Наш", "word"),
        ("I write a note. Perhaps someone knows who opened it?", "Perhaps", "word"),
        ("Who advised Mr. Harlan on it?", "Harlan", "name"),
        ("Что стоит на ул. Навои?", "Навои", "name"),
        ("Harlan left. What did Harlan say?", "Harlan", "name"),
        ("Who advised Mr. J. Harlan on it?", "Harlan", "name"),
        ("Did the U.S. Treasury answer?", "Treasury", "name"),
        ("Что сказал Каримов?", "Каримов", "name"),
    ],
)
def test_a_capital_opening_any_sentence_makes_no_name(
    searcher: Searcher, question: str, surface: str, sort: str
) -> None:
    concepts = concepts_of(searcher.understand(question), {})
    assert [each.sort for each in concepts if each.surface == surface] == [sort]


def test_initials_of_other_words_do_not_count(searcher: Searcher) -> None:
    text = "Banks keep profitable organisations as customers."
    assert "NPO" not in holdings(searcher, "What is an NPO?", text, "en")[1]


def test_a_small_number_alone_is_no_reference(searcher: Searcher) -> None:
    held = holdings(searcher, "What does Article 5 say?", "Within 5 days.", "en")[1]
    assert "Article 5" not in held


def test_a_number_inside_a_code_is_no_concept_of_its_own(searcher: Searcher) -> None:
    query = searcher.understand("What is the threshold for T-24?")
    surfaces = [concept.surface for concept in concepts_of(query, {})]
    assert "T-24" in surfaces and "24" not in surfaces


@pytest.mark.parametrize(
    ("question", "text", "language", "said"),
    [
        ("When was the fourth meeting of the Committee?", "ПРОТОКОЛ № 4 заседания", "ru", True),
        (
            "Когда прошло четвёртое заседание?",
            "The Fourth Meeting was held in Bishkek.",
            "en",
            True,
        ),
        ("Кто открыл девятую встречу?", "The 10th Review Meeting was opened by him.", "en", False),
        ("Кто открыл девятую встречу?", "Its twenty-ninth meeting was opened by him.", "en", False),
        (
            "When was the third meeting?",
            "Relations with third countries and 3.5 euros.",
            "en",
            False,
        ),
    ],
)
def test_an_ordinal_in_words_is_a_number(
    searcher: Searcher, question: str, text: str, language: str, said: bool
) -> None:
    held, named = holdings(searcher, question, text, language)
    (ordinal,) = [concept.surface for concept in held.concepts if concept.sort == "number"]
    assert (ordinal in named) == said


def test_third_parties_are_not_counted(searcher: Searcher) -> None:
    for question in ("What must third parties do?", "Что должны третьи лица и пять стран?"):
        concepts = concepts_of(searcher.understand(question), {})
        assert all(concept.sort == "word" for concept in concepts)


def test_chunks_beside_the_best_are_read_once_and_from_its_document(
    searcher: Searcher, reader: Reader
) -> None:
    options = AnswerOptions(passages=2, widened=1, before=1, after=2)
    found = searcher.find("When was the Baker arrested?", options.passages)
    wide = with_neighbours(found, reader, frozenset(), options)
    added = wide.hits[len(found.hits) :]
    assert wide.hits[: len(found.hits)] == found.hits and added
    assert len({hit.chunk.id for hit in wide.hits}) == len(wide.hits) == len(wide.rows)
    assert {hit.chunk.document_id for hit in added} == {found.hits[0].chunk.document_id}
    assert [hit.rank for hit in wide.hits] == list(range(1, len(wide.hits) + 1))
    assert reader.chunks(wide.rows) == [hit.chunk for hit in wide.hits]


def test_a_filter_holds_for_the_chunks_beside_too(searcher: Searcher, reader: Reader) -> None:
    found = searcher.find("When was the Baker arrested?", 2)
    wide = with_neighbours(found, reader, frozenset(("ru",)), AnswerOptions())
    assert all(hit.chunk.language == "ru" for hit in wide.hits[len(found.hits) :])


def test_spread_tells_what_a_document_is_about(searcher: Searcher, reader: Reader) -> None:
    found = searcher.find("How many officers did QALQAN train, and in Mongolia?", 8)
    names = {record.id: Path(record.path).name for record in reader.documents()}
    shares = {names[key]: share for key, share in found.spread["QALQAN"].items()}
    assert shares["progress_note_2024_en.md"] > 0.1
    assert all(share <= 1 for share in shares.values())
    assert set(found.spread["Mongolia"].values()) == {0.0}


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("How many officers were trained by QALQAN in Mongolia?", "“Mongolia”"),
        ("Сколько СПО получили ПФР в 1997 году?", "«1997»"),
        ("How much did the European Space Agency spend?", "European Space"),
    ],
)
def test_what_no_quote_says_is_refused_and_named(
    reader: Reader, searcher: Searcher, question: str, named: str
) -> None:
    options = AnswerOptions(answerable_precision=0.0, precision=0.0)
    answer = Pipeline(searcher, reader, options).answer(question)
    assert not answer.answered and named in answer.notice
    lax = AnswerOptions(answerable_precision=0.0, precision=0.0, refuse_unsaid=False)
    assert Pipeline(searcher, reader, lax).answer(question).answered


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Кто такой комплаенс-контролёр?", "definition"),
        ("Кто такой Тетеруков?", "person"),
        ("For what period is the statement attached?", "duration"),
        ("How quickly does the FIU confirm receipt?", "duration"),
        ("How often must a company update its records?", "frequency"),
        ("Как часто сотрудники проходят тестирование?", "frequency"),
        ("С какой периодичностью проводится оценка?", "frequency"),
        ("Во сколько обошлось учение?", "money"),
        ("Во что обошлась оценка?", "money"),
        ("What did the study visit to Riga cost?", "money"),
        ("Сколько тенге выделено?", "money"),
        ("Which quantity was hidden?", "count"),
    ],
)
def test_kinds_of_questions(question: str, kind: str) -> None:
    assert question_kind(question) == kind


def test_quotes_side_by_side_become_one() -> None:
    said = [Candidate(0, order, 10 * order, 10 * order + 9, "A sentence") for order in range(4)]
    other = Candidate(1, 0, 0, 9, "Elsewhere.")
    near = together([alone(said[2]), alone(other), alone(said[0]), alone(said[1])])
    assert [(one.passage, one.start, one.end) for one in near] == [(0, 0, 29), (1, 0, 9)]
    assert near[0].best == said[2] and near[0].members == tuple(said[:3])
    apart = [alone(said[0]), alone(said[2])]
    assert together(apart) == tuple(apart)


def test_a_quote_about_the_place_asked_about_comes_first(
    reader: Reader, searcher: Searcher
) -> None:
    options = AnswerOptions(answerable_precision=0.0, precision=0.0, refuse_unsaid=False)
    pipeline = Pipeline(searcher, reader, options)
    question = "Which expert taught in Turkmenistan?"
    found = with_neighbours(searcher.find(question, 10), reader, frozenset(), options)
    passages = gather(searcher, found, pipeline.ranker.question_means)
    choice = pipeline.choose(passages, "en")
    places = [(one.passage, one.start, one.end) for one in choice.groups]
    away = [elsewhere(place, choice.evidence, passages) for place in places]
    assert away == sorted(away) and away[0] == 0 < away[-1]
    scores = [
        choice.evidence.scores[choice.evidence.candidates.index(g.best)] for g in choice.groups
    ]
    assert min(scores[:-1]) < scores[-1]


@pytest.mark.parametrize(
    ("question", "surface"),
    [
        ("How long must records be kept under Recommendation 11?", "Recommendation 11"),
        ("Сколько лет хранить документы по Рекомендации 11?", "Рекомендации 11"),
    ],
)
def test_a_reference_by_number_is_answered_by_the_numbered_heading(
    searcher: Searcher, question: str, surface: str
) -> None:
    text = "Records are kept for at least five years."
    _, held = holdings(searcher, question, text, "en", "Annex II > 11. Record-keeping")
    assert surface in held
    _, held = holdings(searcher, question, text, "en", "Annex II > 12. Record-keeping")
    assert surface not in held
    words = [concept.surface for concept in concepts_of(searcher.understand(question), {})]
    assert surface in words and surface.split()[0] not in words


def test_what_only_names_a_section_is_not_quoted() -> None:
    text = (
        "POLITICALLY EXPOSED PERSONS (RECOMMENDATIONS 12 AND 22)\n\nA PEP is a person.\n\n"
        "THE FINE IS EUR 500."
    )
    chunk = Chunk("d:0-1", "d", 0, len(text), (1,), "", "en", "public", text)
    quoted = [one.text for one in sentences_of([Hit(chunk, 0.0, 1, ())])]
    assert quoted == ["A PEP is a person.", "THE FINE IS EUR 500."]


def test_a_third_language_is_quoted_only_where_there_is_no_other(
    samples_pipeline: Pipeline,
) -> None:
    question = "Можно ли ввозить больше 10 000 долларов без декларации?"
    hits = samples_pipeline.searcher.search(question, 16)
    kazakh = [hit for hit in hits if hit.chunk.language == "kk"]
    assert kazakh
    assert sentences_of(kazakh)
    quoted = {hits[one.passage].chunk.language for one in sentences_of(hits)}
    assert quoted == {"en", "ru"}
