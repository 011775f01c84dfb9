"""What all commands share: options, output, progress bars, settings."""

import json
import os
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from corpus.progress import Progress
    from rag.assemble import Kordon
    from rag.settings import Settings

Item = TypeVar("Item")
Command = TypeVar("Command", bound=Callable[..., Any])


class OutputClosed(Exception):
    """Nobody reads stdout any more."""


class WrongSettings(click.ClickException):
    """A setting is wrong, which is wrong usage of whatever command was typed."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the sentence alone, without click's prefix."""
        complain(self.message)


def as_json(command: Command) -> Command:
    """Adds `--json`."""
    return click.option("--json", "machine", is_flag=True, help="Print JSON.")(command)


def quietly(command: Command) -> Command:
    """Adds `--quiet`."""
    return click.option("-q", "--quiet", is_flag=True, help="Show no progress.")(command)


def emit(text: str) -> None:
    """Print text for a person on stdout; control characters of documents are made harmless."""
    _write("".join(_harmless(character) for character in text) + "\n")


def emit_json(value: object, *, line: bool = False) -> None:
    """Print one JSON value on stdout, indented or as one line."""
    _write(json.dumps(value, ensure_ascii=False, indent=None if line else 2) + "\n")


def complain(text: str) -> None:
    """Print one sentence on stderr."""
    try:
        sys.stderr.write("".join(_harmless(character) for character in text) + "\n")
        sys.stderr.flush()
    except OSError:
        # stderr is closed: there is nobody left to tell.
        return


def use_utf8() -> None:
    """Write UTF-8 whatever the locale; what is no Unicode is shown as an escape."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def load_settings() -> "Settings":
    """The settings, with logging to the home folder's log switched on."""
    from corpus.errors import UsageError
    from rag.mishap import keep_log
    from rag.settings import load

    try:
        settings = load()
    except UsageError as error:
        raise WrongSettings(str(error)) from error
    keep_log(settings.log)
    return settings


def open_kordon() -> "Kordon":
    """The assembled parts of the settings."""
    from rag.assemble import assemble

    return assemble(load_settings())


def progress(quiet: bool) -> "Progress":
    """Bars on stderr, or nothing with `--quiet` or when stderr is no terminal."""
    from corpus.progress import Silent

    return Silent() if quiet or not sys.stderr.isatty() else Bars()


class Bars:
    """Progress bars: how much is done, the rate and the time left."""

    def track(self, items: Iterable[Item], *, step: str, total: int, unit: str) -> Iterator[Item]:
        """Yield `items` unchanged below a bar of `total` units."""
        from tqdm import tqdm

        # Some terminals report a size of nothing; tqdm would then draw nothing.
        sized = os.get_terminal_size(sys.stderr.fileno()).columns > 0
        yield from tqdm(
            items,
            desc=step,
            total=total,
            unit=f" {unit}s",
            file=sys.stderr,
            ncols=None if sized else 80,
            nrows=None if sized else 24,
            dynamic_ncols=sized,
        )


def _write(text: str) -> None:
    from corpus.errors import StorageError

    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise OutputClosed from error
    except OSError as error:
        raise StorageError(f"The output cannot be written: {error.strerror}.") from error


def _harmless(character: str) -> str:
    """The character, or U+FFFD for a control character that a terminal might obey."""
    if character in "\n\t" or unicodedata.category(character) != "Cc":
        return character
    return "\ufffd"
