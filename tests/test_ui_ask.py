"""Asking: steps, follow-ups, composed answers, examples, and the source in its surroundings."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import QuestionError
from corpus.progress import Silent
from rag.assemble import Kordon, assemble
from rag.settings import Settings
from rag.ui.ask_steps import Steps
from rag.ui.conversation import ask
from rag.ui.examples import Examples, candidates, tried
from rag.ui.i18n import Translator
from rag.ui.problems import sentence
from rag.ui.source import open_source


@pytest.fixture(scope="module")
def kordon(shell) -> Kordon:
    return assemble(Settings(home=shell.home, embedder="hashing"))


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


@pytest.mark.parametrize(("language", "word"), [("en", "too long"), ("ru", "слишком длинный")])
def test_a_question_that_is_too_long_is_told_so(kordon: Kordon, language: str, word: str) -> None:
    with pytest.raises(QuestionError) as told:
        ask(kordon, "border officers " * 200)
    assert word in sentence(told.value, Translator(language))


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
