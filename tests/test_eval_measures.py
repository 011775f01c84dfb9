"""Every measure on worked examples, and against other implementations."""

import math
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.measures.citations import citation_precision, citation_recall
from eval.measures.normalise import holds, normalise_answer
from eval.measures.refusal import (
    aurc,
    expected_calibration_error,
    refusal_scores,
    reliability,
    risk_coverage,
)
from eval.measures.retrieval import MEASURES, by_rank, retrieval_scores
from eval.measures.spans import exact_match, f1
from eval.measures.timing import stages
from eval.ranking import fact_ranking, passage_ranking
from eval.scoring import answer_scores, score_all
from eval.types import Found, Gold, Outcome, Question, Quote, Reply

TREC = {
    "nDCG@10": "ndcg_cut_10",
    "AP": "map",
    "AP@10": "map_cut_10",
    "RR": "recip_rank",
    "R@1": "recall_1",
    "R@5": "recall_5",
    "R@10": "recall_10",
    "R@100": "recall_100",
    "Success@5": "success_5",
}
documents = st.integers(0, 150).map(lambda number: f"d{number}")
qrels = st.dictionaries(
    st.sampled_from(["q1", "q2", "q3", "q4"]),
    st.dictionaries(documents, st.integers(0, 3), min_size=1, max_size=30),
    min_size=1,
)
runs = st.dictionaries(
    st.sampled_from(["q1", "q2", "q3", "q5"]),
    st.dictionaries(documents, st.integers(-40, 40).map(lambda n: n / 8), max_size=140),
)


@settings(max_examples=80, deadline=None)
@given(qrels, runs)
def test_measures_agree_with_pytrec_eval(
    judged: dict[str, dict[str, int]], run: dict[str, dict[str, float]]
) -> None:
    import pytrec_eval

    names = {"ndcg_cut.10", "map", "map_cut.10", "recip_rank", "recall.1,5,10,100", "success.5"}
    theirs = pytrec_eval.RelevanceEvaluator(judged, names).evaluate(run)
    ours = retrieval_scores(judged, {query: list(own.items()) for query, own in run.items()})
    relevant = {query for query, grades in judged.items() if any(grades.values())}
    assert set(ours) == set(MEASURES)
    for name, values in ours.items():
        assert set(values) == relevant, "a question without a result is never dropped"
        for query, value in values.items():
            assert math.isclose(value, theirs.get(query, {}).get(TREC[name], 0.0), abs_tol=1e-9)


def test_ndcg_by_hand() -> None:
    # Järvelin and Kekäläinen: grades 3, 0, 2 at ranks 1, 2, 3 of an ideal 3, 2.
    scores = retrieval_scores({"q": {"a": 3, "c": 2}}, {"q": [("a", 9), ("b", 8), ("c", 7)]})
    ideal = 3 + 2 / math.log2(3)
    assert scores["nDCG@10"]["q"] == pytest.approx((3 + 2 / 2) / ideal)
    assert scores["AP"]["q"] == pytest.approx((1 + 2 / 3) / 2)


def test_the_order_of_a_system_is_kept_when_its_scores_tie() -> None:
    ranking = [("z", 0.5), ("a", 0.5)]
    scores = retrieval_scores({"q": {"a": 1}}, {"q": by_rank(ranking)})
    assert scores["RR"]["q"] == 0.5


@pytest.mark.parametrize(
    ("answer", "normal"),
    [
        ("The  Panthers!", "panthers"),
        ("1,234.5", "1234·5"),
        ("1 234,5", "1234·5"),
        ("1\u00a0234,5", "1234·5"),
        ("6.5 million", "6·5 million"),
        ("Алёна, ЁЛКА", "алена елка"),
        ("an", ""),
        ("№ 5-ФЗ", "no 5 фз"),
        ("12,34", "12·34"),
    ],
)
def test_normalisation(answer: str, normal: str) -> None:
    assert normalise_answer(answer) == normal


