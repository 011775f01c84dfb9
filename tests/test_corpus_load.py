"""From folders to documents: what is found, what a person says about it, what holds for all."""

import hashlib
import os
import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from corpus import ocr
from corpus.dates import find_dates, is_date
from corpus.errors import DocumentError, UsageError
from corpus.load import discover, load_document, supported_suffixes
from corpus.strays import strays
from corpus.types import PAGE_SEPARATOR, Document
from corpus.walk import Walk

SHARED = Path(__file__).parents[2] / "shared" / "data"
SAMPLES = Path(__file__).parents[1] / "corpus" / "samples"
TEXT = "The border service seized 17 kg of precursors in Osh on 20 May 2021.\n"


def put(folder: Path, name: str, text: str = TEXT) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def check(document: Document) -> None:
    """What must be true of every document."""
    assert document.text == PAGE_SEPARATOR.join(page.text for page in document.pages)
    for number, page in enumerate(document.pages, 1):
        assert page.number == number
        assert page.label
        assert document.text[page.start : page.start + len(page.text)] == page.text
        last = 0
        for run in page.runs:
            clean = page.text[run.clean : run.clean + run.length]
            assert clean == page.raw[run.raw : run.raw + run.length]
            assert run.clean >= last
            last = run.clean + run.length
        last = 0
        for block in page.blocks:
            assert not page.text[last : block.start].strip()
            assert last <= block.start < block.end
            assert (block.kind == "heading") == (block.level > 0)
            last = block.end
        assert not page.text[last:].strip()


def test_files_are_found_below_folders_in_order_and_once(tmp_path):
    for name in ("б/отчёт.txt", "a.md", ".hidden.txt", ".git/x.txt", "documents.toml", "x.png"):
        put(tmp_path, name)
    old = put(tmp_path, "old.doc")
    found = list(discover([tmp_path, tmp_path / "a.md"]))
    assert found == [
        (tmp_path, tmp_path / "a.md"),
        (tmp_path, old),
        (tmp_path, tmp_path / "б" / "отчёт.txt"),
    ]


def test_a_file_given_by_name_is_taken_whatever_it_is(tmp_path):
    picture = put(tmp_path, "x.png")
    assert list(discover([picture])) == [(tmp_path, picture)]


def test_a_path_that_does_not_exist_is_one_sentence(tmp_path):
    with pytest.raises(UsageError, match=r"nowhere does not exist; .*\.$"):
        list(discover([tmp_path / "nowhere"]))


def test_links_to_folders_are_followed_but_never_round_in_circles(tmp_path):
    root, outside = tmp_path / "root", tmp_path / "outside"
    first, second = put(root, "a.txt"), put(root, "sub/b.txt")
    put(outside, "c.txt")
    put(tmp_path, "beside.txt")
    (root / "sub" / "up").symlink_to("..")
    (root / "sub" / "farther").symlink_to("../..")
    (root / "0").symlink_to("sub")
    (root / "linked").symlink_to(outside)
    (outside / "back").symlink_to(root)
    expected = [first, second, root / "linked" / "c.txt"]
    assert list(discover([root])) == [(root, file) for file in expected]
    assert list(discover([root, root / "sub" / "up"])) == [(root, file) for file in expected]


def test_what_is_neither_a_file_nor_a_folder_is_refused(tmp_path):
    put(tmp_path, "a.txt")
    os.mkfifo(tmp_path / "fifo.txt")
    os.mkfifo(tmp_path / "fifo.png")
    for path in (tmp_path / "fifo.txt", Path("/dev/zero")):
        with pytest.raises(UsageError, match=r"is a pipe, a socket or a device; .*\.$"):
            list(discover([path]))
    walk = Walk()
    assert len(list(walk.files([tmp_path]))) == 1
    ((root, path, sentence),) = walk.refused
    assert (root, path) == (tmp_path, tmp_path / "fifo.txt")
    assert sentence.startswith("fifo.txt is a pipe")
    os.mkfifo(tmp_path / "documents.toml")
    assert load_document(tmp_path / "a.txt", root=tmp_path).label == "public"
    assert "is no file" in strays(tmp_path)[0]


