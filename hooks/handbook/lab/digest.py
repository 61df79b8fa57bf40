"""Digests of everything that goes into a cached part, so that a part is built again exactly when something of that changes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

LENGTH = 16
"""Hexadecimal digits; 64 bits are plenty for the few parts of one machine."""


def digest(words: Sequence[str], *folders: Path) -> str:
    """Digest some words and every file below some folders: its path there, whether it is executable, its content."""
    found = hashlib.sha256()
    for piece in (*words, *(piece for folder in folders for piece in _pieces(folder))):
        data = piece.encode() if isinstance(piece, str) else piece
        found.update(b"%d:" % len(data) + data)
    return found.hexdigest()[:LENGTH]


def digest_of_file(path: Path) -> str:
    """Digest what a large file holds; read once in a process as long as its size and time stay."""
    found = path.stat()
    return _digest_of_file(path, found.st_size, found.st_mtime_ns)


@cache
def _digest_of_file(path: Path, _size: int, _modified: int) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()[:LENGTH]


def is_executable(path: Path) -> bool:
    """Whether git would call the file executable; everything else about its mode depends on who cloned."""
    return bool(path.stat().st_mode & 0o100)


def _pieces(folder: Path) -> Iterator[str | bytes]:
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield path.relative_to(folder).as_posix()
        yield "x" if is_executable(path) else "-"
        yield path.read_bytes()
