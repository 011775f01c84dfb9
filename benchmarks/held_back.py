"""Quotes and refusals over the own questions that neither ranker nor reader was taught.

    python benchmarks/held_back.py [MODELS DATA CACHE]

What `answer.read` and `answer.answerable_precision` are chosen by (decision 0506): the first quote
by how many quotes are read, how well the probabilities tell answerable questions from near misses,
and what each wanted share refuses. The calibration was fitted on the same questions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from report import keep

from index.encoders.base import Encoder
from index.encoders.joint_reader import joint_reader_of
from index.encoders.registry import open_encoder
from rag.answering.calibration import load_calibrations
from rag.answering.choose import LEAST_SURE, SURE_UNSAID
from rag.answering.evidence import judged
from rag.answering.fitting.__main__ import domain
from rag.answering.fitting.gold import kept_back
from rag.answering.fitting.judging import Trial, trial_of
from rag.answering.options import AnswerOptions
from rag.answering.ranker import Ranker, load_ranker
from rag.answering.reading import best_quotes

ROOT = Path(__file__).parents[1]
READ = (0, 2, 4)
SHARES = (0.7, 0.74, 0.77, 0.8, 0.83, 0.86)


@dataclass(frozen=True, slots=True)
class Seen:
    """One question: whether its first quote is right, how probable that is (`sure`) and that the
    passages hold an answer, whether no quote says something that it names, and whether the figure
    quoted is one of another year."""

    language: str
    answerable: bool
    right: bool
    sure: float
    probability: float
    unsaid: bool
    other_year: bool


def ask(trial: Trial, ranker: Ranker, encoder: Encoder, read: int) -> Seen:
    """As `rag.answering.choose` sees it with so many quotes read."""
    joint = joint_reader_of(encoder) if read else None
    evidence = trial.scored(ranker)
    quotes = best_quotes(evidence, trial.passages, AnswerOptions(read=read), joint)
    row, missing = judged(evidence, trial.passages, quotes.places, ranker, quotes.odds)
    model = load_calibrations(read=read > 0)[trial.language]
    places = {candidate: at for at, candidate in enumerate(evidence.candidates)}
    right = any(trial.good[places[one]] for one in quotes.groups[0].members)
    unsaid = bool(missing.names or missing.numbers)
    sure, probable = model.right.probability(row), model.answerable.probability(row)
    years = bool(missing.years)
    return Seen(trial.language, trial.answerable, right, sure, probable, unsaid, years)


def refused(seen: Seen, share: float, read: bool) -> bool:
    """By the probabilities and the rules about what no quote says and about other years."""
    least = load_calibrations(read=read)[seen.language].answerable.threshold(share)
    least = max(least, SURE_UNSAID) if seen.unsaid else least
    return seen.other_year or seen.probability < least or seen.sure < LEAST_SURE


def auc(seen: Iterable[Seen]) -> float:
    """The chance that an answerable question is more probable than a near miss."""
    every = list(seen)
    yes = np.array([one.probability for one in every if one.answerable])
    no = np.array([one.probability for one in every if not one.answerable])
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
        "AUC": {lang: auc(o for o in seen if o.language == lang) for lang in ("en", "ru")},
        "refused, answerable and near misses": {
            str(share): [
                round(float(np.mean([refused(one, share, read) for one in own])), 3)
                for own in (answerable, misses)
            ]
            for share in SHARES
        },
    }


@click.command(help=__doc__)
@click.argument("models", type=click.Path(path_type=Path), default=ROOT / "var" / "models")
@click.argument("data", type=click.Path(path_type=Path), default=ROOT.parent / "shared" / "data")
@click.argument("cache", type=click.Path(path_type=Path), default=ROOT / "var" / "fitting")
def main(models: Path, data: Path, cache: Path) -> None:
    """Ask, count, keep."""
    encoder = open_encoder("default", models)
    ranker = load_ranker(encoder.card.name, encoder.card.dimension)
    gold, samples = ROOT / "eval" / "data", ROOT / "corpus" / "samples"
    seen: dict[int, list[Seen]] = {read: [] for read in READ}
    for asked in domain(encoder, ranker, data, cache, gold, samples, kept_back):
        trial = trial_of(asked)
        for read, own in seen.items():
            own.append(ask(trial, ranker, encoder, read))
    keep("held_back", {f"{read} read": figures(own, read > 0) for read, own in seen.items()})


if __name__ == "__main__":
    main()
