"""From outcomes to numbers: every measure of every question, then means per group.

A failed question scores zero in every measure that its question can have, and counts as wrong and
as answered with no confidence; it is never dropped.
"""

from collections.abc import Mapping, Sequence

from eval.measures.citations import citation_precision, citation_recall
from eval.measures.normalise import holds
from eval.measures.retrieval import by_rank, retrieval_scores
from eval.measures.spans import exact_match, f1
from eval.types import MIXED, Outcome, Question, Reply

Scores = dict[str, dict[str, float]]
ANSWERS = ("right", "quoted@1", "quoted@3", "span EM", "span F1")
CITATIONS = ("citation precision", "citation recall")
EMPTY = Reply(True, 0.0, "", ())


def score_all(
    questions: Sequence[Question], outcomes: Mapping[str, Outcome], *, answers: bool
) -> Scores:
    """`{measure: {question: value}}`; a question has the measures that make sense for it."""
    qrels = {question.id: dict(question.relevant) for question in questions}
    run = {name: by_rank(outcome.ranking) for name, outcome in outcomes.items()}
    scores = retrieval_scores(qrels, run)
    if answers:
        for question in questions:
            outcome = outcomes.get(question.id)
            reply = (outcome.reply if outcome else None) or EMPTY
            failed = outcome is None or bool(outcome.error) or outcome.reply is None
            for measure, value in answer_scores(question, reply, failed=failed).items():
                scores.setdefault(measure, {})[question.id] = value
    return scores


def answer_scores(question: Question, reply: Reply, *, failed: bool) -> dict[str, float]:
    """The answer measures of one question.

    `right`: an answerable question whose first sentence quotes a gold answer, or an unanswerable
    one refused. `quoted@k`: a quote of the first k sentences holds a gold answer. Spans take the
    answer marked in the first sentence, or the first quote where none is marked. `decided`:
    answered or refused as it ought to be. `verbatim` only where something was quoted.
    """
    scores = {
        "language": float(not failed and language_right(question, reply)),
        "decided": float(not failed and reply.answered == question.answerable),
    }
    if reply.quotes:
        scores["verbatim"] = sum(q.verbatim for q in reply.quotes) / len(reply.quotes)
    if not question.answerable:
        return {**scores, "right": float(not failed and not reply.answered)}
    golds = [gold.answer for gold in question.gold]
    if golds:
        first = quoted(reply, 1, golds)
        span = _first_span(reply)
        scores |= {
            "right": float(first),
            "quoted@1": float(first),
            "quoted@3": float(quoted(reply, 3, golds)),
            "span EM": exact_match(span, golds),
            "span F1": f1(span, golds),
        }
    if any(gold.quote for gold in question.gold):
        quotes = reply.quotes if reply.answered else ()
        scores["citation precision"] = citation_precision(quotes, question.gold)
        scores["citation recall"] = citation_recall(quotes, question.gold)
    return scores


def quoted(reply: Reply, first: int, answers: Sequence[str]) -> bool:
    """Whether a quote of the first sentences holds one of the answers; a refusal holds none."""
    if not reply.answered:
        return False
    places = {place for sentence in reply.sentences[:first] for place in sentence}
    return any(holds(reply.quotes[place].text, answer) for place in places for answer in answers)


def language_right(question: Question, reply: Reply) -> bool:
    """Whether it answers in the question's language, its own words included."""
    letters = [character for character in reply.prose if character.isalpha()]
    cyrillic = sum("\u0400" <= character <= "\u04ff" for character in letters)
    # Names and acronyms of the other script occur; most letters must be of the right one.
    prose = not letters or (2 * cyrillic > len(letters)) == (question.language == "ru")
    return reply.language == question.language and prose


def _first_span(reply: Reply) -> str:
    if not reply.answered:
        return ""
    if reply.spans and reply.spans[0]:
        return reply.spans[0]
    if reply.sentences and reply.sentences[0]:
        return reply.quotes[reply.sentences[0][0]].text
    return ""


def groups_of(questions: Sequence[Question]) -> dict[str, list[str]]:
    """Question ids per group: "all", every pair, and every question language if there are two."""
    groups: dict[str, list[str]] = {"all": [question.id for question in questions]}
    for pair in sorted({q.pair for q in questions}, key=_pair_order):
        groups[pair] = [question.id for question in questions if question.pair == pair]
    languages = sorted({question.language for question in questions})
    for language in languages if len(languages) > 1 else ():
        groups[language] = [q.id for q in questions if q.language == language]
    return groups


def _pair_order(pair: str) -> tuple[bool, bool, str]:
    asked, _, target = pair.partition("-")
    return target == MIXED, asked != target, pair
