"""The language of a question: English or Russian, also when acronyms of the other script are in it.

A question is too short for a statistical detector ("Что такое FATF?" is half Latin), so it is
decided by its function words, and only without any by the script of its words. Words in capitals
and digits say little: they are names that keep their script in either language.
"""

import re

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
CYRILLIC = re.compile(r"[\u0400-\u052f]")

_ENGLISH = """
a an and are as at be been by can could did do does for from had has have how in is it its many much
of on or over shall should tell than that the their them there these they this to under was were
what when where which who whom whose why will with would
"""
_RUSSIAN = """
без бы был была были было быть в во где для до если есть за и из или их к как какая какие каким
какими каких каков какова каковы какого какое какой каком какому какую ко когда кого кому которая
которого которое которой которые который кто ли либо между на над не ни о об он она они от по под
после почему при про с сколько со то у чего чей чем чём что чтобы это
"""
FUNCTION_WORDS = {"en": frozenset(_ENGLISH.split()), "ru": frozenset(_RUSSIAN.split())}


def question_language(text: str) -> str:
    """ "en" or "ru"; a text without letters is English."""
    words = WORD.findall(text)
    lowered = [word.lower() for word in words]
    russian = sum(word in FUNCTION_WORDS["ru"] for word in lowered)
    english = sum(word in FUNCTION_WORDS["en"] for word in lowered)
    if russian != english:
        return "ru" if russian > english else "en"
    plain = [word for word in words if not word.isupper()] or words
    cyrillic = sum(len(word) for word in plain if CYRILLIC.search(word))
    return "ru" if cyrillic * 2 > sum(map(len, plain)) else "en"
