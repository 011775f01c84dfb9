"""Which of our two languages a text without a language label is in."""


def language_by_script(text: str) -> str:
    """ "ru" when most letters are Cyrillic, else "en".

    Only for data sets that do not say: they hold English and Russian and nothing else. Documents
    of the product go through `corpus`, which knows Kazakh from Russian.
    """
    letters = [character for character in text if character.isalpha()]
    cyrillic = sum("\u0400" <= character <= "\u04ff" for character in letters)
    return "ru" if 2 * cyrillic > len(letters) else "en"
