"""Texts with their vectors, as the search and the answers see them: token vectors as stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from index.encoders.base import Encoder
from index.stores import token_codec as codec
from index.stores.token_means import shipped
from index.types import Spans, Vectors

Role = Literal["question", "passage"]
_BATCH = 16


@dataclass(frozen=True, slots=True)
class Texts:
    """`vectors` (n, d); `tokens[i]` (t_i, w) in the space of the token store, `spans[i]` (t_i, 2)
    their offsets in `texts[i]`. `languages[i]` where they differ, else all are in `language`."""

    texts: tuple[str, ...]
    language: str
    vectors: Vectors
    tokens: tuple[Vectors, ...]
    spans: tuple[Spans, ...]
    languages: tuple[str, ...] = ()

    def language_of(self, place: int) -> str:
        """The language of one text."""
        return self.languages[place] if self.languages else self.language


def joined(one: Texts, other: Texts) -> Texts:
    """The texts of both, those of `other` behind."""
    return Texts(
        one.texts + other.texts,
        "",
        np.concatenate([one.vectors, other.vectors]),
        one.tokens + other.tokens,
        one.spans + other.spans,
        (one.language,) * len(one.texts) + (other.language,) * len(other.texts),
    )


MEANS_OF = {"en": "tydiqa_q.npz", "ru": "muserc_q.npz"}


def question_mean(file: Path) -> Vectors:
    """(d,) the mean token vector of the encoded questions in `file`."""
    with np.load(file, allow_pickle=False) as held:
        mean: Vectors = held["tok"].astype(np.float32).mean(axis=0)
        return mean


def encoded(
    encoder: Encoder, texts: Sequence[str], language: str, role: Role, cache: Path
) -> Texts:
    """The texts encoded; `cache` keeps the encoder's output (.npz) for the next time.

    Question tokens are centred by the mean of `MEANS_OF` their language, kept beside `cache`.
    """
    if not cache.is_file():
        _write(encoder, texts, role, cache)
    with np.load(cache, allow_pickle=False) as held:
        vectors, flat, places, ends = held["vec"], held["tok"], held["spans"], held["off"]
    if len(ends) != len(texts) + 1:
        cache.unlink()
        return encoded(encoder, texts, language, role, cache)
    mean = (
        question_mean(cache.parent / MEANS_OF[language])
        if role == "question"
        else codec.mean_for(language, shipped())
    )
    tokens: list[Vectors] = []
    spans: list[Spans] = []
    for at in range(len(texts)):
        own = flat[ends[at] : ends[at + 1]].astype(np.float32)
        place = places[ends[at] : ends[at + 1]]
        if role == "question":
            told = telling(texts[at], place)
            tokens.append(codec.turned(own[told], mean))
            spans.append(place[told])
        else:
            codes, kept = codec.encode(own, place, mean)
            tokens.append(codec.decode(codes))
            spans.append(kept)
    return Texts(tuple(texts), language, vectors, tuple(tokens), tuple(spans))


def telling(text: str, spans: Spans) -> npt.NDArray[np.bool_]:
    """(t,) which tokens have a letter or digit; all if none has, as in `index.search.late`."""
    found = np.array([any(map(str.isalnum, text[start:end])) for start, end in spans.tolist()])
    return found if found.any() else np.ones(len(spans), bool)


def _write(encoder: Encoder, texts: Sequence[str], role: Role, cache: Path) -> None:
    encode = encoder.encode_queries if role == "question" else encoder.encode_passages
    vectors, tokens, spans = [], [], []
    for at in range(0, len(texts), _BATCH):
        batch = encode(list(texts[at : at + _BATCH]), tokens=True)
        vectors.append(batch.vectors)
        tokens += [np.asarray(own, np.float16) for own in batch.tokens]
        spans += list(batch.spans)
    cache.parent.mkdir(parents=True, exist_ok=True)
    np.savez(
        cache,
        vec=np.concatenate(vectors),
        tok=np.concatenate(tokens),
        spans=np.concatenate(spans),
        off=np.cumsum([0, *map(len, tokens)]),
    )
