"""Question and text read together: the shipped graph, the code that fits it, what it puts first."""

import random
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import ModelError
from index.encoders.hashing import HashingEncoder
from index.encoders.joint_reader import (
    AGAIN,
    FIRST,
    JointReader,
    LowerLayers,
    Matchable,
    Said,
    joint_reader_of,
    likeness,
    own_tokens,
)
from index.encoders.onnx_encoder import QUESTION_GRAPH, OnnxEncoder
from index.encoders.onnx_session import open_session
from index.models.folder import read_folder
from index.models.joint_graph import write_joint_graph
from index.models.setup import CARD_FILE, NAME, damage, read_card, read_peaks
from index.search.searcher import Searcher
from index.store import IndexStore
from rag.answering.evidence import weigh
from rag.answering.judge import read_columns
from rag.answering.options import AnswerOptions
from rag.answering.pipeline import Pipeline
from rag.answering.ranker import load_ranker
from rag.answering.reading import best_quotes, said_in
from rag.answering.sources import context_of, gather

torch = pytest.importorskip("torch")

from rag.answering.fitting.reading import Course, teach  # noqa: E402
from rag.answering.fitting.reading_data import Pair, pair_of  # noqa: E402
from rag.answering.fitting.reading_graph import read_graph  # noqa: E402
from rag.answering.fitting.reading_model import Joint, loss_of  # noqa: E402

ROOT = Path(__file__).parents[1]
ASKED = (
    (
        "Who opened the meeting on drug control?",
        "The tenth meeting on drug control brought together officials of five countries.",
        "The event was opened by Mr. Kairat Example, the Minister of Foreign Affairs.",
    ),
    (
        "Кто оплатил конференцию по виртуальным активам?",
        "Конференция по виртуальным активам собрала аналитиков из пяти стран.",
        "Мероприятие оплатило правительство Швеции.",
    ),
    (
        "How long must records be kept?",
        "Records of transactions must be kept in a form that courts can use.",
        "They are kept for at least five years after the business relationship ends.",
    ),
    (
        "Когда открылась лаборатория?",
        "Лаборатория может определить более 300 веществ.",
        "Лаборатория начала работу 18 марта 2025 года.",
    ),
)


@pytest.fixture(scope="module")
def lower(encoder: OnnxEncoder, models: Path) -> LowerLayers:
    return LowerLayers(encoder, open_session(models / NAME / AGAIN.lower_graph, 1), told=True)


def matchable(encoder: OnnxEncoder, text: str, *, question: bool = False) -> Matchable:
    encode = encoder.encode_queries if question else encoder.encode_passages
    found = encode([text], tokens=True)
    vectors = found.tokens[0] - found.tokens[0].mean(axis=0)
    return Matchable(text, vectors / np.linalg.norm(vectors, axis=1, keepdims=True), found.spans[0])


def nothing_said(question: Matchable, text: Matchable) -> Said:
    return Said(
        np.zeros((len(question.text), 2), np.float32), np.zeros((len(text.text), 1), np.float32)
    )


@pytest.mark.parametrize(("question", "topic", "answer"), ASKED)
def test_the_sentence_that_answers_is_told_from_the_one_on_the_topic(
    encoder: OnnxEncoder, question: str, topic: str, answer: str
) -> None:
    reader = joint_reader_of(encoder)
    assert reader is not None
    text = f"{topic} {answer}"
    asked, told = matchable(encoder, question, question=True), matchable(encoder, text)
    ((odds, spans),) = reader.read(asked, [told], [nothing_said(asked, told)])
    assert np.isfinite(odds).all() and len(odds) == len(spans)
    behind = spans[:, 1] > len(topic) + 1
    assert np.logaddexp.reduce(odds[behind]) > np.logaddexp.reduce(odds[~behind])


