"""Files that are complete or absent: durable writes, checksums, clones by hard link."""

import errno
import hashlib
import os
import shutil
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import StorageError

_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EXDEV, errno.EMLINK, errno.EACCES, errno.ENOSYS}
_MANY = 100  # files from which one flush of everything is quicker than one for each
_FULL = {errno.ENOSPC, errno.EDQUOT}
_SHUT = {errno.EROFS, errno.EACCES, errno.EPERM}


@contextmanager
def storage_errors(folder: Path) -> Iterator[None]:
    """Turn errors of the operating system and of SQLite into one `StorageError` sentence."""
    try:
        yield
    except OSError as error:
        raise StorageError(_sentence(error.errno, str(error.strerror or error), folder)) from error
    except sqlite3.Error as error:
        full = "full" in str(error)
        code = errno.ENOSPC if full else errno.EROFS if "readonly" in str(error) else None
        raise StorageError(_sentence(code, str(error), folder)) from error


def forbidden(path: Path) -> StorageError:
    """What to raise when the operating system does not let this user read a file or a folder."""
    return StorageError(
        f"This user has no permission to read {path}; give it the right to read there and in the "
        "folders above, then try again."
    )


def _sentence(code: int | None, reason: str, folder: Path) -> str:
    if code in _FULL:
        return f"The disk of {folder} is full; free some space, then run the command again."
    if code in _SHUT:
        return f"{folder} is not writable; give this user the right to write there and try again."
    return f"{folder} cannot be read or written ({reason}); check the disk, then try again."


def fsync(path: Path) -> None:
    """Make a file's content, or the names in a folder, durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_file(path: Path, data: bytes | memoryview, *, durable: bool = True) -> None:
    """Put a complete file in the place of an older one, never changing that one's content."""
    waiting = path.with_name(f".{path.name}.new")
    try:
        with waiting.open("wb") as file:
            file.write(data)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        waiting.replace(path)
    except BaseException:
        waiting.unlink(missing_ok=True)
        raise
    if durable:
        fsync(path.parent)


def sha256_file(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def crc32_file(path: Path) -> int:
    """CRC-32 of a file's bytes."""
    value = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            value = zlib.crc32(block, value)
    return value


def link_or_copy(source: Path, target: Path) -> None:
    """A second name for the same file where the file system can, else a copy."""
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        shutil.copy2(source, target)


def clone_tree(source: Path, target: Path, *, copied: frozenset[str] = frozenset()) -> None:
    """Clone a folder by hard links; files with a name in `copied` become files of their own."""
    target.mkdir(parents=True)
    with os.scandir(source) as entries:
        for entry in entries:
            path = target / entry.name
            if entry.is_dir(follow_symlinks=False):
                clone_tree(Path(entry.path), path, copied=copied)
            elif entry.name in copied:
                shutil.copyfile(entry.path, path)
            else:
                link_or_copy(Path(entry.path), path)


def files_below(folder: Path) -> list[str]:
    """Paths of all files below a folder, relative to it, with `/`, sorted."""
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


def sync_tree(folder: Path) -> None:
    """Make a freshly written tree durable: every file that is not a link to an older one."""
    fresh = [folder]
    for path in folder.rglob("*"):
        if path.is_dir() or path.stat().st_nlink == 1:
            fresh.append(path)
    if len(fresh) > _MANY:
        os.sync()
        return
    for path in fresh:
        fsync(path)
