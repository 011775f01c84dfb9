"""What libraries raise over damaged files besides their own errors.

File formats are read by code that trusts its input; a damaged file then shows as any of these, far
from the place where it was damaged. Only calls into such libraries are guarded with them.
"""

import struct
import zlib
from zipfile import BadZipFile

DAMAGE = (
    ArithmeticError, AssertionError, AttributeError, BadZipFile, EOFError, LookupError,
    NotImplementedError, OSError, RecursionError, TypeError, ValueError, struct.error, zlib.error,
)  # fmt: skip
