"""The interface's strings: `Translator("ru").t("ask.title")`, from `locales/{en,ru}/*.json`.

A string is a text with {placeholders}, or a table of plural forms ("one", "few", "many" in
Russian; "one", "many" in English) that is chosen by the value of `count`.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LANGUAGES = ("en", "ru")
THIN = "\N{NO-BREAK SPACE}"


@cache
def strings(language: str) -> dict[str, str | dict[str, str]]:
    """All strings of one language, by key."""
    folder = resources.files("rag.ui").joinpath("locales", language)
    table: dict[str, str | dict[str, str]] = {}
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".json"):
            table |= json.loads(file.read_text("utf-8"))
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
        if len(parts) == 1:
            return iso
        if not 1 <= int(parts[1]) <= 12:
            return iso
        day = f"{int(parts[2])}{THIN}" if len(parts) == 3 else ""
        names = self.t("date.months" if day else "date.month_names").split()
        end = f"{THIN}г." if self.language == "ru" else ""
        return f"{day}{names[int(parts[1]) - 1]} {parts[0]}{end}"

    def moment(self, iso: str, zone: str = "") -> str:
        """An ISO time (UTC when it names no zone) as day and minute in `zone`, the reader's."""
        try:
            time = datetime.fromisoformat(iso)
            place = ZoneInfo(zone) if zone else UTC
        except (ValueError, ZoneInfoNotFoundError):
            return iso
        time = (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(place)
        return f"{self.date(time.date().isoformat())}, {time:%H:%M}"

    def size(self, count: int) -> str:
        """A number of bytes in the unit that suits it."""
        if count < 1000:
            return self.t("size.bytes", count=count)
        for key, unit in (("size.kb", 1e3), ("size.mb", 1e6), ("size.gb", 1e9)):
            if count < unit * 999.5 or key == "size.gb":
                break
        value = count / unit
        return self.t(key, size=self.number(value, 0 if value >= 10 else 1))