@pytest.mark.parametrize(
    ("quote", "answer", "inside"),
    [
        ("It cost 1 234 dollars.", "1,234", True),
        ("It cost 65 dollars.", "6.5", False),
        ("It cost 6.5 dollars.", "6.5", True),
        ("308 points", "30", False),
        ("В 1923 году возник", "1923", True),
        ("Ёлка стоит", "елка", True),
        ("anything", "the", False),
        ("the end", "the", True),
        ("15 % of", "5 %", False),
    ],
)
def test_a_quote_holds_an_answer_word_by_word(quote: str, answer: str, inside: bool) -> None:
    assert holds(quote, answer) is inside


def test_span_scores() -> None:
    assert exact_match("The Denver Broncos.", ["Broncos", "Denver Broncos"]) == 1.0
    assert exact_match("", [""]) == 0.0
    # 2 of 4 predicted words, 2 of 2 gold words: F1 = 2 * .5 * 1 / 1.5
    assert f1("won by Denver Broncos", ["Denver Broncos"]) == pytest.approx(2 / 3)
    assert f1("nothing alike", ["Denver"]) == 0.0


def _quote(document: str, start: int, end: int) -> Quote:
    return Quote(document, start, end, "x" * (end - start), True)


def test_citations() -> None:
    golds = [
        Gold("a", 10, 20, "x", fact=0),
        Gold("b", 0, 9, "x", fact=0),
        Gold("a", 50, 60, "y", fact=1),
    ]
    quotes = [_quote("a", 0, 11), _quote("b", 9, 30), _quote("a", 20, 50)]
    # Only the first overlaps: touching ends share no character.
    assert citation_precision(quotes, golds) == pytest.approx(1 / 3)
    assert citation_recall(quotes, golds) == 0.5
    assert citation_precision([], golds) == citation_recall([], golds) == 0.0


def test_refusals_by_hand() -> None:
    answerable = [True, True, True, False, False]
    answered = [True, True, False, False, True]
    assert refusal_scores(answerable, answered) == (0.5, 0.5, 0.5)
    assert refusal_scores([True], [True]) == (0.0, 0.0, 0.0)


def test_risk_and_coverage_by_hand() -> None:
    coverage, risk = risk_coverage([0.2, 0.9, 0.5, 0.7], [False, True, True, False])
    assert coverage == pytest.approx([0.25, 0.5, 0.75, 1.0])
    assert risk == pytest.approx([0, 1 / 2, 1 / 3, 1 / 2])
    assert aurc([0.2, 0.9, 0.5, 0.7], [False, True, True, False]) == pytest.approx(1 / 3)


answers = st.lists(st.tuples(st.integers(0, 10).map(lambda n: n / 10), st.booleans()), min_size=1)


@given(answers, st.randoms(use_true_random=False))
def test_the_order_of_ties_does_not_change_the_area(
    pairs: list[tuple[float, bool]], random: object
) -> None:
    before = aurc(*map(list, zip(*pairs, strict=True)))
    random.shuffle(pairs)  # type: ignore[attr-defined]
    assert aurc(*map(list, zip(*pairs, strict=True))) == pytest.approx(before)


@given(answers)
def test_calibration_error_is_that_of_the_plain_definition(
    pairs: list[tuple[float, bool]],
) -> None:
    expected = 0.0
    for number in range(10):
        inside = [
            (sure, right)
            for sure, right in pairs
            if (number / 10 <= sure < (number + 1) / 10) or (number == 9 and sure == 1.0)
        ]
        # 0.1 steps meet their bins only up to rounding; the same rounding is used for both.
        inside = [pair for pair in pairs if min(int(pair[0] * 10), 9) == number]
        if inside:
            gap = abs(sum(s for s, _ in inside) - sum(r for _, r in inside))
            expected += gap / len(pairs)
    confidence, right = map(list, zip(*pairs, strict=True))
    assert expected_calibration_error(confidence, right) == pytest.approx(expected)
    assert sum(found.count for found in reliability(confidence, right)) == len(pairs)


def test_a_perfectly_calibrated_system_has_no_error() -> None:
    confidence = [0.25] * 4 + [0.75] * 4
    right = [True, False, False, False, True, True, True, False]
    assert expected_calibration_error(confidence, right) == 0.0


