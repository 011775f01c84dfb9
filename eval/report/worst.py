"""The list of questions, the worst first: what a person reads to understand a number."""

from collections.abc import Sequence
from html import escape

from eval.report.labels import Labels
from eval.report.loaded import Loaded
from eval.types import Outcome, Question

MAIN = ("right", "nDCG@10")  # the measures that sort the list, the first that a run has
LONGEST = 600  # characters of a quote or passage shown


def worst_section(runs: Sequence[Loaded], say: Labels, shown: int) -> str:
    """The questions of the last run, with how the other runs did."""
    run = runs[-1]
    main = next((name for name in MAIN if name in run.scores), "")
    ordered = sorted(
        run.questions,
        key=lambda q: (run.scores.get(main, {}).get(q.id, 0.0), -_confidence(run, q), q.id),
    )
    items = [_question(run, runs[:-1], question, main, say) for question in ordered[:shown]]
    note = say("worst_note", shown=min(shown, len(ordered)), all=len(ordered))
    return (
        f"<section><h2>{escape(say('worst', run=run.name))}</h2>"
        f'<p class="note">{escape(note)}</p>{"".join(items)}</section>'
    )


def _confidence(run: Loaded, question: Question) -> float:
    # Of two wrong answers the surer one is worse.
    outcome = run.outcomes.get(question.id)
    return outcome.reply.confidence if outcome and outcome.reply else 0.0


def _question(
    run: Loaded, others: Sequence[Loaded], question: Question, main: str, say: Labels
) -> str:
    outcome = run.outcomes.get(question.id, Outcome(question.id, error="?"))
    score = run.scores.get(main, {}).get(question.id)
    value = "–" if score is None else say.number(score, 2)
    rows = [("ID", escape(question.id))]
    if outcome.error:
        rows.append((say("error"), escape(outcome.error)))
    rows.append((say("expected"), _expected(question, say)))
    if question.relevant:
        rows.append((say("first_relevant"), escape(_rank(question, outcome, say))))
    if outcome.reply is not None:
        rows.append((say("quoted"), _quotes(outcome, say)))
        rows.append((say("confidence"), say.number(outcome.reply.confidence, 2)))
    own = ", ".join(
        f"{say.measure(name)} {say.number(s[question.id], 2)}"
        for name, s in run.scores.items()
        if question.id in s
    )
    rows.append((escape(run.name), escape(own)))
    for other in others:
        theirs = other.scores.get(main, {}).get(question.id)
        rows.append((escape(other.name), "–" if theirs is None else say.number(theirs, 2)))
    body = "".join(f"<dt>{key}</dt><dd>{content}</dd>" for key, content in rows)
    return (
        f'<details><summary><span class="score">{value}</span><span class="pair">'
        f"{escape(question.pair)}</span>{escape(question.text)}</summary><dl>{body}</dl></details>"
    )


def _expected(question: Question, say: Labels) -> str:
    if not question.answerable:
        return escape(say("expected_refusal"))
    answers = dict.fromkeys(gold.answer for gold in question.gold)
    found = " · ".join(answers) or ", ".join(unit for unit, _ in question.relevant)
    return escape(_short(found))


def _rank(question: Question, outcome: Outcome, say: Labels) -> str:
    relevant = dict(question.relevant)
    for rank, (unit, _) in enumerate(outcome.ranking, start=1):
        if unit in relevant:
            return say("rank", rank=rank)
    return say("not_found")


def _quotes(outcome: Outcome, say: Labels) -> str:
    reply = outcome.reply
    if reply is None or not reply.answered:
        return escape(say("was_refused"))
    return "".join(
        f"<blockquote>{escape(_short(quote.text))} <small>{escape(quote.document)}</small>"
        "</blockquote>"
        for quote in reply.quotes[:3]
    )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"