def test_texts_do_not_see_each_other_and_long_ones_are_cut(encoder: OnnxEncoder) -> None:
    reader = joint_reader_of(encoder)
    assert reader is not None
    asked = matchable(encoder, ASKED[0][0], question=True)
    one, other = (matchable(encoder, text) for text in ASKED[0][1:])
    endless = matchable(encoder, "The meeting was long. " * 200)
    every = [one, other, endless]
    together = reader.read(asked, every, [nothing_said(asked, text) for text in every])
    for text, (odds, _) in zip((one, other), together, strict=False):
        alone = reader.read(asked, [text], [nothing_said(asked, text)])[0][0]
        np.testing.assert_allclose(odds, alone, atol=1e-4)
    assert len(together[2][0]) < 200
    assert reader.read(asked, [], []) == []


def test_tokens_find_their_vectors_by_place(encoder: OnnxEncoder, lower: LowerLayers) -> None:
    question, text = ASKED[2][0], ASKED[2][1]
    (asked,), told = lower.questions([question]), lower.passage(text)
    own = matchable(encoder, text)
    alike = likeness(matchable(encoder, question, question=True), asked, own, told)
    assert alike.shape == (len(asked.ids), len(told.ids))
    assert (alike[:, ~own_tokens(told)] == -1).all() and (alike[~own_tokens(asked)] == -1).all()
    named = {text[start:end].strip().lower(): at for at, (start, end) in enumerate(told.spans)}
    where = [question[start:end].strip().lower() for start, end in asked.spans].index("must")
    assert int(alike[where].argmax()) == named["must"]


def test_what_stands_over_a_text_is_read_and_holds_no_answer(
    encoder: OnnxEncoder, lower: LowerLayers
) -> None:
    text = "The audited expenditure was 412,000 euros."
    bare, behind = lower.passage(text), lower.passage(text, "Annual report 2023: ")
    assert len(behind.ids) > len(bare.ids)
    assert behind.spans[own_tokens(behind)].tolist() == bare.spans[own_tokens(bare)].tolist()

    reader = joint_reader_of(encoder)
    assert reader is not None and reader.again is not None
    asked = matchable(encoder, "How much did MERIDIAN spend in 2023?", question=True)
    told = matchable(encoder, text)
    own, other = (
        replace(told, context=f"{title}: ")
        for title in ("MERIDIAN annual report 2023", "Statute of the Port of Gdansk")
    )
    every = reader.again.read(asked, [own, other], [nothing_said(asked, told)] * 2)
    first, second = (float(np.logaddexp.reduce(odds)) for odds, _ in every)
    assert first > second


def test_a_passage_is_told_by_its_title_and_its_last_heading() -> None:
    assert context_of("Annual report 2023", "Annual report 2023 > Money") == (
        "Annual report 2023. Money: "
    )
    assert context_of("Annual report 2023 (final)", "Annual report 2023") == (
        "Annual report 2023 (final): "
    )
    assert context_of("", "") == ""
    assert context_of("FATF", "") == "FATF: "
    assert context_of("ПРОТОКОЛ ЗАСЕДАНИЯ КОМИТЕТА", "") == "Протокол заседания комитета: "
    long = context_of("word " * 40, "heading " * 40)
    assert len(long) < 120 and long.count("word") > 5 and long.count("heading") > 5


def test_encoder_without_a_reader_answers_all_the_same(indexed) -> None:
    reader = indexed("qalqan_newsletter_05_en.pdf")
    searcher = Searcher(reader, HashingEncoder())
    assert joint_reader_of(searcher.encoder) is None
    assert Pipeline(searcher, reader).answer("Where was the memorandum signed?").question


