"""What the commands of `kordon-eval` share: places, settings, run folders."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from eval.folder import RunFolder
    from rag.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])


def with_data(command: Command) -> Command:
    """Adds `--data`."""
    return click.option(
        "--data",
        type=click.Path(path_type=Path, file_okay=False),
        help="Folder of the data sets (else KORDON_DATA, else ../shared/data beside the checkout).",
    )(command)


def settings() -> "Settings":
    """The settings of the installation."""
    from rag.settings import load

    return load()


def runs_folder() -> Path:
    """Where run folders are kept: `runs/` under `KORDON_HOME`."""
    from rag.settings import home_folder

    return home_folder() / "runs"


def find_run(name: str) -> "RunFolder":
    """A finished run by its path or its name. Raises `RunError`."""
    from eval.errors import RunError
    from eval.folder import open_run

    given, runs = Path(name), runs_folder()
    place = given if given.is_dir() else runs / name
    if place.is_dir():
        return open_run(place)
    known = sorted(path.name for path in runs.glob("*") if (path / "measures.json").is_file())
    newest = f"the newest are {', '.join(known[-5:])}" if known else "there is none yet"
    raise RunError(f"There is no run {name} in {runs}; {newest}.")
