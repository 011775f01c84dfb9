"""What can be switched and weighed in a search. Decision 0305 says where the numbers come from."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """Plain values only; `rag.settings` fills them from the user's configuration.

    `candidates` passages per language and leg go to the second stage. `lexical_weight` is w of
    `index.search.fusion`; the variants' weights are shares of a word's own, and words that the
    `dictionary` reads with a weight of 0 are known but not searched for. `subject_weight` is what
    it counts that a passage's whole document is what the question is about
    (`index.search.subjects`), in standard deviations. `glossary_file` adds a user's bilingual
    glossary (tab-separated, as index/data/glossary.tsv). `max_question` counts characters.
    `fitted_questions` encodes questions by the layers fitted to them, where the encoder has such.
    `reranker` names a model of `index.search.reranking` (none if empty), which puts the best
    `reranked` hits in its own order. The best `by_sentence` passages shown to a user are ordered by
    their best sentence too (`rag.answering.by_sentence`, none if 0), unless there is such a model.
    """

    candidates: int = 24
    lexical: bool = True
    late: bool = True
    fitted_questions: bool = True
    transliteration: bool = True
    glossary: bool = True
    dictionary: bool = True
    lexical_weight: float = 4.0
    transliteration_weight: float = 0.8
    glossary_weight: float = 0.9
    dictionary_weight: float = 1.5
    subject_weight: float = 2.0
    glossary_file: Path | None = None
    max_question: int = 4_000
    reranker: str = ""
    reranked: int = 20
    by_sentence: int = 24
