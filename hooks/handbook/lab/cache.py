"""The cache of the lab: parts that take minutes to build, each built once and never written again."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from handbook.errors import CouldNotRun
from handbook.lab import host
from handbook.lab.turns import take_turn
from handbook.progress import Progress

LONGEST_UNUSED = 30 * 24 * 3600.0
"""Seconds that a part or a log is kept after it was last asked for."""


class Cache:
    """Parts by kind and key, below one directory.

    Parameters:
        root: The directory; by default ``$HANDBOOK_CACHE``, /var/cache/handbook (root) or the user's own. Instances keep their
            disks below it too, so that copies stay on one file system.
    """

    def __init__(self, root: Path | None = None) -> None:
        self.root = root or _default()

    def get(self, kind: str, key: str, build: Callable[[Path], None], progress: Progress) -> Path:
        """The part; built now when it is not there.

        Parameters:
            kind: What it is, for instance ``root``.
            key: Digest of everything that goes into it.
            build: Makes it at the path it is given. What a killed build left there is gone before.
            progress: Where waiting for another command's build is announced.
        """
        path = self.root / kind / key
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            with take_turn(path.with_name(f"{path.name}.lock"), f"builds {path}", progress):
                if not path.exists():
                    _prune(path.parent)
                    partial = path.with_name(f"{key}.partial")
                    remove_tree(partial)
                    build(partial)
                    partial.rename(path)
        os.utime(path)
        return path

    def has(self, kind: str, key: str) -> bool:
        """Whether the part is there."""
        return (self.root / kind / key).exists()

    def disk(self, instance: str) -> Path:
        """Where a running instance keeps what its node writes."""
        return self.root / "instances" / instance

    def logs(self, instance: str) -> Path:
        """Where the logs of an instance are; they outlive it."""
        return self.root / "logs" / instance

    def begin_logs(self, instance: str) -> None:
        """Make an empty directory for the logs of an instance, and delete those that nobody has asked for in a long time."""
        path = self.logs(instance)
        remove_tree(path)
        path.mkdir(parents=True)
        _prune(path.parent)


def _default() -> Path:
    if given := os.environ.get("HANDBOOK_CACHE"):
        return Path(given)
    if host.is_root():
        return Path("/var/cache/handbook")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "handbook"


def _prune(folder: Path) -> None:
    """Delete what nobody has asked for in a long time: every change of what goes into a part leaves the part before it."""
    for path in folder.iterdir():
        if path.suffix != ".lock" and _unused_for(path) > LONGEST_UNUSED:
            remove_tree(path)


def _unused_for(path: Path) -> float:
    """Seconds since somebody last asked for it; 0 for what another command has deleted meanwhile."""
    with suppress(FileNotFoundError):
        return time.time() - path.stat().st_mtime
    return 0.0


def remove_tree(path: Path) -> None:
    """Delete a file, or a directory with everything in it, without ever leaving its file system."""
    if not path.exists():
        return
    words = ("rm", "-rf", "--one-file-system", str(path))
    try:
        host.run(*words, timeout=120)
    except CouldNotRun:
        if host.is_root():
            raise
        # What others than we own in it was made in a user namespace, and can be removed in one.
        host.run(*host.contained(words), timeout=120)
