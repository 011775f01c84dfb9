"""The exact answer inside a sentence, where its kind is clear."""

import re
from collections.abc import Set

import numpy as np
import numpy.typing as npt

from index.types import Spans
from rag.answering.alignment import inside
from rag.answering.candidates import Candidate
from rag.answering.kinds import SPANNED, Kind
from rag.answering.offers import Offer, find_offers
from rag.answering.pointed import Pointed
from rag.answering.question_kinds import asks_for_several

# What may answer a question of each kind, best first.
ANSWERS: dict[Kind, tuple[Kind, ...]] = {
    "person": ("person", "body"),
    "body": ("body", "person"),
    "place": ("place", "other"),
    "money": ("money", "percent", "count"),
    "count": ("count", "percent", "money", "duration"),
    "percent": ("percent",),
    "date": ("date",),
    "duration": ("duration",),
    "frequency": ("frequency", "duration"),
    "law": ("law",),
}
_BESIDE = 0.3  # for an offer right before what the question says: "Ann Example (Uzbekistan)"
_CELL = " | "
_WORD = re.compile(r"\w+")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# What tells after a figure which year it is of: "341 officers in 2023".
_OF_YEAR = re.compile(
    r"(?:\s+[^\W\d]+){0,6}?\s+(?:in|for|during|в|за)\s+((?:19|20)\d\d)\b", re.IGNORECASE
)
# "Who is Ann Example?": the answer tells of her, and names nobody else.
_WHO_IS_NAMED = re.compile(
    r"^\W*(?i:who (?:is|are|was|were)|кто (?:такой|такая|такие|был|была))\s+"
    r"[A-ZА-ЯЁ][\w.’'-]*(?:\s+[A-ZА-ЯЁ][\w.’'-]*)*\W*$"
)
_ADJECTIVE = re.compile(r"[А-ЯЁ][а-яё]+(?:ого|ому|ая|ую|ые|ых)")
_LOWER_END = re.compile(r"(?:\b(?:от|from)\s)?(?<![\w.,])\d[\d.,\s]*(?:\s(?:до|to)\s|\s?[-–—]\s?)$")
_FIRST_DAY = re.compile(r"(?<![\w.,])\d{1,2}\s?(?:and|и|[-–—])\s?$")
# What a question calls a unit of time, and how lengths of time in it are written.
_UNITS = tuple(
    (re.compile(rf"\b(?:{asked})\b"), re.compile(own, re.IGNORECASE))
    for asked, own in (
        ("years|лет", r"year|лет|год"),
        ("months|месяцев", r"month|месяц"),
        ("weeks|недель", r"week|недел"),
        ("days|дней|суток", r"day|дн|день|сут"),
        ("hours|часов", r"hour|час"),
        ("minutes|минут", r"minute|минут"),
    )
)


def in_unit_asked(duration: str, asked: str) -> bool:
    """Whether a length of time is told in the unit that the question `asked`, in small letters,
    asks for: "how many hours"; true where it asks for none."""
    units = [own for wanted, own in _UNITS if wanted.search(asked)]
    return len(units) != 1 or units[0].search(duration) is not None


def fitting_offers(
    kind: Kind, text: str, language: str, asked: str, said: Set[int] = frozenset()
) -> tuple[Offer, ...]:
    """What a sentence offers to a question of this kind that the question `asked` does not
    itself say; `said` are the places of the sentence's words that say what the question says in
    other letters ("Saidova" to "Саидова")."""
    if kind not in SPANNED:
        return ()
    lowered = asked.lower()
    return tuple(
        offer
        for offer in find_offers(text, language)
        if offer.kind in ANSWERS[kind]
        and text[offer.start : offer.end].lower() not in lowered
        and not _starts(text, offer) <= said
        and (kind != "duration" or in_unit_asked(text[offer.start : offer.end], lowered))
    )


def _starts(text: str, offer: Offer) -> set[int]:
    return {word.start() for word in _WORD.finditer(text, offer.start, offer.end)}


