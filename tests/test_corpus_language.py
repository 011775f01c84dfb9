"""Languages of Central Asia are told apart, also in headings and short strings."""

import socket

import pytest

from corpus.language import detect, main_language

TEXTS = {
    "ru": [
        "Рекомендации",
        "СТАТЬЯ 12. ОБЩИЕ ПОЛОЖЕНИЯ",
        "Росфинмониторинг подвёл итоги года",
        "Семинар прошёл в Бишкеке при участии Ә. Қасымова и представителей ведомств",
        "Узбекистан и Таджикистан подписали соглашение о сотрудничестве",
        "О мерах",
        "Перечень сокращений",
        "ФАТФ",
    ],
    "kk": [
        "Қазақстан Республикасының Заңы",
        "ҚАРЖЫЛЫҚ МОНИТОРИНГ АГЕНТТІГІ",
        "Шекара арқылы қолма-қол ақша өткізетін адам оны кеден органына жазбаша мәлімдейді.",
    ],
    "ky": [
        "Кыргыз Республикасынын Өкмөтү",
        "Бишкек шаарында семинар өттү, ага укук коргоо органдарынын кызматкерлери катышты.",
        "КЫРГЫЗ РЕСПУБЛИКАСЫ",
        "Мамлекеттик финансылык чалгындоо кызматы отчет берди",
    ],
    "tg": [
        "Ҷумҳурии Тоҷикистон",
        "Бонки миллии Тоҷикистон дар Душанбе семинар баргузор намуд",
        "ҚОНУНИ ҶУМҲУРИИ ТОҶИКИСТОН",
    ],
    "uz": [
        "O‘zbekiston Respublikasi Bosh prokuraturasi",
        "Toshkent shahrida seminar bo'lib o'tdi",
        "Ўзбекистон Республикаси",
        "Жиноий фаолиятдан олинган даромадларни легаллаштиришга қарши курашиш тўғрисида",
    ],
    "en": [
        "FATF",
        "AML/CFT",
        "THE FATF RECOMMENDATIONS",
        "Table of Contents",
        "Article 5",
        "Border liaison offices in Termez",
        "In 2020 the office trained 120 officers in Dushanbe, Osh and Qo'qon.",
    ],
    "other": [
        "Le terrorisme est financé par des dons et des trafics de toutes sortes.",
        "Der Bericht behandelt die Geldwäsche und die Finanzierung des Terrorismus.",
        "Боротьба з відмиванням коштів та фінансуванням тероризму в Україні є пріоритетом",
        "غسل الأموال وتمويل الإرهاب",
        "12345",
        "",
    ],
}


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language, some in TEXTS.items() for text in some]
)
def test_languages(language, text):
    assert detect(text) == language


def test_the_model_comes_with_the_package_and_is_never_fetched(monkeypatch):
    def refuse(*_: object) -> None:
        raise AssertionError("no connection is needed")

    monkeypatch.setattr(socket, "socket", refuse)
    assert detect("Workers of the customs service met in Osh on Monday.") == "en"


def test_a_long_text_is_not_slow():
    assert detect("Деньги были конфискованы в доход государства. " * 20_000) == "ru"


def test_a_document_is_other_only_if_it_mostly_is():
    from collections import Counter

    assert main_language(Counter(en=40, other=60)) == "en"
    assert main_language(Counter(en=10, other=90)) == "other"
    assert main_language(Counter(ru=10, kk=30)) == "kk"
    assert main_language(Counter()) == "other"
