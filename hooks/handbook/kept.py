"""What takes long to make: kept in .handbook/ until anything that it is made of is another file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from handbook.files import Stamp, stamps, write

MADE_OF = (".yml", ".py", ".css")
"""How the names of files end that something kept may be made of."""


def kept(path: Path, folders: Iterable[Path], make: Callable[[], Any], *, other: str = "") -> Any:
    """What was kept, or else what is made now; it goes through JSON.

    Parameters:
        path: The file that keeps it; where it cannot be written, it is made again every time.
        folders: It is made of the YAML files in these, and by the engine itself.
        make: Makes it.
        other: What else it is made of.
    """
    made_of = sha256(f"{_stamps(folders)!r}{_engine()!r}{other}".encode()).hexdigest()
    stored = _load(path)
    if stored.get("made_of") != made_of or "made" not in stored:
        stored = {"made_of": made_of, "made": make()}
        with suppress(OSError):
            write(path, json.dumps(stored))
    return stored["made"]


def _load(path: Path) -> dict[str, Any]:
    """What a file holds; nothing where there is none, or nothing that can be read."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stored if isinstance(stored, dict) else {}


@cache
def _engine() -> Sequence[Stamp]:
    """The engine itself, which does not change while it runs."""
    return _stamps([Path(__file__).parent])


def _stamps(folders: Iterable[Path]) -> Sequence[Stamp]:
    """The paths, times and sizes of all files of folders."""
    return sorted(stamp for folder in folders for suffix in MADE_OF for stamp in stamps(folder, suffix))
