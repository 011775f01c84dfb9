"""Passages that speak to a model rather than to a reader, for administrators to look at.

A flagged passage is never given to the language model; it stays in the index and can be quoted,
since a text on fraud may well cite such an instruction. Letters of the other script that look the
same, and characters that cannot be seen, are taken away before the text is looked at.
"""

import re
import unicodedata
from typing import Literal

Kind = Literal["instruction", "role", "frame", "hidden", "lookalikes", "link"]

_LATIN = "aceopxyABCEHKMOPTXyi"
_CYRILLIC = "асеорхуАВСЕНКМОРТХуі"
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")
_MIXED = re.compile(r"\b(?=\w*[a-zA-Z])(?=\w*[а-яёА-ЯЁ])[^\W\d_]{3,}\b")
_RULES: tuple[tuple[Kind, str], ...] = (
    ("instruction", r"\b(?:ignore|disregard|forget|override|bypass|skip)\b.{0,40}\b(?:previous|prior|above|"
     r"earlier|preceding|all|any|other|your|the)\b.{0,30}\b(?:instruction|rule|prompt|text|direction|"
     r"command|guideline|source|passage|context|message)"),
    ("instruction", r"\b(?:new|updated|real|actual|secret|hidden) (?:system )?(?:instruction|task|directive|"
     r"prompt|order)s?\s*(?:[:.\-—]|is\b|are\b|for)"),
    ("instruction", r"\byou (?:are|must|should|will) (?:now|only|always|instead|never|answer|reply|respond|"
     r"say|act|pretend|output|tell)\b|\bfrom now on\b|\b(?:act|behave) as (?:an?|the|if)\b|"
     r"\bpretend (?:to be|that|you)\b"),
    ("instruction", r"\b(?:system prompt|developer mode|jailbreak|do anything now|language model|AI assistant|"
     r"AI model|chat ?bot|LLM)\b"),
    ("instruction", r"\b(?:answer|reply|respond|output|print|say|write|repeat|return)\b(?:\W+\w+){0,4}?\W+"
     r"(?:only|exactly|verbatim|with the (?:word|phrase|text)|the following|instead|that the answer|"
     r"always|nothing (?:but|else))\b"),
    ("instruction", r"\bdo not (?:tell|inform|mention|reveal|cite|use|quote|show|warn)\b.{0,40}"
     r"\b(?:user|reader|source|passage|anyone|this|document|instruction)"),
    ("instruction", r"\b(?:tell|inform|convince|instruct) the (?:user|reader)\b|\bto the (?:assistant|model|AI)\b|"
     r"\battention,? (?:assistant|model|AI)\b|\b(?:dear|hey|hello),? (?:assistant|model|AI)\b"),
    ("instruction", r"(?:игнориру\w+|проигнориру\w+|забуд\w+|не обраща\w+ внимани\w+ на|отмени\w*|пропуст\w+)"
     r".{0,40}(?:предыдущ|прежн|вышеуказан|выше|прочи|остальн|инструкц|указани|правил|источник|текст|"
     r"команд|сообщени|фрагмент)"),
    ("instruction", r"(?:нов\w+|секретн\w+|настоящ\w+|скрыт\w+|обновл[её]нн\w+) (?:системн\w+ )?(?:инструкци\w+|задани\w+|"
     r"указани\w+|команд\w+)\s*[:.\-—]"),
    ("instruction", r"\b(?:ты|вы) (?:теперь|отныне|больше не|должен ответить|должны ответить|обязан ответить)|"
     r"\b(?:ответь|ответьте|отвечай|отвечайте|напиши|напишите|выведи|выведите|скажи|скажите|повтори|"
     r"повторите|сообщи пользователю|сообщите пользователю)\b(?:\W+\w+){0,4}?\W*(?:только|дословно|слово в слово|"
     r"что|следующ\w+|всегда|вместо|:|«)"),
    ("instruction", r"\bне (?:сообщай\w*|говори\w*|упоминай\w*|показывай\w*|цитируй\w*|раскрывай\w*|используй\w*)\b.{0,40}"
     r"(?:пользовател|читател|источник|документ|инструкц|об этом|фрагмент)"),
    ("instruction", r"\b(?:системн\w+ (?:промпт|инструкци|сообщени|подсказк)\w*|языков\w+ модел\w+|"
     r"(?:уважаем\w+|внимание,?) (?:ассистент|модель|помощник|нейросеть|ИИ)\w*|режим\w* разработчика|"
     r"притвор\w+|веди себя как|действуй как)"),
    ("role", r"<\|[^|>]{1,40}\|>|\[/?INST\]|<<\s*/?SYS\s*>>|<\s*/?\s*(?:system|assistant|user|human|"
     r"im_start|im_end)\b|^\s*(?:#{2,}\s*)?(?:system|assistant|developer|система|ассистент)\s*:|"
     r"#{2,}\s*(?:instruction|response|system|инструкция|ответ)"),
    ("frame", r"<\s*/?\s*(?:source|sources|document|context|passage|data|answer)s?\b[^>]{0,40}>|"
     r"\bend of (?:the )?(?:source|document|context|data)s?\b|\bBEGIN (?:SYSTEM|INSTRUCTIONS?)\b|"
     r"конец (?:источник|документ|контекст|данн)\w+|\"(?:claims|quote|marker|sentence)\"\s*:"),
    ("link", r"!\[[^\]]*\]\([^)]*|\[[^\]]*\]\(\s*https?:[^)]*[?=][^)]*|<\s*(?:img|iframe|script|a\s)[^>]*|"
     r"https?://\S*[?&]\w+=\s*[{\[<$%]|\b(?:send|post|upload|forward|отправ\w+|перешл\w+|загруз\w+)\b.{0,60}"
     r"(?:https?://|www\.|@\w+\.\w+)"),
)
_COMPILED = tuple((kind, re.compile(rule, re.I | re.M | re.S)) for kind, rule in _RULES)


def suspicions(text: str) -> tuple[Kind, ...]:
    """The kinds of attempts that `text` looks like; none for an ordinary passage."""
    found: dict[Kind, None] = {}
    if len(_HIDDEN.findall(text)) >= 2:
        found["hidden"] = None
    seen = unicodedata.normalize("NFKC", _HIDDEN.sub("", text))
    if len(_MIXED.findall(seen)) >= 2:
        found["lookalikes"] = None
    for form in {text, seen, seen.translate(_TO_LATIN), seen.translate(_TO_CYRILLIC)}:
        for kind, rule in _COMPILED:
            if kind not in found and rule.search(form):
                found[kind] = None
    return tuple(found)
