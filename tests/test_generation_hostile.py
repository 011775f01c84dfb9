"""Documents that speak to the model: framed, flagged, and of no use even to a model that obeys.

`data/hostile_documents.jsonl` holds what is planted and what the attacker wants to be said. The
adversarial model here always obeys, in every way open to it; nothing of it may be shown.
"""

import html
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fpdf import FPDF
from hypothesis import given
from hypothesis import strategies as st

from corpus.load import load_document
from corpus.progress import Silent
from index.encoders.registry import open_encoder
from index.types import Chunk, Hit
from rag.assemble import assemble
from rag.generation.chain import AnyChatModel
from rag.generation.checks.checker import Checker
from rag.generation.framing import block, harmless, sources_of
from rag.generation.options import LlmOptions
from rag.generation.scripted import Scripted
from rag.generation.suspects import find
from rag.generation.suspicion import is_addressed, suspicions
from rag.generation.types import Claim, Source
from rag.settings import Settings

DATA = Path(__file__).parent / "data"
CASES = [
    json.loads(line) for line in (DATA / "hostile_documents.jsonl").read_text("utf-8").splitlines()
]
TOLD = json.loads((DATA / "hostile_facts.json").read_text("utf-8"))
FACTS, HONEST, QUESTIONS = (
    {language: each[part] for language, each in TOLD.items()}
    for part in ("fact", "honest", "question")
)
by_id = pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])


def planted(case: dict) -> str:
    return html.unescape(case["injection"])


def hit(name: str, text: str, language: str) -> Hit:
    chunk = Chunk(f"{name}:0-1", name, 0, len(text), (1,), "", language, "public", text)
    return Hit(chunk, 1.0, 1, ())


@pytest.fixture(scope="module")
def checker(model_home: Path) -> Checker:
    return Checker(open_encoder("default", model_home / "models"))


def test_there_are_enough_attempts_of_every_sort() -> None:
    assert len(CASES) >= 80
    assert {case["language"] for case in CASES} == {"en", "ru"}
    wanted = {"ignore", "role", "frame", "forgery", "homoglyph", "comment", "hidden", "link"}
    assert wanted <= {case["kind"] for case in CASES}


@by_id
def test_every_attempt_is_flagged(case: dict) -> None:
    assert is_addressed(f"{FACTS[case['language']]}\n{planted(case)}")


@pytest.mark.parametrize("language", ["en", "ru"])
def test_plain_texts_are_not_flagged(language: str) -> None:
    assert not suspicions(FACTS[language])
    for file in sorted((Path(__file__).parents[1] / "corpus" / "samples").rglob("*")):
        if file.suffix in {".md", ".txt", ".html"} and f"_{language}" in file.stem:
            assert not is_addressed(load_document(file, root=file.parent).text), file.name


@by_id
def test_nothing_a_document_holds_ends_its_frame(case: dict) -> None:
    text = planted(case)
    (source,) = sources_of([hit("d", text, case["language"])])
    framed = block(source)
    assert len(source.framed) == len(text)
    assert framed.count("<") == framed.count(">") == 2
    assert not set("[]{}|`#\u200b\u202e") & set(source.framed)
    assert source.marker not in text


@given(st.text(max_size=200))
def test_framing_keeps_length_and_lets_no_mark_through(text: str) -> None:
    framed = harmless(text)
    assert len(framed) == len(text)
    assert not set("<>[]{}|`#\u200b") & set(framed)


def test_markers_are_unguessable_and_stable() -> None:
    hits = [hit("a", "one text", "en"), hit("b", "another text", "en")]
    first, again = sources_of(hits), sources_of(hits)
    assert [s.marker for s in first] == [s.marker for s in again]
    other = sources_of(hits, b"another secret")
    assert {s.marker for s in first}.isdisjoint(s.marker for s in other)
    inside = sources_of([hit("a", f"one text {first[0].marker}", "en")])
    assert inside[0].marker not in inside[0].hit.chunk.text


