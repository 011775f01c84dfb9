"""Names of languages and kinds of files in the reader's language."""

from rag.ui.i18n import Translator


def language_name(say: Translator, code: str) -> str:
    """ "English" for "en"; a code without a name stays as it is."""
    names = {
        "en": say.t("name.en"),
        "ru": say.t("name.ru"),
        "kk": say.t("name.kk"),
        "ky": say.t("name.ky"),
        "uz": say.t("name.uz"),
        "tg": say.t("name.tg"),
        "other": say.t("name.other"),
    }
    return names.get(code, code)


def format_name(say: Translator, code: str) -> str:
    """ "Web page" for "html"; a code without a name is shown in capitals."""
    names = {
        "pdf": "PDF",
        "docx": "DOCX",
        "html": say.t("name.html"),
        "markdown": "Markdown",
        "text": say.t("name.text"),
        "email": say.t("name.email"),
    }
    return names.get(code, code.upper())
