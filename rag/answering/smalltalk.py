"""Greetings, thanks and calls for help: no questions, so nothing is searched for them."""

import re

_HELLO = (
    r"(?:hello|hi|hey|good (?:morning|afternoon|evening|day)|greetings|привет(?:ствую)?"
    r"|здравствуй(?:те)?|добрый (?:день|вечер)|доброе утро|салам)"
    r"(?:,? (?:there|kordon|all|everyone|кордон|всем|коллеги))?"
)
_THANKS = (
    r"(?:thanks?(?: you)?|thx|ok|okay|great|perfect|bye|goodbye|see you|(?:большое )?спасибо"
    r"|благодарю(?: вас)?|ок|понятно|ясно|хорошо|отлично|пока|до свидания)"
    r"(?: (?:a lot|very much|so much|for your help|большое|за помощь|вам|тебе))?"
)
_HELP = (
    r"(?:help(?: me)?|помощь|помоги(?:те)?|справка|start|/start|/help|test|тест"
    r"|(?:and )?(?:who|what) are you|what can you do(?: for me)?"
    r"|how (?:do you|does (?:this|it)) work"
    r"|how (?:do|can) i use (?:you|this|it)|what (?:can|should) i ask(?: you)?"
    r"|(?:а )?(?:кто|что) ты(?: такой| такое)?|(?:а )?кто вы|что (?:ты|вы) умеешь|что вы умеете"
    r"|как ты работаешь|как (?:тобой|вами|этим) пользоваться|как это работает"
    r"|(?:о )?(?:ч[её]м|что) (?:тебя|вас|у тебя|у вас) можно спр[оа]с\w+)"
)
_PARTS = re.compile(rf"(?:(?:{_HELLO}|{_THANKS}|{_HELP})(?:[\s,.!?:;)(…-]+|$))+", re.IGNORECASE)


def is_small_talk(text: str) -> bool:
    """Whether a text only greets, thanks or asks what Kordon does."""
    return _PARTS.fullmatch(text.strip()) is not None
