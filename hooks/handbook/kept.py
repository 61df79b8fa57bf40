"""What takes long to make: kept in .handbook/ until anything that it is made of is another file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from handbook.files import write

ENGINE = Path(__file__).parent


def kept(path: Path, folders: Iterable[Path], make: Callable[[], Any], *, other: str = "") -> Any:
    """What was kept, or else what is made now; it goes through JSON.

    Parameters:
        path: The file that keeps it; where it cannot be written, it is made again every time.
        folders: It is made of the YAML files in these, and by the engine itself.
        make: Makes it.
        other: What else it is made of.
    """
    made_of = _stamp((*folders, ENGINE), other)
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


def _stamp(folders: Iterable[Path], other: str) -> str:
    """A digest of the paths, times and sizes of all files."""
    files = (path for folder in folders for path in folder.rglob("*") if path.suffix in {".yml", ".py"})
    stamps = sorted((str(path), status.st_mtime_ns, status.st_size) for path in files for status in (path.stat(),))
    return sha256(f"{stamps!r}{other}".encode()).hexdigest()
