"""The interface's strings: `Translator("ru").t("ask.title")`, from `locales/{en,ru}.json`.

A string is a text with {placeholders}, or a table of plural forms ("one", "few", "many" in
Russian; "one", "many" in English) that is chosen by the value of `count`.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

LANGUAGES = ("en", "ru")
THIN = "\N{NO-BREAK SPACE}"


@cache
def strings(language: str) -> dict[str, str | dict[str, str]]:
    """All strings of one language, by key."""
    file = resources.files("rag.ui").joinpath(f"locales/{language}.json")
    table: dict[str, str | dict[str, str]] = json.loads(file.read_text("utf-8"))
    return table


def plural(language: str, count: int) -> str:
    """The plural form for a count, by the rules of the Unicode CLDR for whole numbers."""
    if language != "ru":
        return "one" if count == 1 else "many"
    if count % 10 == 1 and count % 100 != 11:
        return "one"
    if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14):
        return "few"
    return "many"


@dataclass(frozen=True, slots=True)
class Translator:
    """Speaks one language."""

    language: str

    def t(self, key: str, **values: object) -> str:
        """The string of `key` with its placeholders filled; `count` also chooses the plural."""
        text = strings(self.language)[key]
        if isinstance(text, dict):
            count = values["count"]
            assert isinstance(count, int)
            text = text[plural(self.language, count)]
            values = {**values, "count": self.number(count)}
        return text.format(**values)

    def number(self, value: float, digits: int = 0) -> str:
        """A number as it is written in the language: 1,234.5 or 1 234,5."""
        text = f"{value:,.{digits}f}"
        if self.language == "ru":
            text = text.replace(",", THIN).replace(".", ",")
        return text

    def percent(self, share: float) -> str:
        """A share of one as a whole percentage."""
        return f"{self.number(share * 100)}{THIN if self.language == 'ru' else ''}%"

    def date(self, iso: str) -> str:
        """An ISO date (a year, a month or a day) in words; what is no date stays as it is."""
        parts = iso.split("-")
        if not all(part.isdigit() for part in parts) or len(parts) > 3:
            return iso
        if len(parts) > 1 and not 1 <= int(parts[1]) <= 12:
            return iso
        if len(parts) == 3:
            month = self.t("date.months").split()[int(parts[1]) - 1]
            end = " г." if self.language == "ru" else ""
            return f"{int(parts[2])}{THIN}{month} {parts[0]}{end}"
        return iso if len(parts) == 1 else f"{parts[1]}.{parts[0]}"