def test_reading_orders_the_quotes_and_can_be_switched_off(
    encoder: OnnxEncoder, tmp_path: Path
) -> None:
    question, topic, answer = ASKED[0]
    filler = " ".join(f"Paragraph {n} is about the rooms of house {n}." for n in range(3))
    (tmp_path / "meeting.txt").write_text(f"{topic} {filler} {answer}", encoding="utf-8")
    store = IndexStore(tmp_path / "home")
    with store.writer(encoder) as writer:
        writer.add([tmp_path / "meeting.txt"])
    with store.open() as opened:
        first = {}
        for read in (6, 0):
            options = AnswerOptions(answerable_precision=0.0, precision=0.0, read=read)
            searcher = Searcher(opened, encoder)
            found = Pipeline(searcher, opened, options).answer(question)
            first[read] = [sentence.text for sentence in found.sentences]
    assert answer in first[6][0]
    assert topic in first[0][0]


class Lengths:
    """Reads that the longest text answers, by so much for each character."""

    room = FIRST.room

    def __init__(self, of_one: float = 1, again: "Lengths | None" = None) -> None:
        self.of_one = of_one
        self.again = again

    def read(self, question: Matchable, texts: list[Matchable], said: list[Said]) -> list:
        spans = np.array([[0, 10_000]], np.int32)
        return [(np.array([self.of_one * len(each.text)], np.float32), spans) for each in texts]


def test_as_many_quotes_are_read_as_asked_and_the_shown_ones_come_first(indexed) -> None:
    reader = indexed("qalqan_newsletter_05_en.pdf", "progress_note_2024_en.md")
    searcher = Searcher(reader, HashingEncoder())
    found = searcher.find("How many officers were trained in 2024?", 6)
    passages = gather(searcher, found, {})
    evidence = weigh(passages, "en", load_ranker("hashing", passages.question.shape[1]))
    assert evidence is not None

    options = AnswerOptions(read=4, sentences=2)
    quotes = best_quotes(evidence, passages, options, Lengths())  # type: ignore[arg-type]
    assert 1 <= len(quotes.groups) <= 2 and 1 <= len(quotes.odds) <= 4
    assert quotes.odds[0] == max(quotes.odds)
    unread = best_quotes(evidence, passages, options, None)
    assert unread.groups[0].best.text and unread.odds == ()

    few = AnswerOptions(read=1, sentences=3)
    alike = replace(evidence, scores=np.zeros_like(evidence.scores))
    one = best_quotes(alike, passages, few, Lengths())  # type: ignore[arg-type]
    every = replace(few, read=20)
    odds = best_quotes(alike, passages, every, Lengths()).odds  # type: ignore[arg-type]
    assert (
        2 <= len(odds) < 20 and sum(odds) <= 2800
    )  # the odds are lengths; there is no time for more
    twice = best_quotes(alike, passages, every, Lengths(again=Lengths(0)))  # type: ignore[arg-type]
    changed = [odd for odd in twice.odds if odd not in odds]
    assert len(changed) == 4 and max(changed) < max(odds)  # no more are read again
    # What was not read is shown all the same, where the ranker alone would show it.
    assert len(one.groups) == 3 and len(one.odds) == 1
    assert one.groups == best_quotes(alike, passages, few, None).groups


def test_the_reader_is_told_what_a_quote_says_and_what_only_stands_around_it(indexed) -> None:
    reader = indexed("progress_note_2024_en.md")
    searcher = Searcher(reader, HashingEncoder())
    question = "Сколько сотрудников обучено в 2024 году?"
    passages = gather(searcher, searcher.find(question, 1), {})
    evidence = weigh(passages, "ru", load_ranker("hashing", passages.question.shape[1]))
    assert evidence is not None
    text = passages.hits[0].chunk.text
    year, stop = text.index("2024"), text.index("2024") + 4
    here, at = said_in(evidence, passages, 0, year, stop), question.index("2024")
    assert here.question[at : at + 4].tolist() == [[1.0, 0.0]] * 4
    assert here.text.shape == (4, 1) and 0 < here.text.max() <= 1
    beside = said_in(evidence, passages, 0, stop, stop + 1)
    assert beside.question[at : at + 4].tolist() == [[0.0, 1.0]] * 4
    assert not beside.text.any() and not beside.question[:8].any()


