"""What went wrong, as one sentence in the reader's language; the rest goes to the log."""

from corpus import errors
from rag.mishap import keep, refusal
from rag.ui.i18n import Translator

# The nearest class of an error decides; `UsageError` and documents say themselves what is wrong.
SENTENCES: dict[type[errors.KordonError], str] = {
    errors.IndexMissing: "problem.index_missing",
    errors.IndexDamaged: "problem.index_damaged",
    errors.IndexLocked: "problem.index_locked",
    errors.ModelError: "problem.model",
    errors.QuestionTooLong: "problem.question_long",
    errors.QuestionError: "problem.question",
    errors.StorageError: "problem.storage",
}
REFUSALS = {
    "memory": "problem.memory",
    "full": "problem.storage",
    "denied": "problem.denied",
}


def sentence(error: Exception, say: Translator) -> str:
    """One sentence for the reader. An error that nobody foresaw is logged under a number."""
    if isinstance(error, errors.StorageError) and isinstance(error.__cause__, PermissionError):
        return say.t(REFUSALS["denied"])
    if isinstance(error, errors.KordonError):
        for kind in type(error).__mro__:
            if kind in SENTENCES:
                return say.t(SENTENCES[kind])
        return say.t("problem.told", what=str(error)) if say.language != "en" else str(error)
    refused = refusal(error)
    if refused:
        return say.t(REFUSALS[refused])
    reference, _ = keep(error)
    return say.t("problem.unforeseen", reference=reference)
