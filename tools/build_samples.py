"""Write `corpus/samples` from `tools/samples`: `python tools/build_samples.py`.

Needs `fpdf2` and the DejaVu fonts (Debian: fonts-dejavu-core) beside what Kordon itself needs.
The same sources give the same bytes, so that a rebuild without a change leaves no difference.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from samplekit.office import write_docx
from samplekit.pdf import write_columns, write_pdf, write_scan
from samplekit.source import Sample, read_sample
from samplekit.text import write_markdown, write_text
from samplekit.web import write_html, write_mail_html, write_mail_text

WRITERS: dict[str, Callable[[Sample], bytes]] = {
    "pdf": write_pdf,
    "pdf-columns": write_columns,
    "pdf-labelled": write_pdf,
    "pdf-scan": write_scan,
    "docx": write_docx,
    "html": write_html,
    "md": write_markdown,
    "txt": write_text,
    "eml-text": write_mail_text,
    "eml-html": write_mail_html,
}


def build(sources: Path, target: Path) -> list[Path]:
    """Write every sample of the folder `sources` into `target`; returns the files written."""
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for source in sorted(sources.glob("*.md")):
        sample = read_sample(source)
        path = target / sample.output
        path.write_bytes(WRITERS[sample.kind](sample))
        written.append(path)
    return written


if __name__ == "__main__":
    os.environ["SOURCE_DATE_EPOCH"] = "1751328000"  # fonts record the time of their subset
    root = Path(__file__).parent.parent
    for path in build(root / "tools" / "samples", root / "corpus" / "samples"):
        sys.stdout.write(f"{path.relative_to(root)}  {path.stat().st_size:,} bytes\n")