def test_a_model_of_a_version_without_lower_layers_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "checksums.json").write_text("{}", encoding="utf-8")
    assert damage(tmp_path) == [
        f"{graph} of the model is missing."
        for graph in (AGAIN.lower_graph, FIRST.lower_graph, QUESTION_GRAPH)
    ]


def test_a_model_without_the_layers_of_the_reader_is_of_another_version(
    models: Path, tmp_path: Path
) -> None:
    (tmp_path / NAME).mkdir()
    shutil.copy(models / NAME / CARD_FILE, tmp_path / NAME)
    with pytest.raises(ModelError, match="kordon setup"):
        read_card(tmp_path)


def test_nothing_read_says_nothing() -> None:
    assert read_columns(()) == {"read_first": 0.0, "read_any": 0.0, "read_again": 0.0}
    told = read_columns((2.0, 2.0), (1.0, 1.0))
    assert told["read_first"] == 2.0 and told["read_any"] == pytest.approx(2.0 + np.log(2))
    assert told["read_again"] == pytest.approx(1.0 + np.log(2))


class Drill:
    """The questions above as something to learn from."""

    def __init__(self, lower: LowerLayers, encoder: OnnxEncoder) -> None:
        self.found: list[list[Pair]] = []
        for question, topic, answer in ASKED:
            own = matchable(encoder, question, question=True)
            (asked,) = lower.questions([question])
            text = f"{topic} {answer}"
            told = lower.passage(text)
            right = (told.spans[:, 0] > len(topic)) & own_tokens(told)
            read = (told, lower.states(told)[0], matchable(encoder, text))
            said = nothing_said(own, read[2])
            self.found.append([pair_of((asked, lower.states(asked)[0], own), read, said, right)])

    def __len__(self) -> int:
        return len(self.found)

    def pairs(self, number: int, chance: random.Random) -> list[Pair]:
        return self.found[number]


def test_the_fit_learns_and_its_graph_says_what_it_says(
    lower: LowerLayers, encoder: OnnxEncoder, models: Path, tmp_path: Path
) -> None:
    shape, tensors = read_folder(models / NAME)
    torch.manual_seed(1)
    joint = Joint(shape, tensors, AGAIN.lower)
    own = Drill(lower, encoder)
    pairs = [found[0] for found in own.found]

    def loss() -> float:
        joint.eval()
        with torch.no_grad():
            each = joint(pairs)
            losses = [loss_of([one], [pair]) for one, pair in zip(each, pairs, strict=True)]
            return float(torch.stack(losses).mean())

    before = loss()
    teach(joint, own, own, Course(minutes=60, rate=1e-3, public=2, own=2, steps=40))
    assert loss() < 0.6 * before

    path = tmp_path / "joint.onnx"
    layers = replace(shape, layers=shape.layers - AGAIN.lower)
    write_joint_graph(path, layers, joint.tensors())
    reader = JointReader(lower, open_session(path, 1))
    question, topic, answer = ASKED[0]
    asked = matchable(encoder, question, question=True)
    told = matchable(encoder, f"{topic} {answer}")
    ((odds, _),) = reader.read(asked, [told], [nothing_said(asked, told)])
    with torch.no_grad():
        known = joint(pairs[:1])[0].numpy()[pairs[0].own]
    np.testing.assert_allclose(odds, known, atol=2e-3)

    write_joint_graph(path, layers, joint.tensors(), read_peaks(AGAIN.lower))
    again = Joint(shape, tensors, AGAIN.lower)
    again.load(read_graph(path))
    again.eval()
    with torch.no_grad():
        rounded = again(pairs[:1])[0].numpy()[pairs[0].own]
    assert np.corrcoef(rounded, known)[0, 1] > 0.995

    taught = [one.detach().clone() for one in joint.parameters()]
    start = [torch.zeros_like(one) for one in taught]
    joint.go_back(start, 0.25)
    for own_one, before_one in zip(joint.parameters(), taught, strict=True):
        torch.testing.assert_close(own_one.detach(), 0.75 * before_one)
