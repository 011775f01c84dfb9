"""Chats: kept, exported as text that stays text, judged; each reader has his own."""

import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.feedback import candidates as feedback_candidates
from rag.types import Sentence
from rag.ui import markup
from rag.ui.ask_state import Desk
from rag.ui.chat_exports import file_name, plain, reference
from rag.ui.chats import Chat, ChatStore, Turn, dumped, loaded, new_chat, new_id, now
from rag.ui.export_docx import to_docx
from rag.ui.export_markdown import escaped, to_markdown
from rag.ui.feedback import FILE, keep_verdict
from rag.ui.i18n import LANGUAGES, Translator
from rag.ui.readers import Reader, is_name, new_name
from rag.ui.source import Mention

HOSTILE = (
    '<script>alert("1")</script> **bold** [link](http://example.org) ![x](http://e.org/x.png) '
    "=HYPERLINK(1) `code` $x$ :red[no] www.example.org a@b.cd \u202egnp.exe \x00\x08 # 1. + -"
)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=60)


def mention(**changes: object) -> Mention:
    plain_one = Mention(
        "0" * 16, "folder/report.pdf", "A report", 5, "iii", 10, 20, "the quote", "EAG", "2024-05"
    )
    return replace(plain_one, **changes)


def turn(question: str = "Who?", text: str = "the quote", **changes: object) -> Turn:
    made = Turn(
        id=new_id(), question=question, understood=question, language="en", asked=now(),
        answered=True, confidence=0.9, lead="They say:", notice="",
        sentences=(Sentence(text, ("1", "2"), (), (0, 3)),),
        marks={"1": mention(), "2": mention(quote="other words", page=7)},
        related=(), generation=3, answerer="extractive", timings_ms={"search": 1.5},
    )  # fmt: skip
    return replace(made, **changes)


def refusal(**changes: object) -> Turn:
    return turn(answered=False, sentences=(), marks={}, related=(mention(),), lead="", **changes)


def chat(*turns: Turn, title: str = "A chat") -> Chat:
    made = replace(new_chat(), title=title)
    for one in turns:
        made = made.with_turn(one)
    return made


# Keeping


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=4), TEXTS)
def test_a_chat_is_read_as_it_was_written(texts: list[tuple[str, str]], title: str) -> None:
    kept = chat(*(turn(q, t, reason=t, verdict="up") for q, t in texts), refusal(), title=title)
    assert loaded(dumped(kept)) == kept


def test_chats_are_listed_newest_first_and_bad_files_do_no_harm(tmp_path: Path) -> None:
    store = ChatStore(tmp_path / "chats")
    assert store.entries() == []
    chats = [
        replace(chat(turn(), title=name), changed=f"2026-01-0{day}T00:00:00+00:00")
        for day, name in enumerate(("a", "b", "c"), 1)
    ]
    for one in chats:
        store.save(one)
    (store.folder / f"{'f' * 16}.json").write_text('{"form": 1, "turns": [{}]}', "utf-8")
    (store.folder / f"{'e' * 16}.json").write_bytes(b"\xff\xfe\x00")
    (store.folder / "notes.json").write_text("{}", "utf-8")
    assert [entry.title for entry in store.entries()] == ["c", "b", "a"]
    assert store.load(chats[0].id) == chats[0]
    assert store.load("f" * 16) is None and store.load("../../etc/passwd") is None
    store.save(chats[1].renamed("  another\n title "))
    assert store.entries()[0].title == "another title"
    store.delete(chats[1].id)
    store.delete("../" + chats[0].id)
    assert [entry.title for entry in store.entries()] == ["c", "a"]
    assert (store.folder / f"{chats[0].id}.json").stat().st_mode & 0o077 == 0


