"""DOCX, HTML, Markdown and e-mail: what is text is kept in order, what is markup goes."""

import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import BrokenFile, EncryptedFile, UnsupportedFile
from corpus.load import load_document
from corpus.parsers.markdown import parse as parse_markdown
from corpus.types import Document


def load(tmp_path: Path, data: bytes | str, name: str) -> Document:
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    return load_document(path, root=tmp_path)


def blocks(document: Document) -> list[tuple[str, str]]:
    return [
        (block.kind, page.text[block.start : block.end])
        for page in document.pages
        for block in page.blocks
    ]


FOOTNOTES = (
    '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:footnote w:id="2"><w:p><w:r><w:t>Decree No. 7 of 4 May 2021.</w:t></w:r></w:p>'
    "</w:footnote></w:footnotes>"
)
REFERENCE = '<w:r><w:footnoteReference w:id="2"/></w:r>'


def word_file() -> bytes:
    """A document with everything that is easily lost."""
    document = docx.Document()
    document.core_properties.title = "Отчёт о работе"
    document.add_heading("Глава 1. Работа таможни", 1)
    document.add_paragraph("Таможня задержала 48 кг прекурсоров.")
    table = document.add_table(rows=3, cols=3)
    cells = (("Год", "Дела", "Изъято"), ("2021", "34", "12 кг"), ("2022", "51", "48 кг"))
    for row, texts in zip(table.rows, cells, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.add_paragraph("Первый пункт", style="List Bullet")
    document.add_heading("Выводы", 2)
    document.add_paragraph("Конец отчёта.")
    out = io.BytesIO()
    document.save(out)
    return with_footnote(out.getvalue())


def with_footnote(data: bytes) -> bytes:
    """The same file with a footnote, a deletion, an insertion and a content control."""
    out = io.BytesIO()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    content = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            text = source.read(name)
            if name == "word/document.xml":
                body = text.decode()
                end = "48 кг прекурсоров.</w:t></w:r>"
                assert end in body
                body = body.replace(end, end + REFERENCE)
                changed = (
                    "<w:p><w:del><w:r><w:delText>вычеркнуто</w:delText></w:r></w:del><w:ins><w:r>"
                    "<w:t>Вставлено позже.</w:t></w:r></w:ins></w:p><w:sdt><w:sdtContent><w:p><w:r>"
                    "<w:t>В поле формы.</w:t></w:r></w:p></w:sdtContent></w:sdt><w:sectPr"
                )
                text = body.replace("<w:sectPr", changed, 1).encode()
            elif name == "word/_rels/document.xml.rels":
                link = f'<Relationship Id="rIdF" Type="{kind}" Target="footnotes.xml"/>'
                text = text.replace(b"</Relationships>", f"{link}</Relationships>".encode())
            elif name == "[Content_Types].xml":
                part = f'<Override PartName="/word/footnotes.xml" ContentType="{content}"/>'
                text = text.replace(b"</Types>", f"{part}</Types>".encode())
            target.writestr(name, text)
        target.writestr("word/footnotes.xml", FOOTNOTES)
    return out.getvalue()


def test_word_documents_keep_their_order_with_tables_and_footnotes(tmp_path):
    document = load(tmp_path, word_file(), "отчёт.docx")
    assert document.title == "Отчёт о работе"
    assert blocks(document) == [
        ("heading", "Глава 1. Работа таможни"),
        ("paragraph", "Таможня задержала 48 кг прекурсоров."),
        ("paragraph", "Decree No. 7 of 4 May 2021."),
        ("table_row", "Год | Дела | Изъято"),
        ("table_row", "Год: 2021 | Дела: 34 | Изъято: 12 кг"),
        ("table_row", "Год: 2022 | Дела: 51 | Изъято: 48 кг"),
        ("list_item", "Первый пункт"),
        ("heading", "Выводы"),
        ("paragraph", "Конец отчёта."),
        ("paragraph", "Вставлено позже."),
        ("paragraph", "В поле формы."),
    ]


def test_a_table_of_keys_and_values_has_no_header(tmp_path):
    document = docx.Document()
    table = document.add_table(rows=3, cols=2)
    rows = (("Project", "LEICA"), ("Country", "Kazakhstan"), ("Budget", "EUR 5,000"))
    for row, texts in zip(table.rows, rows, strict=True):
        row.cells[0].text, row.cells[1].text = texts
    out = io.BytesIO()
    document.save(out)
    found = blocks(load(tmp_path, out.getvalue(), "card.docx"))
    assert ("table_row", "Country | Kazakhstan") in found


PAGE = """<!DOCTYPE html><html lang="en"><head><title>Workshop in Osh | The Office</title>
<meta property="article:published_time" content="2021-05-20T10:00:00Z">
<meta property="og:site_name" content="The Office"><style>p {{color: red}}</style></head><body>
<header><nav><ul><li><a href="/">Home</a></li><li><a href="/n">News</a></li></ul></nav></header>
<div class="cookie-banner">We use cookies. Accept all.</div>
{body}
<aside class="related"><a href="/x">Other news about something else</a></aside>
<div class="share-buttons"><a>Facebook</a><a>Telegram</a></div>
<footer>Copyright. <a href="/p">Privacy policy</a></footer></body></html>"""
ARTICLE = """<h1>Workshop in Osh</h1><p>Forty <b>officers</b> met in&nbsp;Osh.</p>
<h2>Figures</h2><table><tr><th>Year</th><th>Cases</th></tr><tr><td>2021</td><td>34</td></tr></table>
<ul><li>First point</li><li>Second point<ul><li>Nested point</li></ul></li></ul>
<blockquote>Nobody sees both.</blockquote>"""
EXPECTED = [
    ("heading", "Workshop in Osh"),
    ("paragraph", "Forty officers met in Osh."),
    ("heading", "Figures"),
    ("table_row", "Year | Cases"),
    ("table_row", "Year: 2021 | Cases: 34"),
    ("list_item", "First point"),
    ("list_item", "Second point"),
    ("list_item", "Nested point"),
    ("quote", "Nobody sees both."),
]


@pytest.mark.parametrize(
    "frame",
    [
        "<main>{}</main>",
        "<article>{}</article>",
        '<div id="content">{}</div>',
        "<div class='page'><div class='has-sidebar'>{}</div></div>",
        "<table role='presentation'><tr><td><table><tr><td>{}</td></tr></table></td></tr></table>",
    ],
)
def test_the_main_text_of_a_page_is_kept_whole(tmp_path, frame):
    document = load(tmp_path, PAGE.format(body=frame.format(ARTICLE)), "page.html")
    assert blocks(document) == EXPECTED
    assert document.title == "Workshop in Osh"
    assert (document.date, document.publisher) == ("2021-05-20", "The Office")


def test_a_short_page_does_not_come_out_empty(tmp_path):
    document = load(tmp_path, PAGE.format(body="<div><p>Closed today.</p></div>"), "page.htm")
    assert document.text == "Closed today."


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("windows-1251", "windows-1251"),
        ("koi8-r", "koi8-r"),
        ("utf-8", ""),
        ("windows-1251", ""),
        ("utf-8", "windows-1252x"),
        ("utf-16", ""),
    ],
)
def test_web_pages_in_russian_are_no_mojibake(tmp_path, encoding, declared):
    meta = f'<meta charset="{declared}">' if declared else ""
    text = "<p>Сотрудники таможни прошли обучение в учебном центре и сдали экзамен.</p>"
    page = f"<html><head>{meta}<title>Обучение</title></head><body>{text}</body></html>"
    document = load(tmp_path, page.encode(encoding), "page.html")
    assert document.text == "Сотрудники таможни прошли обучение в учебном центре и сдали экзамен."
    assert document.language == "ru"