def _question(**changes: object) -> Question:
    fields: dict[str, object] = {
        "id": "q",
        "text": "Who led it?",
        "language": "en",
        "target": "en",
        "relevant": (("d", 1),),
        "gold": (Gold("d", 4, 15, "Ann Example", "Ann Example"),),
    }
    return Question(**{**fields, **changes})  # type: ignore[arg-type]


RIGHT = Reply(
    True, 0.9, "en", (Quote("d", 0, 20, "Dr. Ann Example led.", True),), ((0,),), ("Ann Example",)
)


def test_a_right_answer_scores_everywhere() -> None:
    scores = answer_scores(_question(), RIGHT, failed=False)
    assert scores == dict.fromkeys(scores, 1.0)
    assert {"right", "quoted@1", "quoted@3", "span EM", "span F1", "citation recall"} <= set(scores)


def test_a_failed_question_scores_zero_and_is_not_dropped() -> None:
    unanswerable = _question(id="u", answerable=False, relevant=(), gold=())
    questions = [_question(), unanswerable]
    outcomes = {q.id: Outcome(q.id, error="TimeoutError: no answer") for q in questions}
    scores = score_all(questions, outcomes, answers=True)
    assert scores["nDCG@10"] == {"q": 0.0}
    assert scores["right"] == {"q": 0.0, "u": 0.0}, "a failure is no refusal"
    assert scores["decided"] == {"q": 0.0, "u": 0.0}
    assert scores["language"] == {"q": 0.0, "u": 0.0}
    missing = score_all(questions, {}, answers=True)
    assert missing["right"] == {"q": 0.0, "u": 0.0}


def test_a_refusal_is_right_only_where_there_is_no_answer() -> None:
    refusal = Reply(False, 0.1, "en", (), (), (), "The documents do not answer this.")
    assert answer_scores(_question(), refusal, failed=False)["right"] == 0.0
    unanswerable = _question(answerable=False, gold=(), relevant=())
    assert answer_scores(unanswerable, refusal, failed=False)["right"] == 1.0


def test_the_language_of_the_prose_counts() -> None:
    wrong = Reply(True, 0.9, "en", RIGHT.quotes, ((0,),), ("",), "Нашёл один ответ (FATF):")
    assert answer_scores(_question(), wrong, failed=False)["language"] == 0.0


def test_a_quote_that_is_not_in_its_source_shows() -> None:
    false = Reply(True, 0.9, "en", (Quote("d", 0, 3, "abc", False), *RIGHT.quotes), ((0,), (1,)))
    scores = answer_scores(_question(), false, failed=False)
    assert scores["verbatim"] == 0.5
    assert (scores["quoted@1"], scores["quoted@3"]) == (0.0, 1.0)


def test_rankings() -> None:
    found = [Found("a", 0, 9, 3.0), Found("b", 0, 9, 2.0), Found("a", 9, 20, 1.0)]
    assert passage_ranking(found) == (("a", 3.0), ("b", 2.0))
    gold = (
        Gold("b", 0, 10, "x", fact=0),
        Gold("a", 2, 6, "x", fact=0),
        Gold("b", 0, 4, "y", fact=1),
    )
    ranked = fact_ranking(found, _question(gold=gold))
    # "a" covers fact 0; "b" covers it again, which is no gain, and fact 1 for the first time.
    assert [unit for unit, _ in ranked] == ["fact 0", "fact 1", "a:9-20"]


def test_times_and_memory() -> None:
    found = stages([{"search": float(n), "total": 2.0 * n} for n in range(101)])
    assert [(s.name, s.count, s.p50, s.p95) for s in found] == [
        ("search", 101, 50.0, 95.0),
        ("total", 101, 100.0, 190.0),
    ]


def test_peak_memory_counts_from_its_reset() -> None:
    # In a process of its own: in this one, memory that other tests gave back would be used again.
    program = """
import numpy as np
from eval.measures.timing import peak_memory_mib, reset_peak_memory
reset_peak_memory()
before = peak_memory_mib()
block = np.ones(8_000_000)
print(peak_memory_mib() - before)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert float(done.stdout) > 40
