"""Reads a question and a text together, and says which tokens of the text answer.

The encoder reads them apart, which is what makes its vectors searchable, and cannot tell a sentence
about a meeting from the one that says who opened it. Here its lower layers still read them apart;
the others, fitted to this task, read both side by side (as in DeFormer, Cao et al. 2020), told of
each token how well it matches the other side. There are two such readers: `FIRST`, and `AGAIN` for
the best of what the first has read. `rag.answering.fitting.reading` fits them, decisions 0506 and
0319 have what they are worth.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from index.encoders.base import Encoder
from index.encoders.onnx_session import Tokenized, open_session
from index.types import Spans, Vectors

if TYPE_CHECKING:
    from index.encoders.onnx_encoder import OnnxEncoder

QUESTION_SIGNS, TEXT_SIGNS = 4, 4
_COMMON = 20  # the tokenizer's first pieces are marks
_LONGEST = 200  # tokens of one text


@dataclass(frozen=True, slots=True)
class Plan:
    """How a reader reads: the encoder's first `lower` layers question and text apart, the others,
    `graph` in index/data, both together; `room` characters of text, with `told` behind what stands
    over it."""

    lower: int
    graph: str
    room: int
    told: bool

    @property
    def lower_graph(self) -> str:
        """The file of the first layers in the folder of a prepared model."""
        return f"onnx/lower-{self.lower}-int8.onnx"


FIRST = Plan(6, "joint_reader.onnx", 300, told=False)
AGAIN = Plan(3, "joint_reader_again.onnx", 260, told=True)


@dataclass(frozen=True, slots=True)
class Matchable:
    """A text with token vectors (n, w) whose inner products tell how alike tokens are, and their
    places (n, 2). `context` is what stands over the text, and holds no answer."""

    text: str
    vectors: Vectors
    spans: Spans
    context: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """By character, what a text says of what a question names, in whatever words or letters:
    `question` (n, 2), whether a word is said in the text, and whether only around it; `text` (m, 1)
    how much of the question a word says."""

    question: Vectors
    text: Vectors


class LowerLayers:
    """The first layers of an encoder, which read each text alone, behind its context if `told`.
    Safe to call from threads."""

    def __init__(self, encoder: "OnnxEncoder", session: Any, *, told: bool = False) -> None:
        self._encoder = encoder
        self._session = session
        self._told = told

    def questions(self, texts: Sequence[str]) -> list[Tokenized]:
        """Questions as the encoder reads them."""
        return self._encoder.tokenize(texts, self._encoder.card.query_prefix)

    def passage(self, text: str, context: str = "") -> Tokenized:
        """Another text as the encoder reads it; its context has no places."""
        before = self._encoder.card.passage_prefix + (context if self._told else "")
        (read,) = self._encoder.tokenize([text], before)
        return read

    def states(self, item: Tokenized) -> Vectors:
        """(1, t, d) float32."""
        lengths = np.array([len(item.ids)], np.int32)
        feed = {"embeddings": self._encoder.embeddings(item.ids), "lengths": lengths}
        return np.asarray(self._session.run(["hidden"], feed)[0])


class JointReader:
    """Safe to call from several threads. Several texts are read side by side, the last of them by
    all threads that are left. `room` is how many characters it is given, `again` who reads the best
    once more."""

    def __init__(
        self,
        lower: LowerLayers,
        joint: Any,
        threads: int = 1,
        *,
        room: int = FIRST.room,
        again: "JointReader | None" = None,
    ) -> None:
        self.room = room
        self.again = again
        self._lower = lower
        self._joint = joint
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="read")

    def read(
        self, question: Matchable, texts: Sequence[Matchable], said: Sequence[Said]
    ) -> list[tuple[npt.NDArray[np.float32], Spans]]:
        """For each text the log-odds (t,) of its tokens to be part of the answer, against there
        being none, and their places (t, 2)."""
        (asked,) = self._lower.questions([question.text])
        states = self._pool.submit(self._lower.states, asked)

        def read(at: int) -> tuple[npt.NDArray[np.float32], Spans]:
            text = texts[at]
            item = _cut(self._lower.passage(text.text, text.context))
            alike = likeness(question, asked, text, item)
            own_states = self._lower.states(item)
            feed = {
                "question": states.result(),
                "text": own_states,
                "question_signs": question_signs(alike, asked, item, said[at])[None],
                "text_signs": text_signs(alike, asked, item, said[at])[None],
            }
            odds = self._joint.run(["answers"], feed)[0][0]
            own = own_tokens(item)
            return odds[own], item.spans[own]

        # The longest first, so that no thread is left alone with it at the end.
        order = sorted(range(len(texts)), key=lambda at: -len(texts[at].text))
        found = dict(zip(order, self._pool.map(read, order), strict=True))
        return [found[at] for at in range(len(texts))]


def open_joint_reader(encoder: "OnnxEncoder", folder: Path, threads: int) -> JointReader | None:
    """The reader on top of a prepared model, with the one that reads again; None where their first
    layers were not prepared."""
    found = None
    for plan in (AGAIN, FIRST):
        lower = folder / plan.lower_graph
        joint = Path(str(files("index").joinpath("data", plan.graph)))
        if not (lower.is_file() and joint.is_file()):
            return None
        layers = LowerLayers(encoder, open_session(lower, threads), told=plan.told)
        session = open_session(joint, threads)
        found = JointReader(layers, session, threads, room=plan.room, again=found)
    return found


def joint_reader_of(encoder: Encoder) -> JointReader | None:
    """The reader that comes with an encoder; None for one that has none."""
    opened = getattr(encoder, "joint_reader", None)
    return opened() if opened is not None else None


def question_signs(alike: Vectors, asked: Tokenized, told: Tokenized, said: Said) -> Vectors:
    """(q, 4): how well each token of the question is matched in the text, whether it stands there,
    and what is `said` of its word. `alike` (q, t) is -1 where a token is none of the text's own."""
    real = own_tokens(asked)
    stands = np.isin(asked.ids, told.ids[own_tokens(told)]) & real
    signs = np.stack([alike.max(axis=1) * real, stands], axis=1)
    return np.concatenate([signs, _by_token(said.question, asked)], axis=1).astype(np.float32)


