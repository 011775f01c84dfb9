"""A whole index as one checksummed file, for a machine without a network.

The archive is an uncompressed tar. Its first member, `kordon-index.json`, names every other one
with its SHA-256, and carries its own; so a cut or changed archive is refused before anything of it
is used.
"""

import hashlib
import io
import json
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import IO

from corpus.errors import IndexDamaged, KordonError, UsageError
from corpus.progress import Progress, Silent
from index.building import now
from index.manifest import MANIFEST, read_manifest
from index.reader import Reader
from index.session import Session
from index.storage import files_below, fsync, sha256_file, storage_errors
from index.verification import verify_generation

HEADER = "kordon-index.json"
FORMAT = 1


def export_index(reader: Reader, target: Path, progress: Progress | None = None) -> int:
    """Write a generation to `target`. Returns the bytes written.

    Raises `UsageError` when the file exists and `IndexDamaged` when the generation is not sound.
    """
    if target.exists():
        raise UsageError(f"{target} exists already; name another file.")
    findings = verify_generation(reader.folder)
    if findings:
        raise IndexDamaged(f"The index is damaged and not exported: {findings[0]}")
    names = files_below(reader.folder)
    sums = {name: sha256_file(reader.folder / name) for name in names}
    waiting = target.with_name(f".{target.name}.new")
    with storage_errors(target.parent):
        try:
            with tarfile.open(waiting, "w", format=tarfile.PAX_FORMAT) as archive:
                _put_header(archive, reader.generation, sums)
                for name in (progress or Silent()).track(
                    names, step="Writing the archive", total=len(names), unit="file"
                ):
                    archive.add(reader.folder / name, arcname=name, recursive=False)
            fsync(waiting)
            waiting.replace(target)
            fsync(target.parent)
        finally:
            waiting.unlink(missing_ok=True)
        return target.stat().st_size


def import_index(session: Session, source: Path) -> int:
    """Make the generation of an archive the live one. Returns its new number.

    Raises `IndexDamaged` for an archive that is cut, changed or of a newer version; the live index
    is untouched then.
    """
    layout = session.layout
    before = layout.live()
    with storage_errors(layout.root):
        folder = layout.building(None)
        try:
            _unpack(source, folder, session.progress)
            manifest = read_manifest(folder)
            findings = verify_generation(folder)
            if findings:
                raise IndexDamaged(f"The index in {source.name} is damaged: {findings[0]}")
            number = layout.following()
            action = f"import of {source.name}"
            manifest = replace(
                manifest, generation=number, parent=before, created=now(), action=action
            )
            layout.seal(folder, manifest)
            layout.publish(folder, number)
            layout.switch(number)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        session.note("import", source.name, before, number, {})
        session.tidy(manifest.card.encoder)
    return number


def _put_header(archive: tarfile.TarFile, generation: int, sums: dict[str, str]) -> None:
    body: dict[str, object] = {"format": FORMAT, "generation": generation, "files": sums}
    body["digest"] = _digest(body)
    data = json.dumps(body, ensure_ascii=False).encode()
    info = tarfile.TarInfo(HEADER)
    info.size = len(data)
    archive.addfile(info, io.BytesIO(data))


def _unpack(source: Path, folder: Path, progress: Progress) -> None:
    """Unpack the files that the header names, each checked while it is written."""
    try:
        with tarfile.open(source, "r:") as archive:
            expected = _header(source, archive)
            members = progress.track(
                _members(archive), step="Reading the archive", total=len(expected), unit="file"
            )
            for member in members:
                digest = expected.pop(member.name, None)
                content = archive.extractfile(member)
                if digest is None or content is None or not member.isfile():
                    raise _refused(source, f"{member.name} does not belong to it")
                if _write(content, folder / member.name) != digest:
                    raise _refused(source, f"{member.name} is damaged")
    except FileNotFoundError:
        raise UsageError(f"{source} does not exist; check the path and try again.") from None
    except (tarfile.TarError, EOFError, UnicodeDecodeError, ValueError) as error:
        raise _refused(source, f"it is cut short or no archive ({error})") from error
    if expected:
        raise _refused(source, f"{len(expected)} files are missing, {min(expected)} first")


def _header(source: Path, archive: tarfile.TarFile) -> dict[str, str]:
    member = archive.next()
    content = archive.extractfile(member) if member and member.name == HEADER else None
    if content is None:
        raise _refused(source, "it was not made by `kordon index export`")
    body = json.loads(content.read())
    if isinstance(body.get("format"), int) and body["format"] > FORMAT:
        raise _refused(source, "it was written by a newer Kordon; install that version here")
    if body.pop("digest", None) != _digest(body):
        raise _refused(source, "its list of files is damaged")
    files: dict[str, str] = body["files"]
    for name in files:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or not name:
            raise _refused(source, f"it names the path {name!r}")
    if MANIFEST not in files:
        raise _refused(source, "it holds no manifest")
    return files


def _members(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    while (member := archive.next()) is not None:
        yield member


def _write(content: IO[bytes], path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with path.open("wb") as file:
        while block := content.read(1 << 20):
            digest.update(block)
            file.write(block)
    return digest.hexdigest()


def _digest(body: dict[str, object]) -> str:
    text = json.dumps(body, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _refused(source: Path, reason: str) -> KordonError:
    return IndexDamaged(f"The archive {source.name} cannot be imported: {reason}.")
