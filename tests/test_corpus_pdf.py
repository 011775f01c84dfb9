"""PDF files: pages, labels, reading order, tables, headers, encryption, scans."""

import io
import textwrap
from pathlib import Path

import pypdf
import pytest
from PIL import Image, ImageDraw

from corpus import ocr
from corpus.errors import BrokenFile, EncryptedFile
from corpus.load import load_document
from corpus.types import Document

SAMPLES = Path(__file__).parents[1] / "corpus" / "samples"
LEFT = (
    "The left column tells how the workshop was prepared by the agencies of the region and which "
    "questions were put first. Its second part lists the partners that sent experts in spring. "
)
RIGHT = (
    "The right column reports what was agreed between the ministries at the end of the week and "
    "who will pay for it. Its second part names the rooms in which the next meeting takes place. "
)
WIDTH, HEIGHT = 595, 842
UPRIGHT = (1, 0, 0, 1)


class Sheet:
    """One page of a PDF file: text and lines, y from the top."""

    def __init__(self) -> None:
        self.content: list[str] = []

    def text(self, x, y, text, size=10, font="F1", matrix=UPRIGHT) -> "Sheet":
        escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        place = " ".join(map(str, (*matrix, x, HEIGHT - y)))
        self.content.append(f"BT /{font} {size} Tf {place} Tm ({escaped}) Tj ET")
        return self

    def lines(self, x, y, lines, size=10, step=14) -> "Sheet":
        for number, line in enumerate(lines):
            self.text(x, y + step * number, line, size)
        return self

    def rule(self, x0, y0, x1, y1) -> "Sheet":
        self.content.append(f"{x0} {HEIGHT - y1} {max(0.5, x1 - x0)} {max(0.5, y1 - y0)} re f")
        return self


def pdf(sheets: list[Sheet], rotate: int = 0) -> bytes:
    """A small but complete PDF file in Helvetica."""
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
    objects = ["", "", font % "Helvetica", font % "Helvetica-Bold"]
    kids = []
    for sheet in sheets:
        stream = "\n".join(sheet.content)
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Rotate {rotate} "
            f"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents {len(objects)} 0 R >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[0] = "<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>"
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
    return out + f"{end}startxref\n{len(out)}\n%%EOF\n".encode()


def load(tmp_path: Path, data: bytes, name: str = "file.pdf") -> Document:
    path = tmp_path / name
    path.write_bytes(data)
    return load_document(path, root=tmp_path)


def rewritten(data: bytes, change) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def squeezed(text: str) -> str:
    return " ".join(text.split())


def body(sheet: Sheet | None = None) -> Sheet:
    return (sheet or Sheet()).lines(60, 120, textwrap.wrap(LEFT + RIGHT, 90))


def words(number: int) -> str:
    """A paragraph that no other number gives."""
    names = ["customs", "police", "border", "bank", "court", "tax", "navy", "harbour"]
    return " ".join(f"The {names[(number + n * n) % 8]} met the {names[n]}." for n in range(8))


def test_lines_become_paragraphs_and_lead_back(tmp_path):
    document = load(tmp_path, pdf([body()]))
    page = document.pages[0]
    assert page.text == (LEFT + RIGHT).strip()
    assert document.format == "pdf"
    assert document.paged
    for run in page.runs:
        clean = page.text[run.clean : run.clean + run.length]
        assert clean == page.raw[run.raw : run.raw + run.length]


@pytest.mark.parametrize("order", ["columns", "right first", "line by line"])
def test_two_columns_are_read_one_after_the_other(tmp_path, order):
    left, right = textwrap.wrap(LEFT * 2, 38), textwrap.wrap(RIGHT * 2, 38)
    sheet = Sheet().text(60, 60, "A bulletin with a title over both of its columns", size=18)
    if order == "columns":
        sheet.lines(60, 120, left).lines(310, 120, right)
    elif order == "right first":
        sheet.lines(310, 120, right).lines(60, 120, left)
    else:
        for number in range(max(len(left), len(right))):
            sheet.lines(60, 120 + 14 * number, left[number : number + 1])
            sheet.lines(310, 120 + 14 * number, right[number : number + 1])
    document = load(tmp_path, pdf([sheet]))
    texts = [document.text[b.start : b.end] for b in document.pages[0].blocks]
    assert texts[0].startswith("A bulletin")
    assert texts[1:] == [squeezed(LEFT * 2), squeezed(RIGHT * 2)]


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("turn", ["upright", "left", "right"])
def test_rotated_pages_and_rotated_text(tmp_path, rotate, turn):
    lines = textwrap.wrap(LEFT + RIGHT, 85)
    sheet = Sheet()
    for number, line in enumerate(lines):
        if turn == "upright":
            sheet.text(60, 100 + 14 * number, line)
        elif turn == "left":
            sheet.text(100 + 14 * number, 700, line, matrix=(0, 1, -1, 0))
        else:
            sheet.text(500 - 14 * number, 100, line, matrix=(0, -1, 1, 0))
    assert load(tmp_path, pdf([sheet], rotate)).text == (LEFT + RIGHT).strip()