def test_identity_path_and_label(tmp_path):
    path = put(tmp_path, "вложения/отчёт за май.txt")
    document = load_document(path, root=tmp_path, label="internal")
    assert document.id == hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    assert document.path == "вложения/отчёт за май.txt"
    assert (document.root, document.label) == (str(tmp_path), "internal")
    assert document.title == TEXT.strip()
    assert {".pdf", ".docx", ".html", ".md", ".txt", ".eml"} <= supported_suffixes()


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_rights_is_refused(tmp_path):
    path = put(tmp_path, "closed.txt")
    path.chmod(0)
    with pytest.raises(DocumentError, match=r"closed\.txt cannot be read .*\.$"):
        load_document(path, root=tmp_path)


OVERRIDES = """
["a.txt"]
title = "Годовой отчёт"
date = 2021-05-20
publisher = "UNODC"
label = "internal"
language = "en"
["b.txt"]
lable = "internal"
["c.txt"]
date = "20.05.2021"
["d.txt"]
language = "klingon"
"""


def test_overrides_are_taken_and_wrong_ones_concern_their_file_only(tmp_path):
    for name in "abcde":
        put(tmp_path, f"{name}.txt")
    put(tmp_path, "documents.toml", OVERRIDES)
    document = load_document(tmp_path / "a.txt", root=tmp_path)
    assert (document.title, document.date) == ("Годовой отчёт", "2021-05-20")
    assert (document.publisher, document.label, document.language) == ("UNODC", "internal", "en")
    for name, part in (("b", "lable"), ("c", "20.05.2021"), ("d", "klingon")):
        with pytest.raises(DocumentError) as caught:
            load_document(tmp_path / f"{name}.txt", root=tmp_path)
        assert f'documents.toml: the entry ["{name}.txt"]' in str(caught.value)
        assert part in str(caught.value)
    assert load_document(tmp_path / "e.txt", root=tmp_path).label == "public"


def test_a_broken_documents_toml_refuses_only_the_files_that_it_mentions(tmp_path):
    put(tmp_path, "a.txt")
    put(tmp_path, "b.txt")
    put(tmp_path, "documents.toml", '["a.txt"]\nlabel = internal')
    with pytest.raises(DocumentError, match=r"documents\.toml is not valid TOML"):
        load_document(tmp_path / "a.txt", root=tmp_path)
    assert load_document(tmp_path / "b.txt", root=tmp_path).label == "public"
    put(tmp_path, "documents.toml", '["a.txt"]\nlabel = "internal"')
    assert load_document(tmp_path / "a.txt", root=tmp_path).label == "internal"


def test_a_name_without_quotes_refuses_the_file_that_it_means(tmp_path):
    for name in ("a.txt", "b.v2.txt", "c.txt"):
        put(tmp_path, name)
    put(tmp_path, "documents.toml", '[a.txt]\nlabel = "x"\n[b.v2.txt]\n["c.txt"]\ndate = {}\n')
    for name in ("a.txt", "b.v2.txt"):
        with pytest.raises(DocumentError, match=rf'\[{name}\] has no quotes; write \["{name}"\]'):
            load_document(tmp_path / name, root=tmp_path)
    with pytest.raises(DocumentError, match="has the date"):
        load_document(tmp_path / "c.txt", root=tmp_path)
    assert strays(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("Newsletter Issue No. 2 May 2021", ["2021-05"]),
        ("signed on 20th May 2021.", ["2021-05-20"]),
        ("Закон от 28 августа 2009 года № 191-IV", ["2009-08-28"]),
        ("обновлено в феврале 2023 г.", ["2023-02"]),
        ("20.05.2021 г., 12/31/2021", ["2021-05-20", "2021-12-31"]),
        ("April 20, 2021", ["2021-04-20"]),
        ("31 February 2021", ["2021-02"]),
        ("«20» мая 2021 года", ["2021-05-20"]),
        ("version 1.2.2021.4", []),
    ],
)
def test_dates_in_both_languages(text, dates):
    assert [found.iso for found in find_dates(text)] == dates
    assert all(is_date(found.iso) for found in find_dates(text))


