"""How answers are compared: normalised, then word by word.

The SQuAD rules (Rajpurkar et al. 2016: lower case, no punctuation, no articles, single spaces),
with what Russian and numbers need: `ё` is `е`, Unicode is NFKC, and a number is one word however
it is grouped (1,234.5 = 1 234,5), because dropping punctuation alone would make 6.5 into 65.
"""

import re
import unicodedata

ARTICLES = frozenset({"a", "an", "the"})
# Digits in groups of three after a comma, a space, a no-break or thin space, or an apostrophe;
# then perhaps decimals. Not part of a longer run of digits.
GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:[ ,'’\u00a0\u2009\u202f]\d{3})+(?![\d])")
DECIMAL = re.compile(r"(?<=\d)[.,](?=\d)")
WORD = re.compile(r"[^\W_]+(?:·[^\W_]+)*")


def words_of(text: str) -> list[str]:
    """Normalised words of an answer or a quote."""
    # NFKC turns the thin spaces inside numbers into plain ones.
    text = unicodedata.normalize("NFKC", text).lower().replace("ё", "е")
    text = GROUPED.sub(lambda match: re.sub(r"\D", "", match[0]), text)
    text = DECIMAL.sub("·", text)
    return [word for word in WORD.findall(text) if word not in ARTICLES]


def normalise_answer(text: str) -> str:
    """The normalised words with single spaces."""
    return " ".join(words_of(text))


def holds(quote: str, answer: str) -> bool:
    """Whether the words of `answer` stand in `quote` one after the other (never inside a word)."""
    inside, whole = words_of(answer), words_of(quote)
    if not inside:
        return answer.strip() != "" and answer.strip() in quote
    return f" {' '.join(inside)} " in f" {' '.join(whole)} "
