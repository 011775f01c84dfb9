"""What benchmark programs share: the machine in one line, and results kept as JSON."""

import json
import os
import platform
import resource
import subprocess
from datetime import date
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


def machine() -> dict[str, object]:
    """The processor, cores and Python of this run."""
    name = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    load = round(os.getloadavg()[0], 1)
    return {"cpu": name, "cores": os.cpu_count(), "load": load, "python": platform.python_version()}


def peak_memory_mb() -> int:
    """Peak resident memory of this process so far, in MB."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def commit() -> str:
    """The commit of the code that runs."""
    return subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()


def keep(name: str, figures: dict[str, object]) -> None:
    """Print the figures and write benchmarks/results/NAME.json."""
    record = {"date": date.today().isoformat(), "commit": commit(), **machine(), **figures}
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(record, ensure_ascii=False, indent=1)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    print(text)