def test_every_sample_holds_what_must_hold():
    for root, file in discover([SAMPLES]):
        if file.suffix != ".pdf":
            check(load_document(file, root=root))


@pytest.fixture
def no_tesseract(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    ocr.find_tesseract.cache_clear()
    yield
    ocr.find_tesseract.cache_clear()


def test_documents_are_read_in_several_threads_at_a_time():
    files = [SAMPLES / "qalqan_newsletter_05_en.pdf", SAMPLES / "pamir_link_bulletin_03_en.pdf"] * 4
    with ThreadPoolExecutor(4) as pool:
        texts = list(pool.map(lambda file: load_document(file, root=SAMPLES).text, files))
    assert texts == [load_document(file, root=SAMPLES).text for file in files[:2]] * 4


def test_damaged_files_never_end_in_anything_but_a_sentence(tmp_path, no_tesseract):
    """Every sample with bytes lost or changed is read, or refused as a document error."""
    chance = random.Random(7)
    for _, file in discover([SAMPLES]):
        if file.name.endswith("scan.pdf"):
            continue
        whole = file.read_bytes()
        for turn in range(3):
            data = bytearray(whole)
            if turn == 0:
                del data[chance.randrange(len(data)) :]
            else:
                for _ in range(30):
                    data[chance.randrange(len(data))] = chance.randrange(256)
            path = tmp_path / f"{turn}{file.suffix}"
            path.write_bytes(bytes(data))
            try:
                check(load_document(path, root=tmp_path))
            except DocumentError as error:
                assert str(error).endswith(".")
                assert "\n" not in str(error)


needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="../shared/data is not there: it is no part of the project"
)


@needs_shared
@pytest.mark.shared
def test_real_documents_hold_what_must_hold():
    names = ("seeds", "ctaml")
    files = [
        pair for pair in discover([SHARED / name for name in names]) if pair[1].suffix != ".pdf"
    ]
    assert len(files) == 23
    for root, file in files:
        check(load_document(file, root=root))


@needs_shared
@pytest.mark.shared
def test_real_pdf_files_read_as_they_are_printed():
    folder = SHARED / "ctaml"
    notice = load_document(folder / "fca_starling_en.pdf", root=folder)
    check(notice)
    assert "a financial penalty of £28,959,426 pursuant to section 206 of the Act" in notice.text
    measures = load_document(folder / "kz_gov_915_measures_ru.pdf", root=folder)
    check(measures)
    assert "В соответствии с пунктом 2 статьи 11-1 Закона" in measures.text
    rows = [b for page in measures.pages for b in page.blocks if b.kind == "table_row"]
    assert len(rows) > 20
    glossary = load_document(folder / "kz_afm_crypto_glossary_ru.pdf", root=folder)
    assert [page.label for page in glossary.pages][:3] == ["36", "37", "38"]
    assert all("КРИПТОН" not in page.text[-60:] for page in glossary.pages[:8])


def test_the_date_is_the_issue_not_a_day_that_the_first_paragraph_speaks_of(tmp_path: Path) -> None:
    for opening, date in (
        ("No. 3, Autumn 2023. Border offices between the mountains and the sea", "2023"),
        ("Бюллетень № 4, весна 2024. Пограничные отделения между горами и морем", "2024"),
        ("Dushanbe, 14 May 2022", "2022-05-14"),
    ):
        grant = (
            "The project is paid for by the foundation for regional security, whose grant of four"
            " million runs until 31 March 2026 and may be extended once by a year if the offices in"
            " all three countries are found to be of use."
        )
        path = tmp_path / "bulletin.md"
        path.write_text(f"# Link Bulletin\n\n{opening}\n\n## Six offices\n\n{grant}\n", "utf-8")
        assert load_document(path, root=tmp_path).date == date
