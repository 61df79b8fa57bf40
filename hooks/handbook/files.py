"""Writing files: only when the content changes, and never half."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

HALF = re.compile(r"\..+\.(?P<pid>\d+)\.\w+\.new")


def write(path: Path, text: str) -> bool:
    """Write ``text`` to ``path`` unless that is what it holds; readers see the old or the new file, nothing between.

    Returns:
        True where the file changed.
    """
    if path.is_file() and path.read_bytes() == text.encode():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.{os.getpid()}.", suffix=".new", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            os.fchmod(file.fileno(), 0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return True


def remove_halves(folder: Path) -> None:
    """Remove what commands that were killed while they wrote left in a folder and below it."""
    for path in folder.rglob(".*.new"):
        half = HALF.fullmatch(path.name)
        if half and not Path("/proc", half["pid"]).exists():
            path.unlink(missing_ok=True)
