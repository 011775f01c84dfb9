"""Answers composed by the language model of the user's settings, on the same searcher.

Without a model in the settings every answer is the extractive one, with a sentence that says so.
"""

from eval.settings import RunSettings
from eval.systems.base import Indexed
from eval.systems.product import KordonSystem, answer_options
from rag.assemble import COMPOSING, answerer_class
from rag.settings import load


class ComposedSystem(KordonSystem):
    """As `kordon`, with the answerer that composes."""

    def __init__(self, indexed: Indexed, settings: RunSettings) -> None:
        super().__init__(indexed, settings)
        own = load()
        name = own.answerer if own.answerer in COMPOSING else "openai-compatible"
        told = {"llm": own.llm}
        options = answer_options(settings)
        self._pipeline = answerer_class(name)(self._searcher, indexed.reader, options, **told)