def text_signs(alike: Vectors, asked: Tokenized, told: Tokenized, said: Said) -> Vectors:
    """(t, 4): how well each token of the text matches the question, whether it stands there,
    whether it is of the text at all, and what is `said` by its word."""
    real = own_tokens(told)
    stands = np.isin(told.ids, asked.ids[own_tokens(asked)]) & real & (told.ids > _COMMON)
    signs = np.stack([alike.max(axis=0) * real, stands, real], axis=1)
    return np.concatenate([signs, _by_token(said.text, told)], axis=1).astype(np.float32)


def _by_token(marks: Vectors, item: Tokenized) -> Vectors:
    """(t, m): the most that is marked at one of a token's characters."""
    found = np.zeros((len(item.ids), marks.shape[1]), np.float32)
    for token in np.flatnonzero(own_tokens(item)):
        start, end = item.spans[token]
        found[token] = marks[start:end].max(axis=0, initial=0.0)
    return found


def own_tokens(item: Tokenized) -> npt.NDArray[np.bool_]:
    """(t,) which tokens are the text's own, and not the prefix or a special one."""
    return (item.spans[:, 1] > item.spans[:, 0]) & (item.spans[:, 0] >= 0)


def _cut(item: Tokenized) -> Tokenized:
    return Tokenized(item.ids[:_LONGEST], item.spans[:_LONGEST])


def likeness(question: Matchable, asked: Tokenized, text: Matchable, told: Tokenized) -> Vectors:
    """(q, t) inner products of the tokens' vectors, -1 for tokens that have none."""
    rows, columns = _places(question.spans, asked), _places(text.spans, told)
    alike = np.full((len(asked.ids), len(told.ids)), -1.0, np.float32)
    known = np.ix_(rows >= 0, columns >= 0)
    alike[known] = question.vectors[rows[rows >= 0]] @ text.vectors[columns[columns >= 0]].T
    return alike


def _places(spans: Spans, item: Tokenized) -> npt.NDArray[np.int64]:
    """(t,) for each token the row of the vector whose place holds its end, -1 if there is none."""
    found = np.full(len(item.ids), -1)
    if not len(spans):
        return found
    order = np.argsort(spans[:, 1], kind="stable")
    at = np.minimum(np.searchsorted(spans[order, 1], item.spans[:, 1]), len(spans) - 1)
    rows = order[at]
    held = (spans[rows, 0] < item.spans[:, 1]) & (spans[rows, 1] >= item.spans[:, 1])
    held &= own_tokens(item)
    found[held] = rows[held]
    return found
