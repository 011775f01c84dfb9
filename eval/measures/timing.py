"""Time per stage and peak memory."""

import resource
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True, slots=True)
class Stage:
    """Milliseconds of one stage over all questions that went through it."""

    name: str
    count: int
    p50: float
    p95: float
    longest: float


def stages(timings: Iterable[Mapping[str, float]]) -> list[Stage]:
    """Quantiles (linear interpolation) per stage, in the order in which stages first appear."""
    collected: dict[str, list[float]] = {}
    for timing in timings:
        for name, value in timing.items():
            collected.setdefault(name, []).append(value)
    return [
        Stage(
            name,
            len(values),
            float(np.percentile(values, 50)),
            float(np.percentile(values, 95)),
            max(values),
        )
        for name, values in collected.items()
    ]


def reset_peak_memory() -> None:
    """Start measuring the peak anew where the system can (Linux, proc(5): clear_refs 5)."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return  # the peak then covers what the process did before, too


def peak_memory_mib() -> float:
    """The largest resident set of this process, in MiB, since `reset_peak_memory`."""
    try:
        status = Path("/proc/self/status").read_text()
        return float(status.partition("VmHWM:")[2].split()[0]) / 1024
    except (OSError, IndexError):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / (1024 * 1024) if sys.platform == "darwin" else peak / 1024