def test_readers_have_folders_of_their_own(tmp_path: Path) -> None:
    one, other = new_name(), new_name()
    assert is_name(one) and not is_name("../x") and not is_name("") and not is_name("a" * 500)
    first, second = Reader.of(tmp_path, one), Reader.of(tmp_path, other)
    assert first.folder != second.folder and first == Reader.of(tmp_path, one)
    assert one not in str(first.folder)
    first.remember("ru")
    assert (first.language(), second.language()) == ("ru", "")
    (first.folder / "preferences.json").write_text("[", "utf-8")
    assert first.language() == ""


def test_two_windows_of_one_reader_lose_no_turn(tmp_path: Path) -> None:
    store = ChatStore(tmp_path)
    first = Desk(tmp_path, store)
    first.answered(turn("one?"))
    second = Desk(tmp_path, store)
    second.reopen(first.chat.id)
    first.answered(turn("two?"))
    second.answered(turn("three?"))
    kept = store.load(first.chat.id)
    assert kept and [one.question for one in kept.turns] == ["one?", "two?", "three?"]


def test_asking_anew_takes_the_place_of_the_turn(tmp_path: Path) -> None:
    desk = Desk(tmp_path, ChatStore(tmp_path))
    first, second = turn("one?"), turn("two?", understood="two, in full?")
    desk.answered(first)
    desk.answered(second)
    assert desk.chat.before() == "two, in full?"
    assert desk.chat.before(second.id) == "one?" and desk.chat.before(first.id) is None
    desk.ask("  one, better?  ", first.id)
    assert desk.wish and desk.wish.question == "one, better?"
    desk.answered(turn("one, better?", id=first.id))
    assert [one.question for one in desk.chat.turns] == ["one, better?", "two?"]
    assert desk.chat.title == "one?"
    desk.delete()
    assert desk.store.entries() == [] and desk.chat.turns == ()


# Verdicts


def test_verdicts_are_read_by_the_evaluators(tmp_path: Path) -> None:
    desk = Desk(tmp_path, ChatStore(tmp_path / "chats"))
    liked, refused = turn(f"Who {HOSTILE}?", understood="Who is it?"), refusal(language="ru")
    desk.answered(liked)
    desk.answered(refused)
    desk.judge(liked.id, "up")
    desk.judge(liked.id, "up", "because\nof this")
    desk.judge(liked.id, "up", "because\nof this")  # said twice, kept once
    desk.judge(refused.id, "down", "it is there")
    desk.judge("none", "down")
    rows = [json.loads(line) for line in (tmp_path / FILE).read_text("utf-8").splitlines()]
    assert [row["verdict"] for row in rows] == ["up", "up", "down"]
    good, bad = feedback_candidates(tmp_path / FILE)
    assert good["question"] == "Who is it?"
    assert [answer["quote"] for answer in good["answers"]] == ["the quote", "other words"]
    assert good["note"] == "answer liked: because of this"
    assert bad["answers"] == [] and bad["note"] == "refusal disliked: it is there"
    assert desk.store.load(desk.chat.id).turns[1].verdict == "down"  # type: ignore[union-attr]
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


def test_verdicts_of_many_threads_stay_whole_lines(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    judged = turn("long " * 400, verdict="down", reason="x" * 3000)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: keep_verdict(tmp_path, judged), range(40)))
    lines = (tmp_path / FILE).read_text("utf-8").splitlines()
    assert len(lines) == 40 and all(len(json.loads(line)["reason"]) == 2000 for line in lines)


# Exports


def rendered(text: str) -> str:
    """What a reader of the Markdown sees, by an independent renderer; fails on any markup."""
    from markdown_it import MarkdownIt

    html = MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(text)
    inner = re.fullmatch(r"<p>(.*)</p>\n", html, re.DOTALL)
    assert inner or not html, html
    assert not inner or "<" not in inner[1], html
    import html as entities

    return entities.unescape(inner[1]) if inner else ""


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=80))
@settings(max_examples=300)
def test_text_stays_text_in_markdown(text: str) -> None:
    assert rendered(escaped(text)) == plain(text)