def test_a_column_of_figures_is_a_table_and_not_a_column_of_text(tmp_path):
    rows = [("Year", "Cases", "Seized"), ("2021", "34", "USD 2,400"), ("2022", "51", "USD 3,100")]
    sheet = Sheet().text(60, 80, "Seizures by year", size=14)
    for number, row in enumerate([*rows, ("2023", "60", "USD 4,000")]):
        for x, cell in zip((60, 200, 330), row, strict=True):
            sheet.text(x, 110 + 16 * number, cell)
    document = load(tmp_path, pdf([body(sheet.lines(60, 300, []))]))
    rows_found = [
        document.text[b.start : b.end] for b in document.pages[0].blocks if b.kind == "table_row"
    ]
    assert rows_found[1:3] == [
        "Year: 2021 | Cases: 34 | Seized: USD 2,400",
        "Year: 2022 | Cases: 51 | Seized: USD 3,100",
    ]


def test_a_ruled_table_keeps_its_cells_together(tmp_path):
    sheet = Sheet().text(60, 80, "Measures of the plan", size=14)
    xs, ys = (60, 160, 400, 500), (100, 130, 175, 220)
    for x in xs:
        sheet.rule(x, ys[0], x, ys[-1])
    for y in ys:
        sheet.rule(xs[0], y, xs[-1], y)
    cells = {
        (0, 0): ["Number"], (0, 1): ["Measure"], (0, 2): ["Term"],
        (1, 0): ["1"], (1, 1): ["Training of customs officers in", "the profiling of travellers"],
        (1, 2): ["May 2023"],
        (2, 0): ["2"], (2, 1): ["Purchase of document read-", "ers for two posts"],
        (2, 2): ["June 2023"],
    }  # fmt: skip
    for (row, column), lines in cells.items():
        sheet.lines(xs[column] + 5, ys[row] + 15, lines)
    sheet.lines(60, 250, textwrap.wrap(LEFT + RIGHT, 90))
    document = load(tmp_path, pdf([sheet]))
    blocks = [(b.kind, document.text[b.start : b.end]) for b in document.pages[0].blocks]
    kinds = [kind for kind, _ in blocks]
    assert kinds == ["heading", "table_row", "table_row", "table_row", "paragraph"]
    assert "Training of customs officers in the profiling of travellers" in blocks[2][1]
    assert "May 2023" in blocks[2][1]
    assert "Purchase of document readers for two posts" in blocks[3][1]


def furnished(pages: int) -> list[Sheet]:
    sheets = []
    for number in range(pages):
        sheet = (
            Sheet().text(60, 30, "ANNUAL REPORT OF THE OFFICE", 8).text(500, 820, str(number + 5))
        )
        sheet.text(60, 70, f"Case study {number + 1}", 12, "F2")
        sheet.text(60, 95, f"In year {number} the service seized {number} kg.")
        sheets.append(sheet.lines(60, 150, textwrap.wrap(words(number), 80)))
    return sheets


def test_headers_and_page_numbers_go_and_become_labels(tmp_path):
    document = load(tmp_path, pdf(furnished(8)))
    assert "ANNUAL REPORT" not in document.text
    assert [page.label for page in document.pages] == [str(n + 5) for n in range(8)]
    assert [page.number for page in document.pages] == list(range(1, 9))
    for number, page in enumerate(document.pages):
        assert page.text.startswith(f"Case study {number + 1}")  # a figure that is no page number
        assert f"In year {number} the service seized {number} kg." in page.text


def test_a_page_number_that_stands_apart_goes_with_its_footer(tmp_path):
    sheets = [body(), body()]
    sheets[0].text(60, 810, "Bulletin of the network").text(530, 810, "1")
    sheets[1].text(60, 810, "Bulletin of the network 2")
    document = load(tmp_path, pdf(sheets))
    assert "Bulletin" not in document.text and not document.text.endswith("2")
    assert [page.label for page in document.pages] == ["1", "2"]
    assert all(page.text.endswith("the next meeting takes place.") for page in document.pages)


def test_pages_of_a_single_line_keep_it(tmp_path):
    sheets = [Sheet().text(60, 60, f"Page {n} tells that {n} officers met.") for n in range(1, 31)]
    document = load(tmp_path, pdf(sheets))
    assert document.pages[16].text == "Page 17 tells that 17 officers met."


