"""What the table of data sets says of one."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from eval.types import Dataset


@dataclass(frozen=True, slots=True)
class Entry:
    """A data set of the table. `place` is a path below the data folder, empty where the documents
    too are part of this project; `load` takes the path where the data lie and checks every row."""

    name: str
    place: str
    load: Callable[[Path], Dataset]
    languages: str
    licence: str
    about: str
