"""Texts with their vectors, as the search and the answers see them: token vectors as stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from index.encoders.base import Encoder, encode_questions
from index.models.question_layers import digest
from index.stores import token_codec as codec
from index.stores.token_means import shipped
from index.types import Spans, Vectors

# "query": a question as the published model encodes it
Role = Literal["question", "query", "passage"]
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


def languages_of(texts: Texts) -> list[npt.NDArray[np.bool_]]:
    """For each language (n,) which of the texts are in it."""
    every = np.array([texts.language_of(place) for place in range(len(texts.texts))])
    return [every == language for language in sorted(set(every.tolist()))]


_MEANS_OF = {"en": "tydiqa_q.npz", "ru": "muserc_q.npz"}


def question_means(folder: Path, role: Role = "question") -> dict[str, Vectors]:
    """(d,) by language the mean token vector of the questions encoded in this folder."""
    files = {language: _kept(folder / name, role) for language, name in _MEANS_OF.items()}
    return {language: _mean(file) for language, file in files.items() if file.is_file()}


def _kept(cache: Path, role: Role) -> Path:
    """Where the encoder's output is: what the fitted layers say of questions changes with them."""
    return cache.with_stem(f"{cache.stem}-{digest()}") if role == "question" else cache


def _mean(file: Path) -> Vectors:
    with np.load(file, allow_pickle=False) as held:
        mean: Vectors = held["tok"].astype(np.float32).mean(axis=0)
        return mean


def encoded(
    encoder: Encoder, texts: Sequence[str], language: str, role: Role, cache: Path
) -> Texts:
    """The texts encoded; `cache` keeps the encoder's output (.npz) for the next time.

    Question tokens are centred by the mean of `_MEANS_OF` their language, kept beside `cache`.
    """
    kept = _kept(cache, role)
    if not kept.is_file():
        _write(encoder, texts, role, kept)
    with np.load(kept, allow_pickle=False) as held:
        vectors, flat, places, ends = held["vec"], held["tok"], held["spans"], held["off"]
    if len(ends) != len(texts) + 1:
        kept.unlink()
        return encoded(encoder, texts, language, role, cache)
    mean = (
        codec.mean_for(language, shipped())
        if role == "passage"
        else question_means(cache.parent, role)[language]
    )
    tokens: list[Vectors] = []
    spans: list[Spans] = []
    for at in range(len(texts)):
        own = flat[ends[at] : ends[at + 1]].astype(np.float32)
        place = places[ends[at] : ends[at + 1]]
        if role != "passage":
            told = telling(texts[at], place)
            tokens.append(codec.turned(own[told], mean))
            spans.append(place[told])
        else:
            codes, left = codec.encode(own, place, mean)
            tokens.append(codec.decode(codes))
            spans.append(left)
    return Texts(tuple(texts), language, vectors, tuple(tokens), tuple(spans))


def telling(text: str, spans: Spans) -> npt.NDArray[np.bool_]:
    """(t,) which tokens have a letter or digit; all if none has, as in `index.search.late`."""
    found = np.array([any(map(str.isalnum, text[start:end])) for start, end in spans.tolist()])
    return found if found.any() else np.ones(len(spans), bool)


def _write(encoder: Encoder, texts: Sequence[str], role: Role, cache: Path) -> None:
    encode = encoder.encode_passages if role == "passage" else encoder.encode_queries
    if role == "question":
        encode = partial(encode_questions, encoder)
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
