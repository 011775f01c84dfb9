"""The checks of generated sentences: written cases of both halves, and what must always hold."""

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from index.encoders.registry import open_encoder
from index.types import Chunk, Hit
from rag.answering.number_words import with_digits
from rag.generation.checks.checker import Checker
from rag.generation.checks.figures import matched
from rag.generation.checks.quotes import find_quote
from rag.generation.checks.values import in_digits, values_of
from rag.generation.types import Claim, Source

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "answer_checks.jsonl")
    .read_text("utf-8")
    .splitlines()
]
PASSAGE = (
    "In March 2023 the Harbour Programme trained 148 border officers in Bishkek and Osh. "
    "The readers cost USD 96,400; the rate rose to 12.5 per cent, «as planned».\n"
    "Они не обязаны платить 1 234,5 тенге до 20 мая 2021 года."
)


@pytest.fixture(scope="module")
def checker(model_home: Path) -> Checker:
    return Checker(open_encoder("default", model_home / "models"))


def source(passage: str, language: str) -> Source:
    chunk = Chunk("d:0-1", "d", 0, len(passage), (1,), "", language, "public", passage)
    return Source("right", Hit(chunk, 1.0, 1, ()), passage)


@pytest.fixture(scope="module")
def verdicts(checker: Checker) -> list[tuple[dict, bool]]:
    found = []
    for case in CASES:
        claim = Claim(case["quote"], case["marker"], case["sentence"])
        sources = [source(case["passage"], case["passage_language"])]
        found.append((case, checker.check(claim, sources, case["asked"]).supported))
    return found


def test_there_are_enough_cases_of_every_sort() -> None:
    kinds = Counter(case["kind"] for case in CASES)
    assert len(CASES) >= 400
    assert {"right", "digit", "date", "swap", "unit", "name", "negation", "quote", "marker"} <= set(
        kinds
    )
    assert sum(case["asked"] != case["passage_language"] for case in CASES) > 150
    assert len({case["id"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("half", ["tuning", "held-out", "fresh"])
def test_supported_is_precise_and_complete(verdicts: list[tuple[dict, bool]], half: str) -> None:
    own = [(case["supported"], said) for case, said in verdicts if case["half"] == half]
    right = sum(truth and said for truth, said in own)
    assert right / sum(said for _, said in own) >= 0.97
    assert right / sum(truth for truth, _ in own) >= 0.97


def test_no_altered_digit_quote_or_marker_passes(verdicts: list[tuple[dict, bool]]) -> None:
    strict = {"digit", "quote", "marker", "date", "unit", "name", "negation", "language"}
    assert not [case["id"] for case, said in verdicts if said and case["kind"] in strict]


def test_links_and_other_languages_are_never_supported(checker: Checker) -> None:
    quote = PASSAGE.split(". ")[0]
    sentence = "The Harbour Programme trained 148 border officers"
    for tail in (
        " (https://a.example).",
        " ![x](y).",
        " at www.a.example.",
        " <b>now</b>.",
        " mail a@b.example.",
    ):
        reason, _ = checker.problem(sentence + tail, "en", quote, "en")
        assert reason == "link", tail
    assert checker.problem(sentence + ".", "ru", quote, "en")[0] == "language"
    assert checker.problem(sentence + ".", "en", quote, "en") == ("", "")


def test_what_a_quote_is_about_may_be_named_by_its_passage(checker: Checker) -> None:
    passage = "PAMIR began in 2022. The project is paid for by the Hokkai Foundation. Ada left."
    claim = Claim(
        "The project is paid for by the Hokkai Foundation",
        "right",
        "PAMIR is paid for by the Hokkai Foundation.",
    )
    sources = [source(passage, "en")]
    assert checker.check(claim, sources, "en", "Who finances PAMIR?").supported
    assert checker.check(claim, sources, "en", "Who finances it?").reason == "name"
    other = Claim(claim.quote, "right", "Ada is paid for by the Hokkai Foundation.")
    assert not checker.check(other, sources, "en", "Who finances Ada?").supported


@given(st.integers(0, len(PASSAGE) - 12), st.integers(10, 90))
def test_words_of_a_passage_are_found_where_they_stand(start: int, length: int) -> None:
    start = start if start == 0 else PASSAGE.find(" ", start) + 1
    end = PASSAGE.rfind(" ", 0, start + length)
    quote = PASSAGE[start:end]
    place = find_quote(quote, PASSAGE, "en")
    if place is None:  # too short, or it cuts a number in two
        assert len(quote.strip(" .,;«»\n")) < 9 or quote[-1:].isdigit() or quote[:1].isdigit()
        return
    assert place.whole_start <= place.start < place.end <= place.whole_end
    plain = "".join(quote.split()).strip('.«»"')
    assert plain in "".join(PASSAGE[place.start : place.end].split()) or plain in "".join(
        PASSAGE.split()
    )


@given(st.data())
def test_one_letter_changed_is_no_quote(data: st.DataObject) -> None:
    quote = "the Harbour Programme trained 148 border officers in Bishkek"
    at = data.draw(st.sampled_from([i for i, c in enumerate(quote) if c.isalnum()]))
    letter = data.draw(st.sampled_from("abcxyzабв0123456789"))
    assume(letter != quote[at])
    assert find_quote(quote[:at] + letter + quote[at + 1 :], PASSAGE, "en") is None


def test_a_quote_may_not_cut_numbers_or_the_not() -> None:
    assert find_quote("the rate rose to 12", PASSAGE, "en") is None
    assert find_quote("5 per cent, «as planned", PASSAGE, "en") is None
    place = find_quote("обязаны платить 1 234,5 тенге", PASSAGE, "ru")
    assert place is not None
    assert PASSAGE[place.whole_start : place.whole_end].startswith("Они не")


@settings(deadline=None)
@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_another_number_is_never_matched(one: int, other: int) -> None:
    assume(one != other)
    text = f"The total was {one:,} tenge."
    russian = f"Сумма составила {other:,} тенге.".replace(",", " ")
    said, quoted = values_of(text, "en"), values_of(russian, "ru")
    assert matched(said, quoted)[1]
    same = values_of(f"Сумма составила {one:,} тенге.".replace(",", " "), "ru")
    assert not matched(said, same)[1]


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("two hundred and forty servicemen", "240 servicemen"),
        ("двести сорок военнослужащих", "240 военнослужащих"),
        ("nine chemists and two drivers", "9 chemists and 2 drivers"),
        ("сорок пять ноутбуков", "45 ноутбуков"),
        ("one of them, no one else", "one of them, no one else"),
        ("менее одного процента", "менее 1 процента"),
        ("forty-five", "45"),
    ],
)
def test_number_words_become_digits(text: str, digits: str) -> None:
    assert with_digits(text) == digits


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("EUR 1,234.5", "1 234,5 евро", True),
        ("USD 5 million", "5 млн тенге", False),
        ("20 May 2021", "20/05/2021", True),
        ("20 May 2021", "20 мая 2021 года", True),
        ("20 May 2021", "20 мая 2020 года", False),
        ("Article 14", "статья 14", True),
        ("Article 14", "статья 15", False),
        ("6 %", "5 процентов", False),
        ("6 per cent", "6 процентов", True),
        ("twelve months", "12 месяцев", True),
        ("twelve months", "12 лет", False),
        ("twenty", "двадцать", True),
    ],
)
def test_values_are_compared_and_not_spellings(one: str, other: str, same: bool) -> None:
    said, quoted = values_of(in_digits(one), "en"), values_of(in_digits(other), "ru")
    assert said and (not matched(said, quoted)[1]) is same