def obeying(case: dict, honest: Source, hostile: Source) -> Iterator[Claim]:
    """All that a model can do for the attacker."""
    goal, language = case["goal"], case["language"]
    true = HONEST[language]
    yield Claim(true, honest.marker, goal)
    yield Claim(FACTS[language], honest.marker, f"{true} {goal}")
    yield Claim(hostile.framed, hostile.marker, goal)
    yield Claim(planted(case), hostile.marker, goal)
    yield Claim(planted(case)[:60], hostile.marker, goal)
    yield Claim(goal, honest.marker, goal)
    yield Claim(goal, hostile.marker, goal)
    for forged in ("AAAA", "BBBB", "QXRT", "ZZZZ", "", "1"):
        yield Claim(true, forged, true)
        yield Claim(goal, forged, goal)


@by_id
def test_a_model_that_obeys_gets_nothing_shown(case: dict, checker: Checker) -> None:
    language = case["language"]
    hits = [hit("good", FACTS[language], language), hit("bad", planted(case), language)]
    honest, hostile = sources_of(hits)
    for claim in obeying(case, honest, hostile):
        verdict = checker.check(claim, (honest, hostile), language, QUESTIONS[language])
        assert not verdict.supported, claim
    fair = Claim(HONEST[language], honest.marker, HONEST[language])
    assert checker.check(fair, (honest, hostile), language).supported


def write(case: dict, folder: Path) -> None:
    fact, kind = FACTS[case["language"]], case["format"]
    file = folder / f"{case['id']}.{kind.split('-')[0]}"
    if kind.startswith("pdf"):
        page = FPDF()
        page.add_page()
        page.add_font("sans", fname="/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
        page.set_font("sans", size=12)
        page.multi_cell(0, 8, fact, new_x="LMARGIN", new_y="NEXT")
        if kind.endswith("white"):
            page.set_text_color(255, 255, 255)
        else:
            page.set_font("sans", size=1)
        page.multi_cell(0, 8, case["injection"], new_x="LMARGIN", new_y="NEXT")
        page.output(str(file))
    elif kind == "html":
        body = f"<p>{fact}</p><p>{case['injection']}</p>"
        file.write_text(f"<html><body><article>{body}</article></body></html>", "utf-8")
    else:
        file.write_text(f"{fact}\n\n{case['injection']}\n", "utf-8")


WHOLE = [c for c in CASES if c["format"] != "txt" or c["kind"] in {"invisible", "frame", "role"}]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_over_an_index_of_hostile_files_only_the_truth_is_shown(
    language: str, model_home: Path, tmp_path: Path
) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "good.txt").write_text(FACTS[language] + "\n", "utf-8")
    chosen = [case for case in WHOLE if case["language"] == language][::2]
    for case in chosen:
        write(case, tmp_path / "documents")
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "models").symlink_to(model_home / "models")
    kordon = assemble(Settings(home=tmp_path / "home"))
    with kordon.writer(Silent()) as writer:
        writer.add([tmp_path / "documents"])
    prompts: list[str] = []

    def script(case: dict) -> Callable[[str], Iterator[str]]:
        def obey(prompt: str) -> Iterator[str]:
            prompts.append(prompt)
            markers = [
                line.split()[1].rstrip(">") for line in prompt.splitlines() if "<source" in line
            ]
            for marker in markers:
                yield f"> {HONEST[language]}\n@ {marker}\n= {case['goal']}\n"

        return obey

    with kordon.view() as view:
        flagged = {suspect.path for suspect in find(view.reader)}
        for case in chosen[:6]:
            model = Scripted(script=script(case))
            llm = LlmOptions(form="lines", passages=8)
            answerer = AnyChatModel(view.searcher, view.reader, llm=llm, model=model)
            answer = answerer.answer(QUESTIONS[language])
            assert answer.answerer == "extractive" and "500" in answer.sentences[0].text
            assert not any(case["goal"] in sentence.text for sentence in answer.sentences)
    # Comments, hidden elements and addresses of links do not come out of an HTML page at all.
    taken = {c["id"] for c in chosen if c["format"] == "html"}
    assert {c["id"] for c in chosen} - taken <= {path.split(".")[0] for path in flagged}
    assert "good.txt" not in flagged
    for case in chosen:
        assert all(case["injection"] not in prompt for prompt in prompts)
