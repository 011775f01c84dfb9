"""Where quoted words stand on the picture of a page, held against pdfium's own search."""

import io
from pathlib import Path

import pypdfium2
import pytest
from pypdf import PdfReader, PdfWriter

from corpus.load import load_document
from corpus.parsers.pdf_places import PagePlaces, WordPlace, read_places
from corpus.types import Document
from index.sentences import sentence_spans
from rag.ui.addresses import original_address, picture_address
from rag.ui.page_images import page_image, page_places, page_shape
from rag.ui.source import Box, quote_boxes, raw_spans

SAMPLES = Path(__file__).resolve().parents[1] / "corpus" / "samples"
WITH_TEXT = (
    "qalqan_programme_document_en.pdf",
    "pamir_link_bulletin_03_en.pdf",
    "qalqan_newsletter_05_ru.pdf",
)


@pytest.fixture(scope="module", params=WITH_TEXT)
def document(request) -> Document:
    return load_document(SAMPLES / request.param, root=SAMPLES)


def found_by_pdfium(page: pypdfium2.PdfPage, text: str) -> tuple[float, float, float, float] | None:
    """The place of the only occurrence of a text on one line, in shares of the page."""
    textpage = page.get_textpage()
    search = textpage.search(text)
    first, second = search.get_next(), search.get_next()
    if first is None or second is not None:
        return None
    boxes = [textpage.get_charbox(first[0] + at) for at in range(first[1])]
    boxes = [box for box in boxes if box[2] > box[0]]
    left, right = min(b[0] for b in boxes), max(b[2] for b in boxes)
    bottom, top = min(b[1] for b in boxes), max(b[3] for b in boxes)
    if top - bottom > 1.8 * max(box[3] - box[1] for box in boxes):
        return None  # it goes over two lines
    width, height = page.get_size()
    return left / width, 1 - top / height, right / width, 1 - bottom / height


def test_boxes_lie_where_pdfium_finds_the_words(document: Document) -> None:
    file = SAMPLES / document.path
    opened = pypdfium2.PdfDocument(file)
    held = 0
    for page in document.pages:
        places = page_places(file, page.number)
        assert places.raw == page.raw
        for start, end in sentence_spans(page.text, page.language)[:12]:
            start += len(page.text[start:end]) - len(page.text[start:end].lstrip())
            words = page.text[start:end].split()[:3]
            wanted = found_by_pdfium(opened[page.number - 1], " ".join(words))
            if wanted is None or "\n" in page.text[start : start + 20]:
                continue
            length = len(" ".join(words))
            boxes = quote_boxes(page, places, page.start + start, page.start + start + length)
            assert len(boxes) == 1, words
            box = boxes[0]
            assert box.left == pytest.approx(wanted[0], abs=0.01)
            assert box.right == pytest.approx(wanted[2], abs=0.012)
            assert box.top <= wanted[1] + 0.004 and box.bottom >= wanted[3] - 0.004
            assert box.bottom - box.top < 0.04
            held += 1
    assert held >= 5


def test_a_quote_over_lines_has_a_box_per_line_and_every_word_of_it(document: Document) -> None:
    page = max(document.pages, key=lambda one: len(one.text))
    places = page_places(SAMPLES / document.path, page.number)
    whole = quote_boxes(page, places, page.start, page.start + len(page.text))
    for start, end in sentence_spans(page.text, page.language):
        boxes = quote_boxes(page, places, page.start + start, page.start + end)
        assert boxes
        assert all(any(inside(box, line) for line in whole) for box in boxes)
    spans = raw_spans(page, 0, len(page.text))
    assert all(page.raw[start:end].strip() for start, end in spans)


def inside(box: Box, other: Box) -> bool:
    small = 1e-6
    return (
        other.left - small <= box.left
        and box.right <= other.right + small
        and other.top - small <= box.top
        and box.bottom <= other.bottom + small
    )


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_boxes_follow_a_page_that_is_turned(turn: int) -> None:
    reader = PdfReader(SAMPLES / WITH_TEXT[0])
    writer = PdfWriter()
    writer.add_page(reader.pages[0]).rotate(turn)
    data = io.BytesIO()
    writer.write(data)
    plain = read_places(pypdfium2.PdfDocument(SAMPLES / WITH_TEXT[0])[0])
    turned = read_places(pypdfium2.PdfDocument(data.getvalue())[0])
    # pdfium may tell the lines of a turned page in another order: words are found by themselves.
    compared = 0
    elsewhere = by_text(turned)
    for text, one in by_text(plain).items():
        x0, y0, x1, y1 = one.left, one.top, one.right, one.bottom
        wanted = {
            90: (1 - y1, x0, 1 - y0, x1),
            180: (1 - x1, 1 - y1, 1 - x0, 1 - y0),
            270: (y0, 1 - x1, y1, 1 - x0),
        }[turn]
        other = elsewhere[text]
        assert (other.left, other.top, other.right, other.bottom) == pytest.approx(wanted, abs=1e-3)
        compared += 1
    assert compared > 30


def by_text(places: PagePlaces) -> dict[str, WordPlace]:
    """The words that stand on the page only once."""
    texts = [places.raw[word.start : word.end] for word in places.words]
    return {
        text: word for text, word in zip(texts, places.words, strict=True) if texts.count(text) == 1
    }


def test_a_page_that_is_cut_keeps_the_words_in_place() -> None:
    """A crop box that takes a strip off the left and the top moves the shares accordingly."""
    reader = PdfReader(SAMPLES / WITH_TEXT[0])
    writer = PdfWriter()
    page = writer.add_page(reader.pages[0])
    width, height = float(page.mediabox.width), float(page.mediabox.height)
    page.cropbox.lower_left = (30, 0)
    page.cropbox.upper_right = (width, height - 20)
    data = io.BytesIO()
    writer.write(data)
    plain = read_places(pypdfium2.PdfDocument(SAMPLES / WITH_TEXT[0])[0])
    cut = read_places(pypdfium2.PdfDocument(data.getvalue())[0])
    for one, other in zip(plain.words, cut.words, strict=True):
        assert other.left == pytest.approx((one.left * width - 30) / (width - 30), abs=1e-3)
        assert other.top == pytest.approx((one.top * height - 20) / (height - 20), abs=1e-3)


def test_the_boxes_are_on_ink() -> None:
    """Under each word there is ink on the picture, and hardly any elsewhere."""
    from PIL import Image

    file = SAMPLES / WITH_TEXT[0]
    picture = Image.open(io.BytesIO(page_image(file, 1))).convert("L")
    width, height = picture.size
    assert height / width == pytest.approx(page_shape(file, 1), abs=0.01)
    for word in page_places(file, 1).words:
        box = (
            int(word.left * width) - 1,
            int(word.top * height) - 1,
            int(word.right * width) + 2,
            int(word.bottom * height) + 2,
        )
        assert picture.crop(box).getextrema()[0] < 128
        picture.paste(255, box)
    dark = sum(picture.histogram()[:128])
    assert dark < 0.01 * width * height


def test_addresses() -> None:
    assert original_address("ab", 5) == "/original/ab#page=5"
    assert original_address("ab", base="kordon") == "/kordon/original/ab"
    assert picture_address("ab", 5, "/x/") == "/x/picture/ab/5"
