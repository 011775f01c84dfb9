"""How good quotes and refusals are over the half of XQuAD that nothing was fitted on.

    python benchmarks/answers.py [MODELS DATA CACHE]

Every third question of the articles with odd numbers, in six pairs of languages, once as it is and
once with the paragraphs that answer it taken out. Rows: `maxsim`, which chooses the sentence and
orders the answers by MaxSim of sentence and passage alone, questions encoded as by the published
model; `ranked`, Kordon with `answer.read = 0`; `read`, Kordon as it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import click
import numpy as np
from report import keep

from eval.measures.refusal import aurc, expected_calibration_error, refusal_scores
from index.encoders.joint_reader import JointReader, joint_reader_of
from index.encoders.registry import open_encoder
from rag.answering.calibration import load_calibrations
from rag.answering.choose import outcome_of
from rag.answering.fitting.judging import Trial, trials
from rag.answering.fitting.tasks import muserc, tydiqa, xquad
from rag.answering.fitting.texts import Role
from rag.answering.grouping import Group, alone
from rag.answering.options import AnswerOptions
from rag.answering.ranker import Ranker, load_ranker
from rag.answering.reading import best_quotes
from rag.answering.verdict import judged

ROOT = Path(__file__).parents[1]
_STEP = 3
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Told:
    """What one row says of one question: which of its quotes are right, how sure it is that the
    first is, and whether it refuses."""

    pair: str
    language: str
    answerable: bool
    right: tuple[bool, ...]
    confidence: float
    refused: bool


def by_maxsim(trial: Trial, pair: str) -> Told:
    """The best sentences and the score as confidence; never refuses."""
    columns = trial.evidence.columns
    score = columns["match"] + columns["passage_match"]
    best = np.argsort(-score, kind="stable")[:_SHOWN]
    groups = [alone(trial.evidence.candidates[at]) for at in best]
    return _told(trial, pair, groups, float(score[best[0]]), refused=False)


def by_kordon(trial: Trial, pair: str, ranker: Ranker, joint: JointReader | None) -> Told:
    """As `rag.answering.choose` decides."""
    options = AnswerOptions()
    evidence, passages = trial.scored(ranker), trial.passages
    quotes = best_quotes(evidence, passages, options, joint)
    row, missing = judged(evidence, passages, quotes, ranker)
    model = load_calibrations(read=joint is not None)[trial.language]
    refused = outcome_of(row, missing, model, options) == "refusal"
    return _told(trial, pair, quotes.groups, model.right.probability(row), refused=refused)


def _told(
    trial: Trial, pair: str, groups: Sequence[Group], confidence: float, *, refused: bool
) -> Told:
    places = {candidate: at for at, candidate in enumerate(trial.evidence.candidates)}
    right = tuple(any(trial.good[places[one]] for one in group.members) for group in groups)
    return Told(pair, trial.language, trial.answerable, right, confidence, refused)


def figures(told: Sequence[Told]) -> dict[str, object]:
    """First quote and first three by pair, refusal by language of the question."""
    found: dict[str, object] = {}
    for pair in dict.fromkeys(one.pair for one in told):
        own = [one.right for one in told if one.pair == pair and one.answerable]
        first, three = (float(np.mean([any(r[:k]) for r in own])) for k in (1, _SHOWN))
        found[pair] = {"n": len(own), "first": round(first, 3), "three": round(three, 3)}
    for language in dict.fromkeys(one.language for one in told):
        own_language = [one for one in told if one.language == language]
        right = [float(one.answerable and one.right[0]) for one in own_language]
        sure = [one.confidence for one in own_language]
        scores = refusal_scores(
            [one.answerable for one in own_language], [not one.refused for one in own_language]
        )
        found[f"questions in {language}"] = {
            "n": len(own_language),
            "AURC": round(aurc(sure, right), 3),
            "ECE": round(expected_calibration_error(sure, right), 3) if max(sure) <= 1 else None,
            "refusal P, R, F1": [round(value, 3) for value in scores],
        }
    return found


def _asked(models: Path, data: Path, cache: Path) -> Iterator[tuple[str, Told]]:
    encoder = open_encoder("default", models)
    ranker = load_ranker(encoder.card.name, encoder.card.dimension)
    joint = joint_reader_of(encoder)
    roles: tuple[Role, ...] = ("query", "question")
    for known, role in product((tydiqa, muserc), roles):  # their questions give the means
        known(encoder, data, cache, role)
    for task in xquad(encoder, data, cache, fit=False, role="query"):
        for trial in trials(task, ranker, _STEP):
            yield "maxsim", by_maxsim(trial, task.name)
    for task in xquad(encoder, data, cache, fit=False):
        click.echo(task.name, err=True)
        for trial in trials(task, ranker, _STEP):
            yield "ranked", by_kordon(trial, task.name, ranker, None)
            yield "read", by_kordon(trial, task.name, ranker, joint)


@click.command(help=__doc__)
@click.argument("models", type=click.Path(path_type=Path), default=ROOT / "var" / "models")
@click.argument("data", type=click.Path(path_type=Path), default=ROOT.parent / "shared" / "data")
@click.argument("cache", type=click.Path(path_type=Path), default=ROOT / "var" / "fitting")
def main(models: Path, data: Path, cache: Path) -> None:
    """Ask, count, keep."""
    rows: dict[str, list[Told]] = {}
    for name, told in _asked(models, data, cache):
        rows.setdefault(name, []).append(told)
    keep("answers", {name: figures(own) for name, own in rows.items()})


if __name__ == "__main__":
    main()
