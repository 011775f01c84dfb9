"""Quotes and refusals over the questions that neither ranker nor reader was taught.

    python benchmarks/held_back.py [--step N] [MODELS DATA CACHE]

What readers are compared by (decision 0317), and `answer.read` and `answer.answerable_precision`
chosen (decision 0506): over own questions and over invented documents, the first quote by how many
quotes are read, how well the probabilities and the reader's log-odds tell answerable questions from
near misses, and what each wanted share refuses. The calibration was fitted on the same questions.
`--step 6` asks every sixth.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from operator import attrgetter
from pathlib import Path

import click
import numpy as np
from report import keep

from index.encoders.base import Encoder
from index.encoders.joint_reader import joint_reader_of
from index.encoders.registry import open_encoder
from rag.answering.calibration import Calibration, load_calibrations
from rag.answering.choose import outcome_of
from rag.answering.fitting.__main__ import domain
from rag.answering.fitting.gold import GoldQuestion, kept_back
from rag.answering.fitting.invented import invented
from rag.answering.fitting.judging import Trial, near_trials, trial_of
from rag.answering.judge import Missing
from rag.answering.options import AnswerOptions
from rag.answering.ranker import Ranker, Row, load_ranker
from rag.answering.reading import best_quotes
from rag.answering.verdict import judged

ROOT = Path(__file__).parents[1]
READ = (0, 4, 8)
SHARES = (0.76, 0.78, 0.8, 0.815, 0.835, 0.86)
Asked = tuple[str, Trial]


@dataclass(frozen=True, slots=True)
class Seen:
    """One question: whether its first quote is right, how probable it is that the passages hold
    an answer, the log-odds that any quote read answers, and what a refusal is decided by."""

    language: str
    answerable: bool
    right: bool
    probability: float
    odds: float
    row: Row
    missing: Missing
    calibration: Calibration


def ask(trial: Trial, ranker: Ranker, encoder: Encoder, read: int) -> Seen:
    """As `rag.answering.choose` sees it with so many quotes read."""
    joint = joint_reader_of(encoder) if read else None
    evidence = trial.scored(ranker)
    quotes = best_quotes(evidence, trial.passages, AnswerOptions(read=read), joint)
    row, missing = judged(evidence, trial.passages, quotes, ranker)
    calibration = load_calibrations(read=read > 0)[trial.language]
    places = {candidate: at for at, candidate in enumerate(evidence.candidates)}
    right = any(trial.good[places[one]] for one in quotes.groups[0].members)
    probable = calibration.answerable.probability(row)
    odds = float(np.logaddexp.reduce(np.array(quotes.odds), initial=-99.0))
    return Seen(trial.language, trial.answerable, right, probable, odds, row, missing, calibration)


def refused(seen: Seen, share: float) -> bool:
    """As the product decides for this wanted share."""
    options = AnswerOptions(answerable_precision=share)
    return outcome_of(seen.row, seen.missing, seen.calibration, options) == "refusal"


def auc(seen: Iterable[Seen], what: Callable[[Seen], float]) -> float:
    """The chance that `what` is greater for an answerable question than for a near miss."""
    every = list(seen)
    yes = np.array([what(one) for one in every if one.answerable])
    no = np.array([what(one) for one in every if not one.answerable])
    wins = (yes[:, None] > no).mean() + (yes[:, None] == no).mean() / 2
    return round(float(wins), 3)


def figures(seen: Sequence[Seen], read: bool) -> dict[str, object]:
    """First quote, separation by language, and refusals by wanted share."""
    answerable = [one for one in seen if one.answerable]
    misses = [one for one in seen if not one.answerable]
    return {
        "answerable": len(answerable),
        "near misses": len(misses),
        "first": round(float(np.mean([one.right for one in answerable])), 3),
        "AUC": {
            lang: auc((o for o in seen if o.language == lang), attrgetter("probability"))
            for lang in ("en", "ru")
        },
        "AUC of the log-odds": auc(seen, attrgetter("odds")) if read else None,
        "refused, answerable and near misses": {
            str(share): [
                round(float(np.mean([refused(one, share) for one in own])), 3)
                for own in (answerable, misses)
            ]
            for share in SHARES
        },
    }


def trials(encoder: Encoder, ranker: Ranker, data: Path, cache: Path, step: int) -> Iterator[Asked]:
    """Every `step`-th question held back, and what it is asked of: own documents (also by
    "other" hands, which wrote nothing that is taught), or topics of invented ones."""
    gold, samples = ROOT / "eval" / "data", ROOT / "corpus" / "samples"
    turn = count()

    def wanted(one: GoldQuestion) -> bool:
        return kept_back(one) and next(turn) % step == 0

    for asked in domain(encoder, ranker, data, cache, gold, samples, wanted):
        yield "other" if asked.gold.hand else "own", trial_of(asked)
    for task in invented(encoder, cache, held=True):
        some = replace(task, asked=task.asked[::step], misses=task.misses[::step])
        yield from (("invented", trial) for trial in near_trials(some, ranker))


@click.command(help=__doc__)
@click.argument("models", type=click.Path(path_type=Path), default=ROOT / "var" / "models")
@click.argument("data", type=click.Path(path_type=Path), default=ROOT.parent / "shared" / "data")
@click.argument("cache", type=click.Path(path_type=Path), default=ROOT / "var" / "fitting")
@click.option("--step", default=1, help="Ask every so many questions.")
def main(models: Path, data: Path, cache: Path, step: int) -> None:
    """Ask, count, keep."""
    encoder = open_encoder("default", models)
    ranker = load_ranker(encoder.card.name, encoder.card.dimension)
    seen: dict[tuple[str, int], list[Seen]] = {}
    for source, trial in trials(encoder, ranker, data, cache, step):
        for read in READ:
            seen.setdefault((source, read), []).append(ask(trial, ranker, encoder, read))
    found = {f"{what}, {read} read": figures(own, read > 0) for (what, read), own in seen.items()}
    keep("held_back", {"step": step} | found)


if __name__ == "__main__":
    main()
