"""Every error a user can see. The message is one sentence that says what is wrong and the remedy.

KordonError
+-- UsageError            a setting or an argument is wrong
+-- DocumentError         a file cannot be taken in; the other files still are
|   +-- UnsupportedFile   no parser for this kind of file
|   +-- BrokenFile        the file is damaged, empty or not what its name says
|   +-- EncryptedFile     the file needs a password
+-- ModelError            an embedding or language model is missing or does not load
+-- IndexError_           the index is missing, damaged, locked or of another model
|   +-- IndexMissing      nothing has been indexed yet
|   +-- IndexDamaged      a checksum or an invariant does not hold
|   +-- IndexLocked       another process is writing
+-- StorageError          the disk is full or not writable
+-- QuestionError         a question that cannot be asked (empty, too long)
"""


class KordonError(Exception):
    """Base of all errors shown to users; `str(error)` is one sentence."""


class UsageError(KordonError):
    """A setting or an argument is wrong."""


class DocumentError(KordonError):
    """A file cannot be taken in."""


class UnsupportedFile(DocumentError):
    """No parser for this kind of file."""


class BrokenFile(DocumentError):
    """The file is damaged, empty or not what its name says."""


class EncryptedFile(DocumentError):
    """The file needs a password."""


class ModelError(KordonError):
    """An embedding or language model is missing or does not load."""


class IndexError_(KordonError):
    """The index is missing, damaged, locked or of another model."""


class IndexMissing(IndexError_):
    """Nothing has been indexed yet."""


class IndexDamaged(IndexError_):
    """A checksum or an invariant does not hold."""


class IndexLocked(IndexError_):
    """Another process is writing."""


class StorageError(KordonError):
    """The disk is full or not writable."""


class QuestionError(KordonError):
    """A question that cannot be asked."""


class QuestionTooLong(QuestionError):
    """A question with more characters than are read."""
