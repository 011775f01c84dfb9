"""Means, intervals, refusal and times of a run: what `measures.json` holds."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from eval.measures.refusal import (
    aurc,
    expected_calibration_error,
    refusal_scores,
    reliability,
    risk_coverage,
)
from eval.measures.timing import stages
from eval.scoring import Scores, groups_of
from eval.stats.bootstrap import mean_interval, statistic_interval
from eval.types import Outcome, Question

Json = dict[str, Any]
ROUNDS = 300  # for the areas, which are no means and cost more per round
CURVE = 100  # points kept of a risk-coverage curve


def summary(
    questions: Sequence[Question],
    outcomes: Mapping[str, Outcome],
    scores: Scores,
    *,
    answers: bool,
    seed: int,
    memory_mib: float,
) -> Json:
    """All numbers of a run by group ("all", language pairs, question languages)."""
    known = {question.id: question for question in questions}
    groups: Json = {}
    for name, members in groups_of(questions).items():
        asked = [known[member] for member in members]
        groups[name] = {
            "questions": len(asked),
            "answerable": sum(question.answerable for question in asked),
            "failed": sum(_failed(question, outcomes) for question in asked),
            "measures": _means(members, scores, seed),
        }
        if answers:
            groups[name]["refusal"] = refusal_summary(asked, outcomes, scores, seed)
    done = [outcome for outcome in outcomes.values() if not outcome.error]
    return {
        "groups": groups,
        "times_ms": [asdict(stage) for stage in stages(o.timings_ms for o in done)],
        "peak_memory_mib": round(memory_mib, 1),
        "failed": [
            {"id": question.id, "error": outcomes[question.id].error or "no outcome"}
            for question in questions
            if question.id in outcomes and outcomes[question.id].error
        ],
    }


def _failed(question: Question, outcomes: Mapping[str, Outcome]) -> bool:
    outcome = outcomes.get(question.id)
    return outcome is None or bool(outcome.error)


def _means(members: Sequence[str], scores: Scores, seed: int) -> Json:
    means: Json = {}
    for measure, values in scores.items():
        own = np.asarray([values[member] for member in members if member in values])
        if len(own):
            low, high = mean_interval(own, rounds=2_000, seed=seed)
            means[measure] = {
                "mean": float(own.mean()),
                "low": low,
                "high": high,
                "n": len(own),
            }
    return means


def confidence_and_right(
    questions: Sequence[Question], outcomes: Mapping[str, Outcome], scores: Scores
) -> tuple[list[float], list[bool]]:
    """Per question how sure the system was, and whether answering was (or would be) right.

    An answer is right when the question is answerable and the first sentence quotes a gold answer.
    A failed question was sure and wrong: it may not look like a wise refusal.
    """
    quoted = scores.get("quoted@1", {})
    confidence, right = [], []
    for question in questions:
        outcome = outcomes.get(question.id)
        reply = outcome.reply if outcome else None
        confidence.append(reply.confidence if reply else 1.0)
        right.append(reply is not None and quoted.get(question.id, 0.0) == 1.0)
    return confidence, right


def refusal_summary(
    questions: Sequence[Question], outcomes: Mapping[str, Outcome], scores: Scores, seed: int
) -> Json:
    """Refusal precision, recall, F1; AURC and ECE with intervals; curve and reliability bins.

    `ece` asks whether confidence is the share of right answers, `ece_answerable` whether it is the
    share of answerable questions.
    """
    answerable = [question.answerable for question in questions]
    answered = [_answered(question, outcomes) for question in questions]
    precision, recall, f1 = refusal_scores(answerable, answered)
    confidence, right = confidence_and_right(questions, outcomes, scores)
    sure, good = np.asarray(confidence), np.asarray(right, float)
    coverage, risk = risk_coverage(confidence, right)
    kept = np.unique(np.linspace(0, len(coverage) - 1, CURVE).astype(int))
    count = len(questions)

    def areas(places: Any) -> float:
        return aurc(sure[places], good[places])

    def errors(places: Any) -> float:
        return expected_calibration_error(sure[places], good[places])

    return {
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "refused": answered.count(False),
        "unanswerable": answerable.count(False),
        "aurc": aurc(confidence, right),
        "aurc_interval": statistic_interval(areas, count, rounds=ROUNDS, seed=seed),
        "ece": expected_calibration_error(confidence, right),
        "ece_interval": statistic_interval(errors, count, rounds=ROUNDS, seed=seed),
        "ece_answerable": expected_calibration_error(confidence, answerable),
        "bins": [asdict(found) for found in reliability(confidence, right)],
        "curve": [[float(coverage[place]), float(risk[place])] for place in kept],
    }


def _answered(question: Question, outcomes: Mapping[str, Outcome]) -> bool:
    outcome = outcomes.get(question.id)
    # A failure is not a refusal, whatever the question.
    return outcome is None or outcome.reply is None or outcome.reply.answered
