"""The directory that a person has named for the programs that Debian does not have."""

from __future__ import annotations

import os
from pathlib import Path

from handbook import files
from handbook.errors import UsageError
from handbook.lab.cache import Cache

VARIABLE = "HANDBOOK_BINARIES"


def chosen(cache: Cache) -> Path | None:
    """The directory that a person chose: the environment's, else the one that ``--binaries`` named last; None for no choice."""
    note = _note(cache)
    name = os.environ.get(VARIABLE) or (note.read_text(encoding="utf-8").strip() if note.exists() else "")
    return Path(name) if name else None


def choose(name: str, cache: Cache) -> None:
    """Take programs from a directory, now and in later commands; an empty name returns to fetched releases.

    Raises:
        UsageError: When there is no such directory.
    """
    path = Path(name).resolve()
    if name and not path.is_dir():
        raise UsageError(f"--binaries {name}: no such directory\n  expected: one with VERSION/bin and runtime/bin")
    os.environ[VARIABLE] = str(path) if name else ""
    if name:
        files.write(_note(cache), f"{path}\n")
    else:
        _note(cache).unlink(missing_ok=True)


def _note(cache: Cache) -> Path:
    return cache.root / "binaries"
