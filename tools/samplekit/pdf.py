"""PDF samples: one column, two columns, printed page labels, and an image-only scan."""

import io
import random
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
from fpdf import FPDF
from fpdf.enums import PageLabelStyle, XPos, YPos
from PIL import Image

from samplekit.source import Piece, Sample, no_break, plain

FONTS = Path("/usr/share/fonts/truetype/dejavu")
FAMILY = "DejaVu"
MARGIN = 22.0  # millimetres
GAP = 8.0  # millimetres between columns
LINE = 5.0  # millimetres
SCAN_DPI = 150


class SamplePdf(FPDF):
    """An A4 document with running header and footer and one or two columns."""

    def __init__(self, sample: Sample, columns: int) -> None:
        super().__init__(format="A4")
        self.sample = sample
        self.columns = columns
        self.column = 0
        self.column_top = MARGIN
        self.column_width = (self.w - 2 * MARGIN - GAP * (columns - 1)) / columns
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(False)
        self.add_font(FAMILY, "", FONTS / "DejaVuSerif.ttf")
        self.add_font(FAMILY, "B", FONTS / "DejaVuSerif-Bold.ttf")
        self.set_creation_date(_written(sample))
        self.set_producer("")
        self.set_title(sample.text("title"))
        self.set_author(sample.text("author"))

    def header(self) -> None:
        """The running header; a scan has none."""
        if self.sample.text("header"):
            self.set_font(FAMILY, "", 8)
            self.set_xy(MARGIN, 10)
            self.cell(self.w - 2 * MARGIN, 5, self.sample.text("header"), align="R")
            self.set_y(MARGIN)

    def footer(self) -> None:
        """The note and the number as it is printed on the page."""
        if self.sample.text("footer"):
            self.set_font(FAMILY, "", 7)
            self.set_xy(MARGIN, self.h - 15)
            self.cell(self.w - 2 * MARGIN - 10, 5, self.sample.text("footer"))
            self.cell(10, 5, self.printed_number(), align="R")

    def printed_number(self) -> str:
        """Roman numbers for the front matter, then numbers from 1."""
        front = self.sample.number("front")
        return "i" * self.page if self.page <= front else str(self.page - front)

    def make_room(self, height: float) -> None:
        """Go on in the next column or on the next page when `height` millimetres do not fit."""
        if self.get_y() + height <= self.h - MARGIN:
            return
        if self.column < self.columns - 1:
            self.start_column(self.column + 1)
            self.set_y(self.column_top)
        else:
            self.start_column(0)
            self.column_top = MARGIN
            self.add_page()

    def start_column(self, column: int) -> None:
        """Set the margins to one column."""
        self.column = column
        left = MARGIN + column * (self.column_width + GAP)
        self.set_left_margin(left)
        self.set_right_margin(self.w - left - self.column_width)
        self.set_x(left)


def write_pdf(sample: Sample) -> bytes:
    """One column of text."""
    return _draw(sample, 1)


def write_columns(sample: Sample) -> bytes:
    """Two columns of text under a title over the whole width."""
    return _draw(sample, 2)


def write_scan(sample: Sample) -> bytes:
    """The pages as slightly turned black-and-white images without a text layer."""
    drawn = pypdfium2.PdfDocument(_draw(sample, 1))
    noise = random.Random(sample.output)
    scan = FPDF(format="A4")
    scan.set_creation_date(_written(sample))
    scan.set_producer("")
    for page in drawn:
        image = page.render(scale=SCAN_DPI / 72).to_pil().convert("L")
        scan.add_page()
        scan.image(_scanned(image, noise), x=0, y=0, w=scan.w, h=scan.h)
    return bytes(scan.output())


def _written(sample: Sample) -> datetime:
    return datetime.fromisoformat(sample.text("date")).replace(hour=9, tzinfo=UTC)


def _scanned(image: Image.Image, noise: random.Random) -> io.BytesIO:
    turned = image.rotate(
        noise.uniform(-0.5, 0.5), fillcolor=255, resample=Image.Resampling.BICUBIC
    )
    for _ in range(400):
        spot = noise.randrange(turned.width), noise.randrange(turned.height)
        turned.putpixel(spot, noise.randrange(160))
    stream = io.BytesIO()
    # Sixteen greys keep the edges of small Cyrillic letters, which pure black and white loses.
    turned.quantize(16).convert("L").save(stream, "PNG", optimize=True)
    stream.seek(0)
    return stream


def _draw(sample: Sample, columns: int) -> bytes:
    pdf = SamplePdf(sample, columns)
    pdf.add_page()
    if sample.number("front"):
        pdf.set_page_label(PageLabelStyle.LOWER_ROMAN)
    title, *rest = sample.pieces
    _heading(pdf, title)
    pdf.column_top = pdf.get_y()
    pdf.start_column(0)
    for piece in rest:
        _piece(pdf, piece)
    return bytes(pdf.output())


def _piece(pdf: SamplePdf, piece: Piece) -> None:
    if piece.kind == "page_break":
        pdf.add_page()
        if pdf.page == pdf.sample.number("front") + 1 and pdf.page > 1:
            pdf.set_page_label(PageLabelStyle.NUMBER, label_start=1)
    elif piece.kind == "heading":
        _heading(pdf, piece)
    elif piece.kind == "table":
        _table(pdf, piece)
    else:
        for line in piece.lines:
            _write(pdf, line, "", 10, LINE)
        pdf.ln(2.5)


def _heading(pdf: SamplePdf, piece: Piece) -> None:
    size = {1: 16, 2: 12}.get(piece.level, 10)
    pdf.make_room(25)  # a heading never stands alone at the bottom
    pdf.ln(1.5)
    _write(pdf, piece.lines[0], "B", size, size * 0.5)
    pdf.ln(1.5)


def _write(pdf: SamplePdf, text: str, style: str, size: float, height: float) -> None:
    pdf.set_font(FAMILY, style, size)
    text = no_break(plain(text))
    lines = pdf.multi_cell(pdf.column_width, height, text, align="L", dry_run=True, output="LINES")
    for line in lines:
        pdf.make_room(height)
        pdf.cell(pdf.column_width, height, line, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _table(pdf: SamplePdf, piece: Piece) -> None:
    size = 9 if pdf.columns == 1 else 7
    pdf.set_font(FAMILY, "", size)
    rows = [[no_break(cell) for cell in row] for row in piece.rows]
    widths = _widths(pdf, rows)
    height = size * 0.6
    pdf.make_room(len(rows) * (height + 0.5))
    with pdf.table(
        col_widths=widths, line_height=height, width=pdf.column_width, align="LEFT"
    ) as table:
        for cells in rows:
            table.row(cells)
    pdf.ln(3)


def _widths(pdf: SamplePdf, rows: list[list[str]]) -> tuple[float, ...]:
    """Millimetres per column: what the longest cell needs, the widest columns cut until all fit."""
    widths = [max(pdf.get_string_width(row[i]) for row in rows) + 4 for i in range(len(rows[0]))]
    for _ in range(200):
        if sum(widths) <= pdf.column_width:
            break
        widths[widths.index(max(widths))] -= 1
    spare = max(0.0, pdf.column_width - sum(widths)) / len(widths)
    return tuple(width + spare for width in widths)
