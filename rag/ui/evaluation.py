"""What the quality page takes from the evaluation. Named and not imported: `eval` imports `rag`.

Only names of this table are resolved; without the evaluation package the page says so.
"""

from functools import cache
from pkgutil import resolve_name
from typing import Any

from corpus.errors import UsageError

PARTS = {
    "RunFolder": "eval.folder:RunFolder",
    "load_run": "eval.report.loaded:load_run",
    "compare_runs": "eval.compare:compare_runs",
    "datasets": "eval.datasets.catalogue:ENTRIES",
    "data_folders": "eval.datasets.catalogue:data_folders",
    "place_of": "eval.datasets.catalogue:place_of",
    "systems": "eval.systems.base:SYSTEMS",
    "labels": "eval.report.labels:load_labels",
    "bars": "eval.report.svg:bars",
    "lines": "eval.report.svg:lines",
    "legend": "eval.report.svg:legend",
    "Bar": "eval.report.svg:Bar",
    "Line": "eval.report.svg:Line",
    "retrieval_plot": "eval.report.plots:retrieval_plot",
    "refusal_plots": "eval.report.plots:refusal_plots",
}
COMMAND = "eval.cli"  # python -m


@cache
def part(name: str) -> Any:
    """A class, function or table of the evaluation. Raises `UsageError` when it is not there."""
    try:
        return resolve_name(PARTS[name])
    except ImportError as error:
        raise UsageError(f"The evaluation package cannot be loaded ({error}).") from error
