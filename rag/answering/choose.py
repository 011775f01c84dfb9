"""Which sentences to show, how sure to be of them, and why not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from index.encoders.joint_reader import JointReader
from index.reader import Reader
from rag.answering.calibration import Calibration
from rag.answering.candidates import Candidate
from rag.answering.coverage import elsewhere
from rag.answering.disagreement import Value, disagreeing
from rag.answering.evidence import Evidence, weigh
from rag.answering.grouping import Group, alone, together
from rag.answering.judge import Missing
from rag.answering.options import AnswerOptions
from rag.answering.pointed import Pointed
from rag.answering.question_kinds import asks_for_each
from rag.answering.ranker import Ranker, Row
from rag.answering.reading import best_quotes
from rag.answering.sources import Passages
from rag.answering.verdict import judged

Outcome = Literal["answer", "caveat", "refusal"]
SURE_UNSAID = 0.4  # probability from which an answer may leave a name of the question unsaid


@dataclass(frozen=True, slots=True)
class Lead:
    """What is said before the quotes instead of how many there are: a phrase and what fills it."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """The groups of sentences to show, best first, the probability that the first answers the
    question, and what the question names that their passages do not. `values` are given when
    documents disagree, newest first, and are then what the sentences say (`differing`). `pointed`
    tells where the readers see the answer; `marked` where it is, or None, in sentences of which
    that is known otherwise, and `lead` what to say of quotes that were not found by reading."""

    outcome: Outcome
    groups: tuple[Group, ...]
    confidence: float
    missing: Missing
    evidence: Evidence | None
    values: tuple[Value, ...] = ()
    pointed: tuple[Pointed, ...] = ()
    marked: Mapping[Candidate, tuple[int, int] | None] = field(default_factory=dict)
    lead: Lead | None = None


NOTHING = Choice("refusal", (), 0.0, Missing((), ()), None)


def choose(
    passages: Passages,
    language: str,
    reader: Reader,
    ranker: Ranker,
    calibration: Calibration,
    options: AnswerOptions,
    joint: JointReader | None = None,
) -> Choice:
    """The sentences that answer best, and one of three outcomes by the wanted precision."""
    evidence = weigh(passages, language, ranker)
    if evidence is None:
        return NOTHING
    quotes = best_quotes(evidence, passages, options, joint)
    near = quotes.groups
    row, missing = judged(evidence, passages, quotes, ranker)
    outcome = outcome_of(row, missing, calibration, options)
    of_another_year = outcome == "refusal" and missing.years
    confidence = 0.0 if of_another_year else calibration.right.probability(row)
    near = together(_to_the_point(near, evidence, passages))
    # What is asked for of each is no matter of disagreement.
    single = outcome != "refusal" and not asks_for_each(passages.query.text)
    values = disagreeing(evidence, passages, reader, quotes) if single else ()
    values, near = differing(values, near, outcome)
    return Choice(outcome, near, confidence, missing, evidence, values, quotes.pointed)


def differing(
    values: tuple[Value, ...], near: tuple[Group, ...], outcome: Outcome
) -> tuple[tuple[Value, ...], tuple[Group, ...]]:
    """Values that disagree, given best first, newest first, and the quotes to show: those of the
    values in the same order. Beside a caveat the best quote stays first and the others follow it,
    and there are no values unless it gives one."""
    newest = tuple(sorted(values, key=lambda value: value.date, reverse=True))
    if outcome == "answer" and values:
        return newest, tuple(alone(value.candidate) for value in newest)
    others = [value for value in values if value.candidate not in near[0].members]
    if len(others) < len(values):
        return newest, (near[0], *(alone(value.candidate) for value in others))
    return (), near


def _to_the_point(
    near: tuple[Group, ...], evidence: Evidence, passages: Passages
) -> tuple[Group, ...]:
    """What says the places, years and numbers asked about, and what was, comes before what seemed
    better but does not."""
    places = ((one.passage, one.best.start, one.best.end) for one in near)
    away = [elsewhere(place, evidence, passages) for place in places]
    return tuple(near[at] for at in sorted(range(len(near)), key=away.__getitem__))


def outcome_of(
    row: Row, missing: Missing, calibration: Calibration, options: AnswerOptions
) -> Outcome:
    """Refusal when the passages probably hold no answer, or may hold none and nothing quoted says
    a name or number of the question, or when the figure is one of another year; a caveat unless all
    is said and the best sentence is probably the answer."""
    answerable, right = calibration.answerable, calibration.right
    least = answerable.threshold(options.answerable_precision)
    if options.refuse_unsaid and missing.years:
        return "refusal"
    unsaid = options.refuse_unsaid and bool(missing.names or missing.numbers)
    if answerable.probability(row) < (max(least, SURE_UNSAID) if unsaid else least):
        return "refusal"
    if unsaid or right.probability(row) < right.threshold(options.precision):
        return "caveat"
    return "answer"