def _of_years_asked(offers: tuple[Offer, ...], text: str, asked: str) -> tuple[Offer, ...]:
    """Without those that the text says are of a year other than the question asks of, unless all
    are: of "341 in 2023 and 594 in 2024" the one of the year asked of."""
    years = set(_YEAR.findall(asked))
    told = ((offer, _OF_YEAR.match(text, offer.end)) for offer in offers)
    kept = tuple(offer for offer, year in told if year is None or year[1] in years)
    return kept if years and kept else offers


def _of_cells_asked(offers: tuple[Offer, ...], text: str, said: Set[int]) -> tuple[Offer, ...]:
    """Of a table's row ("Budget, EUR: 900 | Spent, EUR: 400") what stands in the first of the cells
    whose names say most of the question; all if none says anything of it."""
    if _CELL not in text:
        return offers
    told = []
    for offer in offers:
        before, bar, _ = text[: offer.start].rpartition(_CELL)
        start = len(before) + len(bar)
        name = range(start, text.find(":", start, offer.start))
        told.append((sum(place in name for place in said), -start))
    if not max(told)[0]:
        return offers
    return tuple(offer for offer, own in zip(offers, told, strict=True) if own == max(told))


def answer_span(
    kind: Kind,
    candidate: Candidate,
    language: str,
    asked: str,
    near: npt.NDArray[np.float32],
    spans: Spans,
    said: Set[int] = frozenset(),
    pointed: Pointed | None = None,
) -> tuple[int, int] | None:
    """The offer that the reader points at, as a span of the candidate's text; where it was not read
    the one around which the question is matched best.

    `near` (t,) is the `nearness` of the passage's tokens and `spans` (t, 2) are their places.
    """
    offers = fitting_offers(kind, candidate.text, language, asked, said)
    offers = tuple(one for one in offers if not _is_no_name(one, candidate.text, language))
    if not offers or _WHO_IS_NAMED.match(asked):
        return None
    offers = _of_years_asked(offers, candidate.text, asked)
    offers = _of_cells_asked(offers, candidate.text, said)
    first = next(kind_ for kind_ in ANSWERS[kind] if any(o.kind == kind_ for o in offers))
    alone = sum(offer.kind == first for offer in offers) == 1 and first == ANSWERS[kind][0]
    if asks_for_several(asked) and not alone:
        return None  # one of them would not be the answer
    seen: list[tuple[float, int, int]] = []  # by the reader
    found: list[tuple[float, int, int]] = []
    for offer in offers:
        start, end = candidate.start + offer.start, candidate.start + offer.end
        odds = pointed.at(start, end) if pointed is not None else None
        if odds is not None:
            seen.append((odds, offer.start, offer.end))
        mask = inside(spans, start, end)
        score = float(near[mask].mean()) if mask.any() else -1e3
        score += _BESIDE * (not said.isdisjoint(range(offer.end, offer.end + 3)))
        found.append((score - 0.3 * (offer.kind != first), offer.start, offer.end))
    _, start, end = max(seen or found, key=lambda each: (each[0], each[2] - each[1], -each[1]))
    return start - _beginning(kind, candidate.text[:start]), end


def _is_no_name(offer: Offer, text: str, language: str) -> bool:
    """Whether what looks like a person or body is a country ("США") or an adjective alone."""
    if offer.kind not in ("person", "body"):
        return False
    own = text[offer.start : offer.end]
    places = (place for place in find_offers(text, language) if place.kind == "place")
    inside = any(one.start <= offer.start and offer.end <= one.end for one in places)
    return inside or _ADJECTIVE.fullmatch(own) is not None


def _beginning(kind: Kind, before: str) -> int:
    """How many characters before a figure or date its lower end takes: "500–3,000", "2 and 3
    October"."""
    rule = _FIRST_DAY if kind == "date" else _LOWER_END
    found = rule.search(before) if kind in ("count", "money", "percent", "date") else None
    return len(before) - found.start() if found else 0
