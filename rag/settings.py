"""All settings in one frozen object, read in one place.

What wins, strongest first: `KORDON_*` variables; `kordon.toml`; the defaults below. One file is
read: `$KORDON_HOME/kordon.toml` if there is one, else `kordon.toml` in the working folder. The
home's file wins, so that an administrator's settings do not change with the folder in which
somebody types a command.

The variable of a key is its path in capitals with `_` for the dot: `app.port` is
`KORDON_APP_PORT`. `KORDON_HOME` and the language model's `KORDON_LLM_KEY` are only variables.
"""

import os
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from corpus.errors import StorageError, UsageError
from index.options import IndexOptions
from index.search.settings import SearchSettings
from rag.answering.options import AnswerOptions
from rag.generation.options import KEY, LlmOptions
from rag.settings_read import Range, Table, from_text, keys, nearest

FILE = "kordon.toml"
PREFIX = "KORDON_"
HOME = "KORDON_HOME"
DATA = "KORDON_DATA"  # where kordon-eval looks for data sets; no setting of ours

GIVEN = {"set": False}  # a field that no file and no variable may set
RANGES: dict[str, Range] = {
    "index.chunking.target": (32, 400),
    "index.chunking.overlap": (0, 200),
    "index.keep": (1, 100),
    "index.cache_bytes": (0, 10**12),
    "search.candidates": (5, 1_000),
    "search.max_question": (100, 20_000),
    "search.lexical_weight": (0, 100),
    "search.subject_weight": (0, 100),
    "search.reranked": (1, 200),
    "search.by_sentence": (0, 200),
    "search.transliteration_weight": (0, 100),
    "search.glossary_weight": (0, 100),
    "search.dictionary_weight": (0, 100),
    "answer.passages": (1, 50),
    "answer.widened": (0, 20),
    "answer.before": (0, 5),
    "answer.after": (0, 5),
    "answer.read": (0, 20),
    "answer.sentences": (1, 10),
    "answer.related": (0, 50),
    "answer.documents": (1, 500),
    "answer.max_question": (100, 20_000),
    "answer.precision": (0, 1),
    "answer.answerable_precision": (0, 1),
    "llm.passages": (1, 20),
    "llm.prompt_tokens": (200, 200_000),
    "llm.answer_tokens": (50, 8_000),
    "llm.claims": (1, 10),
    "llm.timeout": (1, 3_600),
    "llm.retries": (0, 10),
    "app.port": (1, 65_535),
}


@dataclass(frozen=True, slots=True)
class AppSettings:
    """The Streamlit interface. `language` is the one shown before a reader chooses."""

    address: str = "127.0.0.1"
    port: int = 8501
    language: Literal["en", "ru"] = "en"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set, and the two places it came from.

    `home` holds everything written at run time; `file` is the file that was read. `embedder` and
    `answerer` are names of their tables or "package.module:Class".
    """

    home: Path = field(metadata=GIVEN)
    file: Path | None = field(default=None, metadata=GIVEN)
    embedder: str = "default"
    answerer: str = "extractive"
    index: IndexOptions = field(default_factory=IndexOptions)
    search: SearchSettings = field(default_factory=SearchSettings)
    answer: AnswerOptions = field(default_factory=AnswerOptions)
    llm: LlmOptions = field(default_factory=LlmOptions)
    app: AppSettings = field(default_factory=AppSettings)

    @property
    def models(self) -> Path:
        """Where prepared models stand."""
        return self.home / "models"

    @property
    def log(self) -> Path:
        """Where logs are written."""
        return self.home / "log"


def checkout() -> Path | None:
    """The root of the source checkout this code runs from, or None when it is installed."""
    root = Path(__file__).resolve().parents[1]
    return root if (root / "pyproject.toml").is_file() and (root / "app.py").is_file() else None


def default_home() -> Path:
    """`var/` of the source checkout, else the user's data folder of this system."""
    root = checkout()
    if root:
        return root / "var"
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "kordon"


def home_folder(environment: Mapping[str, str] | None = None) -> Path:
    """`KORDON_HOME`, or the default place, as an absolute path."""
    environment = os.environ if environment is None else environment
    given = environment.get(HOME, "").strip()
    return Path(given).expanduser().absolute() if given else default_home()


def load(environment: Mapping[str, str] | None = None, folder: Path | None = None) -> Settings:
    """Read the settings. `folder` stands for the working folder (the real one if None).

    Raises `UsageError` for an unknown key or a wrong value, with its path and the file or
    variable in which it stands, or for values that do not go together, and `StorageError` for a
    file that cannot be read.
    """
    environment = os.environ if environment is None else environment
    home = home_folder(environment)
    file = _file(home, folder or Path.cwd())
    settings = Settings(home=home, file=file)
    if file:
        settings = Table(_parse(file), str(file), RANGES).over(settings)
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in (HOME, DATA, KEY):
            settings = _with_variable(settings, name, environment[name])
    _fitting(settings)
    return settings


def _fitting(settings: Settings) -> None:
    """Raise `UsageError` for values that are right by themselves but do not go together."""
    cut = settings.index.chunking
    if cut.overlap >= cut.target:
        raise UsageError(
            f'"index.chunking.overlap" ({cut.overlap}) must be smaller than '
            f'"index.chunking.target" ({cut.target}): passages would only repeat each other.'
        )


def variable(path: str) -> str:
    """The environment variable of a dotted key."""
    return PREFIX + path.replace(".", "_").upper()


def _with_variable(settings: Settings, name: str, text: str) -> Settings:
    known = {variable(path): (path, kind) for path, kind in keys(Settings)}
    if name not in known:
        raise UsageError(f'There is no setting "{name}"{nearest(name, sorted(known))}.')
    path, kind = known[name]
    *sections, key = path.split(".")
    values: dict[str, object] = {key: from_text(text.strip(), kind)}
    for section in reversed(sections):
        values = {section: values}
    return Table(values, name, RANGES).over(settings)


def _file(home: Path, folder: Path) -> Path | None:
    candidates = (home / FILE, folder / FILE)
    return next((file for file in candidates if file.is_file()), None)


def _parse(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} is not valid TOML: {error}.") from error
    except OSError as error:
        raise StorageError(f"{file} cannot be read: {error.strerror}.") from error
