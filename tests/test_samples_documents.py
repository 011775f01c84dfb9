"""The sample documents: every format, both languages, readable, and built from their sources."""

import subprocess
import sys
import tomllib
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pypdf
import pytest

from corpus.load import discover, load_document
from corpus.types import Document

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "corpus" / "samples"
SOURCES = ROOT / "tools" / "samples"
PAIR = ("qalqan_newsletter_05_en.pdf", "qalqan_newsletter_05_ru.pdf")
DISAGREEING = {  # officers trained in 2024, from the first report to the audited one
    "progress_note_2024_en.md": "612",
    "godovoy_otchet_2024_utochnennyy_ru.docx": "587",
    "qalqan_annual_report_2024_final_en.pdf": "594",
}


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    return {file.name: load_document(file, root=root) for root, file in discover([SAMPLES])}


def test_there_are_documents_in_every_format_and_both_languages(documents):
    assert len(documents) >= 16
    formats = Counter(Path(name).suffix for name in documents)
    assert set(formats) == {".pdf", ".docx", ".html", ".md", ".txt", ".eml"}
    languages = Counter(document.language for document in documents.values())
    assert languages["ru"] >= 8
    assert languages["en"] >= 8


def test_the_samples_are_small():
    assert sum(file.stat().st_size for file in SAMPLES.iterdir()) < 2_000_000


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("hawala_typologies_note_en.txt", "utf-8"),
        ("modelnyy_zakon_nalichnye_ru.txt", "windows-1251"),
        ("uchebnyy_tsentr_khudzhand_ru.txt", "koi8-r"),
        ("протокол_руководящего_комитета_4.txt", "utf-16"),
    ],
)
def test_plain_texts_are_in_the_encoding_that_they_are_samples_of(name, encoding, documents):
    text = (SAMPLES / name).read_bytes().decode(encoding)
    first = next(line for line in text.splitlines() if line.strip())
    assert first in documents[name].text


def test_no_document_is_mojibake(documents):
    for name, document in documents.items():
        assert "\ufffd" not in document.text, name
        assert "Ð" not in document.text, name


def test_the_two_column_bulletin_is_read_column_by_column(documents):
    text = documents["pamir_link_bulletin_03_en.pdf"].text
    assert "took part in 71 joint operations" in " ".join(text.split())
    assert text.index("Where the offices are") < text.index("Women at the border")


def test_printed_page_labels_are_roman_in_the_front_matter(documents):
    pages = documents["qalqan_programme_document_en.pdf"].pages
    assert [page.label for page in pages][:4] == ["i", "ii", "1", "2"]


def test_the_scan_has_no_text_layer():
    reader = pypdf.PdfReader(SAMPLES / "letter_focal_point_scan.pdf")
    assert all(not page.extract_text().strip() for page in reader.pages)


def test_navigation_and_footer_of_the_pages_are_left_out(documents):
    for name in ("container_control_page_en.html", "novosti_seminar_eag_ru.html"):
        text = documents[name].text
        for noise in ("Vacancies", "Cookie settings", "Подписка на рассылку", "конфиденциальности"):
            assert noise not in text, name


def test_a_footer_whose_page_number_stands_apart_on_one_page_is_left_out(documents):
    text = documents["pamir_link_bulletin_03_en.pdf"].text
    assert "Sample text" not in text
    assert "Darband alone accounts for 48 per cent of the total weight." in text
    assert [page.label for page in documents["pamir_link_bulletin_03_en.pdf"].pages] == ["1", "2"]


def test_the_parallel_pair_says_the_same_in_figures(documents):
    english, russian = (documents[name].text for name in PAIR)
    for figure in ("132", "34", "43", "51", "78", "40", "12"):
        assert figure in english
        assert figure in russian
    assert "186,500" in english
    assert "186 500" in russian.replace("\u00a0", " ")


def test_three_documents_disagree_on_one_figure_and_their_dates_tell_which_is_newest(documents):
    for name, figure in DISAGREEING.items():
        assert figure in documents[name].text
    dates = [documents[name].date for name in DISAGREEING]
    assert dates == sorted(dates)
    assert dates[-1].startswith("2025-06")


def test_acronyms_stand_in_both_scripts(documents):
    everything = " ".join(document.text for document in documents.values())
    for acronym in ("FATF", "ФАТФ", "EAG", "ЕАГ", "UNODC", "УНП ООН", "AML/CFT", "ПОД/ФТ"):
        assert acronym in everything
    assert "STR" in everything
    assert "СПО" in everything


def test_one_document_has_kazakh_and_tajik_passages(documents):
    text = documents["pamyatka_perevozchika_ru_kk_tg.txt"].text
    assert "қолма-қол ақша" in text
    assert "пули нақд" in text


def test_labels_come_from_the_overrides(documents):
    overrides = tomllib.loads((SAMPLES / "documents.toml").read_text(encoding="utf-8"))
    assert set(overrides) <= set(documents)
    labels = {name: document.label for name, document in documents.items()}
    assert labels["promezhutochnaya_otsenka_ru.docx"] == "restricted"
    assert labels["протокол_руководящего_комитета_4.txt"] == "internal"
    assert labels["qalqan_newsletter_05_en.pdf"] == "public"


@pytest.mark.skipif(find_spec("fpdf") is None, reason="fpdf2 is not installed: pip install fpdf2")
def test_the_samples_are_what_the_tool_writes(tmp_path):
    tool = "from build_samples import build; import sys; from pathlib import Path; "
    code = tool + "build(Path(sys.argv[1]), Path(sys.argv[2]))"
    environment = {"SOURCE_DATE_EPOCH": "1751328000", "PYTHONPATH": str(ROOT / "tools")}
    subprocess.run(
        [sys.executable, "-c", code, str(SOURCES), str(tmp_path)], check=True, env=environment
    )
    written = {file.name for file in tmp_path.iterdir()}
    assert written == {file.name for file in SAMPLES.iterdir()} - {"documents.toml"}
    for file in tmp_path.iterdir():
        if file.suffix not in (".pdf", ".docx"):  # those depend on the versions of their libraries
            assert file.read_bytes() == (SAMPLES / file.name).read_bytes(), file.name