def test_printed_labels_of_the_file_count(tmp_path):
    def label(writer: pypdf.PdfWriter) -> None:
        writer.set_page_label(0, 1, style="/r")
        writer.set_page_label(2, 4, style="/D", prefix="A-")

    document = load(tmp_path, rewritten(pdf([body() for _ in range(5)]), label))
    assert [page.label for page in document.pages] == ["i", "ii", "A-1", "A-2", "A-3"]


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_a_file_encrypted_without_a_password_is_read(tmp_path, algorithm):
    data = rewritten(pdf([body()]), lambda w: w.encrypt("", "owner", algorithm=algorithm))
    assert load(tmp_path, data).text == (LEFT + RIGHT).strip()


def test_a_file_with_a_password_is_refused_in_one_sentence(tmp_path):
    data = rewritten(pdf([body()]), lambda w: w.encrypt("secret", algorithm="AES-256"))
    with pytest.raises(EncryptedFile, match=r"file\.pdf needs a password; .*\.$"):
        load(tmp_path, data)


@pytest.mark.parametrize("data", [b"%PDF-1.7\nnonsense", b"%PDF-1.4\n" + b"\x00" * 500])
def test_a_broken_file_is_refused_in_one_sentence(tmp_path, data):
    with pytest.raises(BrokenFile, match=r"^file\.pdf .*\.$"):
        load(tmp_path, data)


def test_a_file_that_was_cut_off_is_read_as_far_as_possible(tmp_path):
    data = pdf([body() for _ in range(4)])
    document = load(tmp_path, data[: data.rindex(b"xref")])
    assert document.pages[0].text == (LEFT + RIGHT).strip()


def test_title_and_date_of_the_file(tmp_path):
    def describe(writer: pypdf.PdfWriter) -> None:
        writer.add_metadata(
            {"/Title": "Отчёт о рисках", "/Author": "Agency X", "/CreationDate": "D:20230401120000"}
        )

    document = load(tmp_path, rewritten(pdf([body()]), describe))
    assert (document.title, document.date) == ("Отчёт о рисках", "2023-04-01")
    assert document.publisher == "Agency X"


def test_words_that_are_printed_letter_by_letter_are_whole(tmp_path):
    sheet = body()
    for number, letter in enumerate("EXPECTEDEFFECTS"):
        gap = 12 * number + (40 if number >= 8 else 0)
        sheet.text(60 + gap, 80, letter)
    assert "EXPECTED EFFECTS" in load(tmp_path, pdf([sheet])).text


class Watch:
    """Counts what it is shown."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, int]] = []

    def track(self, items, *, step, total, unit):
        for item in items:
            self.seen.append((unit, total))
            yield item


def test_many_pages_are_watched_one_by_one(tmp_path):
    path = tmp_path / "long.pdf"
    path.write_bytes(pdf([body() for _ in range(300)]))
    watch = Watch()
    document = load_document(path, root=tmp_path, progress=watch)
    assert watch.seen == [("page", 300)] * 300
    assert len(document.pages) == 300
    assert document.pages[299].start + len(document.pages[299].text) == len(document.text)


def scan(tmp_path: Path) -> Path:
    picture = Image.new("L", (1240, 400), 255)
    ImageDraw.Draw(picture).text((60, 120), "SEIZED 48 KG", fill=0, font_size=110)
    path = tmp_path / "scan.pdf"
    picture.save(path, "PDF", resolution=150)
    return path


needs_tesseract = pytest.mark.skipif(
    ocr.find_tesseract() is None, reason="the tesseract command is not installed"
)


@needs_tesseract
def test_a_page_without_a_text_layer_is_read(tmp_path):
    document = load_document(scan(tmp_path), root=tmp_path)
    assert document.pages[0].layer == "ocr"
    assert "48" in document.text
    assert document.problems == ()


@needs_tesseract
def test_the_scanned_sample_is_read_in_russian_and_english():
    document = load_document(SAMPLES / "letter_focal_point_scan.pdf", root=SAMPLES)
    assert [page.layer for page in document.pages] == ["ocr", "ocr"]
    assert "Благодарим за проект" in document.text
    assert {page.language for page in document.pages} == {"ru", "en"}


def test_without_tesseract_each_gap_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    ocr.find_tesseract.cache_clear()
    try:
        document = load_document(scan(tmp_path), root=tmp_path)
    finally:
        ocr.find_tesseract.cache_clear()
    assert document.pages[0].layer == "none"
    assert document.problems == (
        "Page 1 has no text layer and was not read: Tesseract is not installed.",
    )


def test_an_empty_page_is_no_problem(tmp_path):
    document = load(tmp_path, pdf([body(), Sheet(), body()]))
    assert document.pages[1].text == ""
    assert document.problems == ()


def test_printed_labels_and_columns_of_the_samples():
    document = load_document(SAMPLES / "qalqan_programme_document_en.pdf", root=SAMPLES)
    assert [page.label for page in document.pages][:3] == ["i", "ii", "1"]
    russian = load_document(SAMPLES / "qalqan_newsletter_05_ru.pdf", root=SAMPLES)
    assert russian.language == "ru"
    assert "\u00ad" not in russian.text
