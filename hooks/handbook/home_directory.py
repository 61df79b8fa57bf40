"""Home directories that are thrown away: the processes that were started from one, and its end."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from handbook.errors import LeftBehind
from handbook.sandbox.system import mount_points
from handbook.shell import processes

ROUNDS = 5

SECOND_LOOK = 0.05
"""Seconds; a process has no environment for a moment while it takes up another program (execve(2)), so nothing tells its home."""


def end_processes(home: Path) -> None:
    """End every process that has this directory as its home, and what those started.

    Raises:
        LeftBehind: When one does not end.
    """
    # In rounds: a process may start another one before its end.
    for _ in range(ROUNDS):
        found = _looked_twice(home)
        if not found:
            return
        processes.end(found)
    if found := _looked_twice(home):
        raise LeftBehind([f"process {process.pid}" for process in found])


def _looked_twice(home: Path) -> list[processes.Process]:
    """The processes that have this home; who sees none looks once more."""
    if found := _started_from(home):
        return found
    time.sleep(SECOND_LOOK)
    return _started_from(home)


def _started_from(home: Path) -> list[processes.Process]:
    """The processes that have this home, and what they started."""
    everyone = processes.processes()
    roots = {process.pid for process in everyone if processes.has_variable(process, f"HOME={home}")}
    ours = roots.union(*(processes.descendants(root, everyone) for root in roots))
    return [process for process in everyone if process.pid in ours and process.pid != os.getpid()]


def remove(home: Path) -> None:
    """Delete the directory with everything in it, whatever its permissions say.

    Raises:
        LeftBehind: When something is mounted in it, or it does not go.
    """
    if mounted := sorted(path for path in mount_points() if path.is_relative_to(home)):
        # Never deleted across: a mount may show files of the machine.
        raise LeftBehind([f"mount {path}; umount it" for path in mounted])
    for folder, names, _ in os.walk(home):
        _open_up(Path(folder, name) for name in names)
    shutil.rmtree(home, ignore_errors=True)
    if home.exists():
        raise LeftBehind([f"directory {home}"])


def _open_up(folders: Iterable[Path]) -> None:
    """Let us look and write into folders: one that its owner may not write in could not be emptied."""
    for folder in folders:
        if not folder.is_symlink():
            with suppress(OSError):
                folder.chmod(0o700)