MARKDOWN = """---
title: Quarterly note
date: 2021-05-20
author: The Office
---
# Results &amp; plans

Officers of **three** countries met, see [the page](http://a.example/x_(1)).x
They seized 1\\_000 kg of `acetone`.

1. First point
2. Second *point*
   - nested

> A quote.

| Year | Cases |
|------|-------|
| 2021 | 34 |

![a picture](picture.png)

<div>Some <b>raw</b> HTML</div>

##Tight heading
"""


def test_markdown_loses_its_markup_and_keeps_its_places(tmp_path):
    document = load(tmp_path, MARKDOWN, "note.md")
    assert blocks(document) == [
        ("heading", "Results & plans"),
        (
            "paragraph",
            "Officers of three countries met, see the page.x They seized 1_000 kg of acetone.",
        ),
        ("list_item", "1. First point"),
        ("list_item", "2. Second point"),
        ("list_item", "nested"),
        ("quote", "A quote."),
        ("table_row", "Year | Cases"),
        ("table_row", "Year: 2021 | Cases: 34"),
        ("paragraph", "Some raw HTML"),
        ("heading", "Tight heading"),
    ]
    assert (document.title, document.date, document.publisher) == (
        "Quarterly note",
        "2021-05-20",
        "The Office",
    )
    for page in document.pages:
        for run in page.runs:
            clean = page.text[run.clean : run.clean + run.length]
            assert clean == page.raw[run.raw : run.raw + run.length]


def test_a_title_that_goes_on_in_the_next_line_of_the_front_matter(tmp_path):
    front = '---\ntitle: "A Successful Operation\\_in\\_\\\n  Kabul"\ndate: 2022-08-01\n---\n'
    document = load(tmp_path, f"{front}Thanks.\n", "speech.md")
    assert (document.title, document.date) == ("A Successful Operation in Kabul", "2022-08-01")


