"""Questions for a figure of each country, and the same question for one of them."""

import re

from index.analysis.places import Place

_ENGLISH = re.compile(
    r"\b(?:(?:each|every)(?: one)?(?: of (?:the|these|those))?(?: \w+)?"
    r" (?:countr(?:y|ies)|states?|jurisdictions?)|all (?:(?:of )?the )?(?:\w+ )?countries"
    r"|(?P<by>(?:by|per) country))\b",
    re.IGNORECASE,
)
_RUSSIAN = re.compile(
    r"\b(?:(?:в|по) кажд\w+(?: из)?(?: \w+)? (?P<in>стран|государств)\w*"
    r"|(?P<by>по (?:всем )?(?:\w+ )?странам|в разрезе стран)"
    r"|кажд\w+(?: из)?(?: \w+)? (?P<noun>(?:стран|государств)\w*))(?:-\w+)?",
    re.IGNORECASE,
)
_CASES = {
    "страны": "of", "стран": "of", "государства": "of", "государств": "of",
    "стране": "to", "государству": "to",
}  # fmt: skip
# Endings of "Казахстан" and "Россия" by the case of "каждая страна" or "каждое государство".
_ENDINGS = {"in": ("е", "и"), "of": ("а", "и"), "to": ("у", "и"), "": ("", "я")}


def for_country(question: str, place: Place) -> str | None:
    """The question for a figure of each country as one for this country; None for another."""
    if found := _ENGLISH.search(question):
        name = place.name("en")
        return _put(question, found, f"in {name}" if found["by"] else name)
    if found := _RUSSIAN.search(question):
        name = place.name("ru")
        within = found["in"] or found["by"]
        case = "in" if within else _CASES.get(found["noun"].lower(), "")
        return _put(question, found, "в " * bool(within) + inflected(name, case))
    return None


def _put(question: str, found: re.Match[str], words: str) -> str:
    return question[: found.start()] + words + question[found.end() :]


def inflected(name: str, case: str) -> str:
    """A country's name in Russian; those that end otherwise than most do stay as they are."""
    hard, soft = _ENDINGS[case]
    if name.endswith("стан"):
        return name + hard
    return name[:-1] + soft if name.endswith("ия") else name


def asks_for_each_country(question: str) -> bool:
    """Whether a figure of each country is asked for: "how many in each country"."""
    return bool(_ENGLISH.search(question) or _RUSSIAN.search(question))
