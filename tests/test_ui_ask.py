"""Chats: kept, exported as text that stays text, judged; sources with the quote in its place."""

import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.progress import Silent
from eval.feedback import candidates as feedback_candidates
from rag.assemble import Kordon, assemble
from rag.settings import Settings
from rag.types import Sentence
from rag.ui import markup
from rag.ui.ask_state import Desk
from rag.ui.ask_steps import Steps
from rag.ui.chat_exports import file_name, plain, reference
from rag.ui.chats import Chat, ChatStore, Turn, dumped, loaded, new_chat, new_id, now
from rag.ui.conversation import ask
from rag.ui.examples import Examples, candidates, tried
from rag.ui.export_docx import to_docx
from rag.ui.export_markdown import escaped, to_markdown
from rag.ui.feedback import FILE, keep_verdict
from rag.ui.i18n import LANGUAGES, Translator
from rag.ui.readers import Reader, is_name, new_name
from rag.ui.source import Mention, open_source

HOSTILE = (
    '<script>alert("1")</script> **bold** [link](http://example.org) ![x](http://e.org/x.png) '
    "=HYPERLINK(1) `code` $x$ :red[no] www.example.org a@b.cd \u202egnp.exe \x00\x08 # 1. + -"
)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=60)
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def kordon(shell) -> Kordon:
    return assemble(Settings(home=shell.home, embedder="hashing"))


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


# Asking


def test_the_steps_are_told_and_a_follow_up_is_understood(kordon: Kordon) -> None:
    heard: list[str] = []
    first = ask(
        kordon, "How many border officers were trained in Bishkek in 2023?", listen=heard.append
    )
    assert heard[:2] == ["read", "search"] and "verify" in heard
    assert first.understood == first.question and first.id and first.timings_ms
    second = ask(kordon, "And in 2022?", before=first.understood)
    assert second.question == "And in 2022?"
    assert "2022" in second.understood and "border officers" in second.understood
    assert second.understood not in second.notice
    third = ask(kordon, "And in 2022?", turn_id=second.id)
    assert third.id == second.id and third.understood == third.question


class Place:
    """Where the steps are drawn; keeps what was drawn."""

    def __init__(self) -> None:
        self.drawn: list[str] = []

    def html(self, body: str) -> None:
        self.drawn.append(body)


def now_at(body: str) -> str:
    return re.findall(r'k-now">([^<]+)<', body)[0]


def test_steps_go_forward_only_and_a_composed_answer_has_one_more() -> None:
    quoting, composing = Place(), Place()
    steps = Steps(Translator("en"), quoting)
    for stage in ("read", "search", "choose", "verify"):
        steps(stage)
    assert [now_at(body) for body in quoting.drawn] == [
        "Searching",
        "Reading",
        "Checking the quotes",
    ]
    steps = Steps(Translator("en"), composing)
    heard = [
        "read",
        "extractive",
        "read",
        "search",
        "choose",
        "verify",
        "search",
        "gate",
        "compose",
        "repair",
        "unknown",
    ]
    for stage in heard:
        steps(stage)
    shown = [now_at(body) for body in composing.drawn]
    assert list(dict.fromkeys(shown)) == ["Searching", "Reading", "Writing", "Checking the quotes"]
    assert shown == sorted(shown, key=list(dict.fromkeys(shown)).index)


WRITER = """
import re
from rag.generation.chain import AnyChatModel
from rag.generation.options import LlmOptions
from rag.generation.scripted import Scripted

GOOD = "The fine for late declaration of cash is EUR 500."


def script(prompt):
    source = re.search(r"<source (\\w+)>\\n[^<]*EUR 500", prompt)[1]
    claim = '{"quote": "%s", "source": "%s", "sentence": "%s"}' % (GOOD, source, GOOD)
    yield from '{"claims": [%s]}' % claim


class Writer(AnyChatModel):
    def __init__(self, searcher, reader, settings):
        told = LlmOptions(form="json", retries=1)
        super().__init__(searcher, reader, settings, llm=told, model=Scripted(script=script))
"""


def test_a_composed_answer_is_shown_sentence_by_sentence(
    model_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "models").symlink_to(model_home / "models")
    (tmp_path / "fines.txt").write_text("The fine for late declaration of cash is EUR 500.\n")
    (tmp_path / "ui_writer.py").write_text(WRITER, "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    kordon = assemble(Settings(home=tmp_path / "home", answerer="ui_writer:Writer"))
    with kordon.writer(Silent()) as writer:
        writer.add([tmp_path / "fines.txt"])
    place = Place()
    steps = Steps(Translator("en"), place)
    made = ask(
        kordon, "What is the fine for late declaration of cash?", listen=steps, said=steps.said
    )
    good = "The fine for late declaration of cash is EUR 500."
    assert [sentence.text for sentence in made.sentences] == [good]
    assert made.marks[made.sentences[0].markers[0]].document == "fines.txt"
    assert good in place.drawn[-1] and "Writing" in place.drawn[-1]
    kordon.close()


def test_examples_come_from_the_texts_and_are_answered(kordon: Kordon) -> None:
    with kordon.view() as view:
        made = {c.question for c in candidates(view, "en")}
        assert "How many border officers were trained?" in made
        shown = tried(view, "en")
        assert set(shown) <= made
        assert all(view.ask(question).answered for question in shown)
    examples = Examples(kordon)
    for _ in range(200):
        ready = examples.ready(1, "en")
        if ready is not None:
            break
        import time

        time.sleep(0.05)
    assert ready == shown


def test_a_source_is_shown_in_its_surroundings_or_not_at_all(kordon: Kordon) -> None:
    answer = ask(kordon, "Сколько сообщений получило подразделение финансовой разведки?")
    opened = (*answer.marks.values(), *answer.related)[0]
    with kordon.reader() as reader:
        source = open_source(reader, opened)
        assert source and source.quote == opened.quote and not source.picture and source.original
        text = reader.text(opened.document_id)
        assert source.before.removeprefix("… ") + source.quote in text
        assert open_source(reader, replace(opened, quote="something else")) is None
        assert open_source(reader, replace(opened, document_id="0" * 16)) is None