def test_hostile_text_stays_text_in_markdown() -> None:
    assert rendered(escaped(HOSTILE)) == plain(HOSTILE)
    assert "\u202e" not in escaped(HOSTILE) and "http\\:" in escaped(HOSTILE)
    assert "www\\." in escaped(HOSTILE)
    for start in (
        "- a",
        "+ a",
        "1. a",
        "12) a",
        "# a",
        "> a",
        "    a",
        "***",
        "---",
        "===",
        "a  b",
    ):
        assert rendered(escaped(start)) == " ".join(start.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chat_as_markdown_has_its_footnotes(language: str) -> None:
    say = Translator(language)
    text = to_markdown(chat(turn(HOSTILE, HOSTILE), refusal(), title=HOSTILE), say)
    assert len(re.findall(r"^\[\^\d\]: ", text, re.MULTILINE)) == 3
    assert re.findall(r"(?<!^)\[\^(\d)\](?!:)", text) == ["1", "2", "3"]
    assert "<script" not in text.replace("\\<script", "")
    assert f"**{escaped(say.t('ask.refused'))}**" in text
    assert "EAG, " + ("May 2024" if language == "en" else "май 2024") in text
    assert text.count("\n# ") + text.startswith("# ") == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chat_as_word_has_real_footnotes(language: str) -> None:
    import docx

    say = Translator(language)
    data = to_docx(chat(turn(HOSTILE, HOSTILE, understood="in full?"), refusal()), say)
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        notes = file.read("word/footnotes.xml").decode()
        body = file.read("word/document.xml").decode()
        assert "footnotes+xml" in file.read("[Content_Types].xml").decode()
        assert "relationships/footnotes" in file.read("word/_rels/document.xml.rels").decode()
        assert "w:footnotePr" in file.read("word/settings.xml").decode()
    assert re.findall(r'<w:footnoteReference w:id="(\d+)"', body) == ["1", "2", "3"]
    assert set(re.findall(r'<w:footnote [^>]*w:id="(-?\d+)"', notes)) == {"-1", "0", "1", "2", "3"}
    assert reference(mention(), say) in notes and "«other words»" in notes
    document = docx.Document(io.BytesIO(data))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert [text for text in texts if text.startswith(plain(HOSTILE))] == [
        plain(HOSTILE),  # the question
        plain(HOSTILE) + ",",  # the sentence, a comma between its two marks
    ]
    assert say.t("ask.understood", question="in full?") in texts
    assert say.t("ask.refused") in texts
    styles = [style.name for style in document.styles]
    assert "footnote reference" in styles and "footnote text" in styles


def test_the_word_file_can_be_taken_in_again(tmp_path: Path) -> None:
    """Kordon's own reader sees the sentences and the footnotes' text."""
    from corpus.load import load_document

    file = tmp_path / "chat.docx"
    file.write_bytes(
        to_docx(chat(turn(text="Ten officers were trained in Osh.")), Translator("en"))
    )
    document = load_document(file, root=tmp_path)
    assert "Ten officers were trained in Osh." in document.text


def test_json_is_what_is_kept() -> None:
    made = chat(turn(HOSTILE))
    assert json.loads(dumped(made))["turns"][0]["question"] == HOSTILE


@given(st.text(max_size=200))
def test_names_of_files_are_allowed_everywhere(title: str) -> None:
    name = file_name(replace(new_chat(), title=title), "docx")
    assert re.fullmatch(r'[^\x00-\x1f<>:"/\\|?*]{1,80}\.docx', name)
    assert not name.startswith((".", " ")) and "\u202e" not in name


# Labels that Streamlit reads as Markdown


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_text_stays_text_in_labels(text: str) -> None:
    assert rendered(markup.label(text)) == " ".join(text.translate(markup.OVERRIDES).split()) or (
        "\x00" in text
    )
