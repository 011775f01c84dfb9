"""Plain text: every encoding is found, lines become paragraphs, and the way back holds."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.cleaning.breaks import Column, Meeting, begins_paragraph
from corpus.cleaning.headings import heading_level
from corpus.cleaning.hyphens import Vocabulary
from corpus.cleaning.weave import Weaver
from corpus.encoding import decode
from corpus.load import load_document
from corpus.parsers.base import Line
from corpus.types import Document

RUSSIAN = (
    "В 2021 году пограничная служба задержала двенадцать человек, которые везли наличные деньги "
    "без декларации. Суд назначил штраф, а деньги были конфискованы в доход государства. Осенью "
    "того же года сотрудники таможни прошли обучение и получили новое оборудование. "
    "Финансовая разведка передала прокуратуре сведения о подозрительных операциях с недвижимостью, "
    "и по этим материалам возбуждено три уголовных дела о легализации преступных доходов."
)
ENGLISH = "Officers of the border service seized 17 kg of precursors; nobody was hurt. " * 4


def load(tmp_path: Path, text: str | bytes, name: str = "note.txt") -> Document:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return load_document(path, root=tmp_path)


def blocks(document: Document) -> list[tuple[str, str]]:
    return [
        (block.kind, page.text[block.start : block.end])
        for page in document.pages
        for block in page.blocks
    ]


ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "koi8-r", "cp866")


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("text", [RUSSIAN, RUSSIAN.upper(), RUSSIAN[:60], RUSSIAN + "\n" + ENGLISH])
def test_russian_text_is_read_in_every_encoding(text, encoding):
    decoded = decode(text.encode(encoding))
    assert decoded is not None
    assert decoded.text == text


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_short_pieces_of_russian_are_never_mojibake(data):
    words = RUSSIAN.split()
    start = data.draw(st.integers(0, len(words) - 8))
    piece = " ".join(words[start : start + data.draw(st.integers(5, 8))])
    encoding = data.draw(st.sampled_from(("cp1251", "koi8-r", "cp866")))
    decoded = decode(piece.encode(encoding))
    assert decoded is not None
    assert decoded.text == piece


def test_latin_text_is_not_taken_for_russian():
    for text, encoding in (
        ("The café at the border cost £5, naïve as it was – a résumé", "cp1252"),
        ("Ärger mit Öl und Übermut in München", "cp1252"),
        ("Zażółć gęślą jaźń i żółw", "cp1250"),
    ):
        decoded = decode(text.encode(encoding))
        assert decoded is not None
        assert decoded.text == text


def test_bytes_that_are_no_text_are_refused():
    assert decode(bytes(range(256)) * 4) is None
    assert decode(b"\x00\x01\x02\x03" * 50) is None


def test_damaged_utf8_is_still_utf8():
    cut = decode(RUSSIAN.encode("utf-8")[:-2])  # the dot and half of the last letter
    assert cut is not None
    assert cut.text == RUSSIAN[:-2] + "\ufffd"
    data = bytearray(RUSSIAN.encode("utf-8"))
    data[100] = 0xFF
    hit = decode(bytes(data))
    assert hit is not None
    assert hit.encoding == "utf-8"
    assert "пограничная служба" in hit.text


raw_texts = st.text(
    alphabet=st.sampled_from("абвгд ABcd\n\t\u00a0\u00ad\u200b\ufeff.-…_123é\u0301йи\u0306"),
    max_size=80,
).map(lambda text: unicodedata.normalize("NFC", text))


@given(raw_texts, st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), max_size=5))
def test_woven_text_leads_back_to_the_raw_text(raw, spans):
    weaver = Weaver(raw)
    places = []
    position = 0
    for a, b in spans:
        start, end = sorted((min(a, len(raw)), min(b, len(raw))))
        start = max(start, position)
        if start >= end:
            continue
        position = end
        weaver.begin("\n\n" if places else "")
        weaver.take(start, end)
        weaver.put(" ")
        span = weaver.finish()
        if span:
            places.append(span)
    text, last = weaver.text, (0, 0)
    for run in weaver.runs:
        assert text[run.clean : run.clean + run.length] == raw[run.raw : run.raw + run.length]
        assert run.length > 0
        assert run.clean >= last[0]
        assert run.raw >= last[1]
        last = (run.clean + run.length, run.raw + run.length)
    sourced = {n for run in weaver.runs for n in range(run.clean, run.clean + run.length)}
    assert all(char.isspace() for n, char in enumerate(text) if n not in sourced)
    assert unicodedata.is_normalized("NFC", text)
    for start, end in places:
        assert text[start:end].strip() == text[start:end] != ""
        assert "  " not in text[start:end]
        assert "\n" not in text[start:end]


def test_hard_wrapped_lines_are_joined_and_paragraphs_kept(tmp_path):
    text = (
        "The workshop in Osh brought together forty officers from three\n"
        "countries. They worked on forged documents and on the pro-\n"
        "filing of travellers for a whole week.\n"
        "\n\n\n"
        "A second workshop followed in May. It was held in Russian and\n"
        "English, and its results are published.\n"
    )
    document = load(tmp_path, text)
    assert [kind for kind, _ in blocks(document)] == ["paragraph", "paragraph"]
    assert "profiling of travellers for a whole week." in document.text
    assert "from three countries." in document.text


def test_columns_run_together_are_joined_again(tmp_path):
    long = (
        "The grant agreement was signed in Bishkek by the ambassador and by the head of the service"
    )
    text = (
        f"{long}, who thanked the donors and the experts of\n\n\n"
        "Interpol for their help with the training that took place in the autumn of that year.\n\n"
        "Hundreds of tons of the pre-\n\n\n\n"
        "cursor chemicals were diverted, said the officers of UN-\n\n"
        "ODC in Tashkent. UNODC will publish the figures.\n"
    )
    document = load(tmp_path, text)
    assert "the experts of Interpol for their help" in document.text
    assert "precursor chemicals" in document.text
    assert "UNODC in Tashkent" in document.text


def test_lists_titles_and_capitals_in_text(tmp_path):
    text = (
        "NEWSLETTER No. 4\n\nTraining\n\n" + ENGLISH + "\n\n"
        "- border officers\n- customs officers\n\n1) first stage\n2) second stage\n"
    )
    found = blocks(load(tmp_path, text))
    assert found[0] == ("heading", "NEWSLETTER No. 4")
    assert found[1] == ("heading", "Training")
    assert ("list_item", "border officers") in found
    assert ("list_item", "2) second stage") in found


def test_a_single_line_of_a_megabyte_is_cut_into_sections(tmp_path):
    document = load(tmp_path, ENGLISH * 3000)
    assert max(len(page.text) for page in document.pages) < 8000
    words = " ".join(document.text.split())
    assert words == " ".join((ENGLISH * 3000).split())


def test_sections_are_labelled_and_hold_about_three_thousand_characters(tmp_path):
    document = load(tmp_path, "\n\n".join(f"{n}. {ENGLISH}" for n in range(60)))
    assert not document.paged
    assert [page.label for page in document.pages[:2]] == ["section 1", "section 2"]
    assert all(2000 < len(page.text) < 4500 for page in document.pages[:-1])


@pytest.mark.parametrize(
    ("before", "after", "answer"),
    [
        ("the pro-", "filing of", "drop"),
        ("the anti-", "money laundering", "close"),  # printed with the hyphen elsewhere
        ("over- and under-", "invoicing of goods", "close"),
        ("over-", "and under-invoicing", "blank"),
        ("in 2020-", "2021", "close"),
        ("said -", "nothing", "blank"),
        ("счетов-", "фактур", "close"),
        ("престу-", "пления", "drop"),
        ("информационно-", "аналитическую систему", "close"),
        ("особенно-", "стями этого", "drop"),
        ("kept up-", "to-date by", "close"),
        ("kept up-to-", "date of", "close"),
        ("организации-наблю-", "датели", "drop"),
        ("a PEP-", "status of", "close"),
        ("said the UN-", "ODC in", "drop"),
        ("the risk is non-", "viable", "close"),
        ("soft\u00ad", "ware", "drop"),
        ("the words", "of others", "blank"),
        ("the words", ", and more", "close"),
    ],
)
def test_hyphens_at_line_ends(before, after, answer):
    known = Vocabulary(
        [
            "date to anti-money laundering",
            "under invoicing of goods",
            "счетов-фактур",
            "преступления",
        ]
    )
    assert known.join(before, after) == answer


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Статья 12. Целевые финансовые санкции", 3),
        ("Глава 3", 1),
        ("Article 5", 3),
        ("Recommendation 10. Customer due diligence", 3),
        ("ОБЩИЕ ПОЛОЖЕНИЯ", 2),
        ("3.2. Methods of the study", 3),
        ("Executive summary", 2),
        ("Article 5 applies to banks and to all other institutions named in the annex;", 0),
        ("The officers went home.", 0),
        ("А. Мамин", 0),
        ("17 Officers were trained", 0),
        ("по делам о", 0),
    ],
)
def test_headings_are_told_from_text(text, level):
    assert heading_level(text) == level


def meeting(before: str, after: str, step: float = 1.0, right: float = 60.0) -> bool:
    last = Line(0, len(before), 0, len(before), 0, 1, 1.0)
    line = Line(0, len(after), 0, len(after), step, step + 1, 1.0)
    column = Column(left=0, right=right, pitch=1.0, wrapped=True)
    return begins_paragraph(Meeting(before, after, last, line, column, len(before), 1.0))


def test_paragraphs_end_where_a_reader_sees_it():
    full = "x" * 58
    assert not meeting(full, "next word")
    assert not meeting(full, "Next word")
    assert meeting("A short line.", "Next word")
    assert not meeting("A short line that goes on", "in small letters")
    assert meeting(full + ".", "Next word", step=2.0)
    assert not meeting(full, "goes on after a gap", step=2.0)
    assert meeting(full + ";", "(b) the second point")
    assert not meeting(full, "417 cases in 2020")
    assert meeting("Introduction ............ 4", "Methods ................ 7")
