"""The report's words in English and Russian, and numbers as their readers write them."""

import json
from dataclasses import dataclass
from importlib.resources import files

from corpus.errors import UsageError

LANGUAGES = ("en", "ru")
SMALLEST_SHOWN = 0.0001  # of p-values; what is smaller is said to be so


@dataclass(frozen=True, slots=True)
class Labels:
    """Strings by key; an unknown key is an error of ours and raises `KeyError`."""

    language: str
    strings: dict[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The string of `key` with its placeholders filled."""
        return self.strings[key].format(**values)

    def measure(self, name: str) -> str:
        """A measure's name; those of `ir-measures` are the same in both languages."""
        return self.strings.get(f"name.{name}", name)

    def number(self, value: float, digits: int = 3) -> str:
        """A number with a point in English and a comma in Russian, a true minus sign."""
        text = f"{value:.{digits}f}"
        if float(text) == 0:
            text = text.lstrip("-")
        text = text.replace("-", "\u2212")
        return text.replace(".", ",") if self.language == "ru" else text

    def chance(self, p: float | None) -> str:
        """A p-value, never as nothing: "<0.0001"; a dash where there is none."""
        if p is None:
            return "\u2013"
        small = p < SMALLEST_SHOWN
        return f"{'<' if small else ''}{self.number(SMALLEST_SHOWN if small else p, 4)}"

    def signed(self, value: float, digits: int = 3) -> str:
        """As `number`, with a plus sign in front of what is not negative."""
        text = self.number(value, digits)
        return text if text.startswith("\u2212") else f"+{text}"


def load_labels(language: str) -> Labels:
    """Labels of a language. Raises `UsageError` for one that the report does not speak."""
    if language not in LANGUAGES:
        raise UsageError(f"The report speaks {' and '.join(LANGUAGES)}, not {language!r}.")
    text = (files("eval.report") / f"labels_{language}.json").read_text("utf-8")
    return Labels(language, json.loads(text))
