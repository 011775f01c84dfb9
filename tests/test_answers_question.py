"""Questions as they are asked: checked, their language and kind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import QuestionError
from rag.answering.kinds import Kind
from rag.answering.language import question_language
from rag.answering.patterns import is_unreal
from rag.answering.phrases import say, table
from rag.answering.question import read_question
from rag.answering.question_kinds import asks_for_each, focus_of, question_kind


@given(st.text(max_size=300))
def test_any_text_is_a_question_with_a_word_or_one_sentence_of_error(text: str) -> None:
    try:
        asked = read_question(text, 200)
    except QuestionError as error:
        assert str(error).endswith(".") and "\n" not in str(error)
        return
    assert any(character.isalnum() for character in asked.text)
    assert asked.text == asked.text.strip() and asked.language in ("en", "ru")


@pytest.mark.parametrize(
    "text", ["", "   ", "?!…", "«»", "\u200b\u200b", "-" * 50_000, "a" * 50_000]
)
def test_what_cannot_be_asked(text: str) -> None:
    with pytest.raises(QuestionError):
        read_question(text, 2_000)


def test_soft_hyphens_vanish_and_breaks_become_spaces() -> None:
    assert read_question("FA\u00adTF\nplenary ?", 100).text == "FATF plenary ?"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What is ФАТФ?", "en"),
        ("Что такое FATF?", "ru"),
        ("FATF APG EAG", "en"),
        ("ФАТФ", "ru"),
        ("Кто руководит KGZ/T90?", "ru"),
        ("Who chairs the ЕАГ Plenary?", "en"),
        ("price of the training", "en"),
        ("цена сканера UNODC", "ru"),
        ("2021?", "en"),
    ],
)
def test_language_of_short_and_mixed_questions(text: str, language: str) -> None:
    assert question_language(text) == language


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Who led the programme?", "person"),
        ("Кто сменил директора?", "person"),
        ("When was the memorandum signed?", "date"),
        ("В каком году открыт центр?", "date"),
        ("How many officers were trained?", "count"),
        ("Скольких человек осудил суд?", "count"),
        ("What was the value of the equipment?", "money"),
        ("На какую сумму подписан договор?", "money"),
        ("What share of reports arrived late?", "percent"),
        ("Какая доля сообщений возвращена?", "percent"),
        ("How long does the course last?", "duration"),
        ("На какой срок заключён договор?", "duration"),
        ("Where was the cash found?", "place"),
        ("Где проходил семинар?", "place"),
        ("Which article defines terrorism?", "law"),
        ("Каким указом создано агентство?", "law"),
        ("Which agency leads the work?", "body"),
        ("Какой орган ведёт реестр?", "body"),
        ("Why was the tender repeated?", "reason"),
        ("Почему повторили конкурс?", "reason"),
        ("What is hawala?", "definition"),
        ("Что такое хавала?", "definition"),
        ("May a bank send reports in batches?", "boolean"),
        ("Можно ли отправлять сообщения пакетами?", "boolean"),
        ("List the partner countries", "list"),
    ],
)
def test_what_a_question_asks_for(text: str, kind: Kind) -> None:
    assert question_kind(text) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        # Only the first question word counts, and only the noun that belongs to it.
        ("Which counterpart accounts must be covered when details are supplied?", "other"),
        ("What work of banks should supervisors examine when monitoring risk?", "other"),
        ("Are Guidance Papers binding when compliance is assessed?", "boolean"),
        ("What does a bank do about a beneficiary who is named in person?", "other"),
        ("What should countries do?", "other"),
        ("Who are beneficial owners when a foundation holds the shares?", "person"),
        ("Which regional body leads the work?", "body"),
        ("By what date must the register be kept?", "date"),
        ("In Kazakhstan, who supervises pawnshops?", "person"),
        ("По каким вопросам сотрудничают страны, когда своего гражданина судят дома?", "list"),
        ("Какие сделки банка надзорный орган может отклонить?", "list"),
        ("В каком разрезе программа банка описывает управление рисками?", "other"),
        ("С какой угрозой странам следует бороться?", "other"),
        ("Какую опубликованную информацию банк учитывает?", "other"),
        ("Какой надзорный орган ведёт реестр?", "body"),
        ("По какому закону наказывают банк?", "law"),
        ("Какого числа подписан приказ?", "date"),
        # In the present tense "when" asks for a circumstance, unless something happens then.
        ("When may a firm appoint the officer of another firm?", "other"),
        ("When is the next workshop?", "date"),
        ("When does the regulation take effect?", "date"),
        ("Когда банк вправе отказать клиенту?", "other"),
        ("Когда вступает в силу приказ?", "date"),
        ("Когда открылся пост?", "date"),
        # What comes before the question itself.
        ("When a bank closes an account, what must it tell the client?", "other"),
        ("Если клиент отказался назвать себя, кто сообщает об этом?", "person"),
        ("Could you tell me when the workshop was held?", "date"),
        ("Обязан ли банк хранить данные, когда клиент ушёл?", "boolean"),
        ("In how many countries was it held?", "count"),
        ("Within how many days must it report?", "duration"),
        ("В каком государстве прошёл курс?", "place"),
        ("Каково число участников?", "count"),
        ("How late may the identity be verified?", "duration"),
        ("For how long must records be kept?", "duration"),
        ("How many countries took part in each course?", "list"),
        ("explosives prohibited by the convention", "other"),
        ("цена сканера", "money"),
    ],
)
def test_words_elsewhere_in_a_question_do_not_decide(text: str, kind: Kind) -> None:
    assert question_kind(text) == kind


def test_what_is_counted() -> None:
    text = "How many containers were opened?"
    start, end = focus_of(text) or (0, 0)
    assert text[start:end].startswith("containers")
    assert focus_of("Who opened it?") is None
    assert asks_for_each("Сколько участников в каждой стране?")
    assert not asks_for_each("How many participants came from Kazakhstan?")


def test_every_phrase_exists_in_both_languages_with_equal_placeholders() -> None:
    import string

    for key, forms in table().items():
        assert set(forms) == {"en", "ru"}, key
        fields = [
            sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)
            for text in forms.values()
        ]
        assert fields[0] == fields[1], key
    assert say("lead.many", "kk", count=2) == say("lead.many", "en", count=2)


@pytest.mark.parametrize(
    ("text", "unreal"),
    [
        ("Were it not for this discount, the fine would have been higher.", True),
        ("The Authority would otherwise have imposed more.", True),
        ("Без скидки штраф составил бы 40 млн евро.", True),
        ("The Authority hereby imposes a fine.", False),
        ("Нужна хотя бы одна подпись, чтобы отменить решение.", False),
        ("Банк должен сообщить об этом.", False),
    ],
)
def test_what_would_have_been_is_told_from_what_was(text: str, unreal: bool) -> None:
    assert is_unreal(text) is unreal
