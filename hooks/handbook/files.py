"""Reading what people wrote, and writing files: only when the content changes, and never half."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from handbook.errors import InputError, Mistake

Stamp = tuple[str, int, int]
HALF = re.compile(r"\..+\.(?P<pid>\d+)\.\w+\.new")


def read(path: Path, expected: str, hint: str = "") -> str:
    """The text of a file; a byte order mark is none of it.

    Parameters:
        path: The file.
        expected: What it should be, for the message.
        hint: The next step, for the message.

    Raises:
        InputError: Where it cannot be read, or is no UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        mistake = Mistake(path, 1, f"a file that cannot be read: {error.strerror}", expected, hint)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        mistake = Mistake(path, line, "bytes that are not UTF-8", f"{expected} in UTF-8", hint)
    raise InputError([mistake])


def write(path: Path, text: str) -> bool:
    """Write ``text`` to ``path`` unless that is what it holds; readers see the old or the new file, nothing between.

    Returns:
        True where the file changed.
    """
    if path.is_file() and path.read_bytes() == text.encode():
        return False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, text)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None  # the half's name means nothing to anybody
    return True


def _replace(path: Path, text: str) -> None:
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.{os.getpid()}.", suffix=".new", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            os.fchmod(file.fileno(), 0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def remove_halves(folder: Path) -> None:
    """Remove what commands that were killed while they wrote left in a folder and below it."""
    for path in folder.rglob(".*.new"):
        half = HALF.fullmatch(path.name)
        if half and not Path("/proc", half["pid"]).exists():
            path.unlink(missing_ok=True)


def stamps(folder: Path | str, suffix: str) -> Iterator[Stamp]:
    """Every file below a folder: its path, when it changed, its size. Pages ask for it one by one, so it must be quick."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.is_dir():
            yield from stamps(entry.path, suffix)
        elif entry.name.endswith(suffix):
            with suppress(FileNotFoundError):  # a link to nowhere, as some editors make beside a file
                status = entry.stat()
                yield entry.path, status.st_mtime_ns, status.st_size
