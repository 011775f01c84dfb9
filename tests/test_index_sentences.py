import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.sentences import sentence_spans

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"

CASES = {
    "en": [
        ["Mr. Smith met Dr. A. B. Jones Jr. in Vienna.", "They signed No. 2 of the list."],
        [
            "See Art. 5 of the Act.",
            "It entered into force on 1 Jan. 2020.",
            "The U.S. Treasury agreed.",
        ],
        ["Article 5. Obligations of banks.", "1. Banks shall identify clients.", "2. They report."],
        ["Rec. 16 vs. Rec. 15, etc. the text decided.", "Acme Inc. was fined."],
        [
            "It names banks, e.g. small ones, i.e. local ones (see para. 4.2).",
            "What about it?",
            "No!",
        ],
        ["“This is it. Really.”", "She said so.", "(He did too.)", "And then... nothing."],
        ["The sum was $1.5 million.", "12 banks paid it."],
        ["Clients are identified.5", "The bank keeps records.[12]", "Nothing else is needed."],
        ["The list covers:", "- banks;", "- notaries;", "- dealers in stones."],
        ["Plan A.", "The second plan failed."],
    ],
    "ru": [
        ["Согласно ст. 218 УК РК, т.е. по закону, в 2020 г. выявлено 5 млн. тенге.", "Это много."],
        ["Об этом сообщил А. Б. Иванов.", "Сумма 3 тыс. руб. не изменилась."],
        ["В 2019 г. Агентство приняло решение.", "Это п. 3 ст. 5 Закона № 12.", "См. также гл. 2."],
        ["«Мы пойдём. Сейчас.»", "Затем он ушёл."],
        ["1. Банки обязаны.", "2. Они сообщают, т. е. передают, и т.д.", "3. Ничего."],
        [
            "Он родился в 1979 г.",
            "ФАТФ (англ. FATF) создана позже.",
            "Живёт в г. Алматы и др. местах.",
        ],
        ["Проф. Иванов И.И. сказал: «Да».", "Ему ответили."],
        ["Это было во 2 веке н. э. и позже.", "Рост составил 5,5 %.", "Итого 1 234,5 млн тенге."],
    ],
}


@pytest.mark.parametrize(
    ("language", "sentences"), [(code, one) for code, all_ in CASES.items() for one in all_]
)
def test_hard_cases(language: str, sentences: list[str]) -> None:
    separator = "\n" if sentences[0].endswith(":") else " "
    text = separator.join(sentences)
    assert [text[start:end] for start, end in sentence_spans(text, language)] == sentences


pieces = st.lists(
    st.sampled_from(
        ["Банк", "bank", "Mr.", "ст.", "5", "2020 г.", "«", "»", "(", ")", "…", ".", "!", "?", "\n",
         "\n\n", "- ", "1.", "A.", "т.е.", " ", "\t", "12)", ";", ":", "U.S.", "\u00a0", "é", "[3]"]
    ),
    max_size=60,
).map(" ".join)  # fmt: skip


@given(st.one_of(st.text(max_size=300), pieces), st.sampled_from(["en", "ru", "kk"]))
@example("0\xa0\n", "en")
def test_nothing_is_lost_and_order_is_kept(text: str, language: str) -> None:
    spans = sentence_spans(text, language)
    at = 0
    for start, end in spans:
        assert at <= start < end <= len(text)
        assert not text[at:start].strip()
        assert not text[start].isspace() and not text[end - 1].isspace()
        at = end
    assert not text[at:].strip()


@pytest.mark.shared
@pytest.mark.parametrize("language", ["en", "ru"])
def test_boundaries_of_xquad_r(language: str) -> None:
    path = SHARED / "xquad_r" / f"{language}.json"
    if not path.is_file():
        pytest.skip("needs ../shared/data/xquad_r")
    hit = extra = missed = 0
    for article in json.loads(path.read_text("utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            text = paragraph["context"]
            gold = {a + len(text[a:b].rstrip()) for a, b in paragraph["sentence_breaks"]}
            ours = {end for _, end in sentence_spans(text, language)}
            hit += len(gold & ours)
            extra += len(ours - gold)
            missed += len(gold - ours)
    assert 2 * hit / (2 * hit + extra + missed) > 0.99