DUTCH = "##Internationaal Verdrag ter bestrijding van de financiering van terrorisme\n\n"
ENGLISH = "####International Convention for the Suppression of the Financing of Terrorism\n\n"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (DUTCH + ENGLISH + "The Parties agree.\n", ENGLISH),
        (DUTCH + "De Partijen komen overeen.\n", DUTCH),
        (ENGLISH + DUTCH + "The Parties agree.\n", ENGLISH),
    ],
)
def test_a_treaty_goes_by_its_name_in_a_language_of_questions(tmp_path, text, title):
    assert load(tmp_path, text, "treaty.md").title == title.strip("#\n")


@given(st.text(alphabet="ab #*_[]()>`\\|-1.\n!&;<", max_size=60))
@settings(max_examples=300, deadline=None)
def test_pieces_of_markdown_stand_in_the_source_in_order(text):
    (page,) = parse_markdown(Path("x.md"), f"start {text}".encode()).pages
    position = 0
    for part in page.items:
        for piece in part.pieces:
            if not isinstance(piece, str):
                start, end = piece
                assert position <= start <= end <= len(page.raw)
                position = end


def message(**headers: str) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = headers.get("subject", "Бюллетень № 5: итоги квартала")
    mail["From"] = headers.get("sender", "Программа КАЛКАН <news@kalkan.example>")
    mail["Date"] = "Mon, 08 Jul 2024 10:00:00 +0600"
    return mail


def test_mail_subject_sender_date_and_text(tmp_path):
    mail = message()
    mail.set_content("Уважаемые коллеги!\n\nМы провели пять мероприятий в пяти городах.\n")
    mail.add_attachment(b"x", maintype="application", subtype="pdf", filename="отчёт.pdf")
    document = load(tmp_path, mail.as_bytes(), "news.eml")
    assert document.title == "Бюллетень № 5: итоги квартала"
    assert (document.date, document.publisher) == ("2024-07-08", "Программа КАЛКАН")
    assert ("heading", "Бюллетень № 5: итоги квартала") in blocks(document)
    assert "Мы провели пять мероприятий в пяти городах." in document.text
    assert len(document.problems) == 1
    assert '"отчёт.pdf"' in document.problems[0]


def test_the_html_part_of_a_newsletter_is_read_once(tmp_path):
    mail = message(subject="News")
    mail.set_content("Open this letter in your browser.")
    mail.add_alternative(f"<html><body>{ARTICLE}</body></html>", subtype="html")
    found = blocks(load(tmp_path, mail.as_bytes(), "news.eml"))
    assert found[2:] == EXPECTED


@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r", "utf-8", "wrong-name"])
def test_mail_in_old_encodings(tmp_path, charset):
    real = "windows-1251" if charset == "wrong-name" else charset
    body = "Сотрудники таможни прошли обучение в учебном центре."
    raw = (
        b"From: <a@b.example>\r\nSubject: " + "Итоги обучения".encode(real) + b"\r\n"
        b"Date: Mon, 08 Jul 2024 10:00:00 +0600\r\n"
        b"Content-Type: text/plain; charset=" + charset.encode() + b"\r\n"
        b"Content-Transfer-Encoding: 8bit\r\n\r\n" + body.encode(real)
    )
    document = load(tmp_path, raw, "old.eml")
    assert document.title == "Итоги обучения"
    assert body in document.text


@pytest.mark.parametrize(
    ("data", "name", "format_"),
    [
        (word_file, "report.pdf", "docx"),
        (lambda: PAGE.format(body=ARTICLE).encode(), "page.txt", "html"),
        (lambda: PAGE.format(body=ARTICLE).encode(), "page.docx", "html"),
        (lambda: b"Only a text about the border service.", "text.pdf", "text"),
        (lambda: b"# One\n\ntext\n\n## Two\n\ntext\n\n## Three\n\ntext", "note.txt", "markdown"),
        (lambda: b"A text without a suffix, but it is one.", "README", "text"),
    ],
)
def test_a_mislabelled_file_is_read_as_what_it_is(tmp_path, data, name, format_):
    assert load(tmp_path, data(), name).format == format_


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("data", "name", "error"),
    [
        (b"", "empty.pdf", BrokenFile),
        (b" \n\t\n", "blank.txt", BrokenFile),
        (b"\xef\xbb\xbf", "mark.txt", BrokenFile),
        (bytes(range(256)) * 9, "noise.txt", BrokenFile),
        (bytes(range(256)) * 9, "noise.pdf", BrokenFile),
        (b"PK\x03\x04 cut off", "cut.docx", BrokenFile),
        (word_file()[:3000], "half.docx", BrokenFile),
        (b"\x89PNG\r\n\x1a\n....", "picture.pdf", UnsupportedFile),
        (OLE, "old.doc", UnsupportedFile),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "locked.docx", EncryptedFile),
        (b"a,b\n1,2\n", "table.csv", UnsupportedFile),
        (b"<html><body><script>x()</script></body></html>", "script.html", BrokenFile),
        (b"Nothing like a letter", "no.eml", BrokenFile),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(tmp_path, data, name, error):
    with pytest.raises(error) as caught:
        load(tmp_path, data, name)
    sentence = str(caught.value)
    assert name in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
