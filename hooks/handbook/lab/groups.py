"""Control groups of a node on this machine: one in every hierarchy, so that paths in the node start at "/" and nothing hides."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

POLL = 0.02
"""Seconds between two looks."""


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """A mounted hierarchy.

    Parameters:
        top: Where it is mounted.
        root: The group that the mount shows as its top.
        kind: ``cgroup`` or ``cgroup2``.
        options: Options of the mount, among them the controllers of version 1.
    """

    top: Path
    root: str
    kind: str
    options: frozenset[str]

    def own(self) -> Path:
        """The group of ours in it."""
        lines = (line.split(":", 2) for line in Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines())
        for _, names, path in lines:
            if set(names.split(",")) <= self.options if names else self.kind == "cgroup2":
                return self.top / _below(path, self.root)
        return self.top


def hierarchies() -> list[Hierarchy]:
    """All that are mounted here."""
    lines = (line.split(" - ") for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines())
    mounts = ((place.split(), kind.split()) for place, kind in lines if kind.startswith("cgroup"))
    return [Hierarchy(Path(place[4]), place[3], kind[0], frozenset(kind[2].split(","))) for place, kind in mounts]


def version() -> int:
    """The version of control groups in which the controllers of this machine are."""
    return 2 if Path("/sys/fs/cgroup/cgroup.controllers").exists() else 1


def make(name: str) -> list[Path]:
    """Make groups of that name that a process can join: in each hierarchy below our own one.

    On a machine with cgroup v2 alone it is made at the top, since our own group has processes and so could hand on no controllers.
    (Written from the kernel's documentation; no such machine was at hand.)
    """
    found = hierarchies()
    groups = [(one.top if version() == 2 else one.own()) / name for one in found]
    for group in groups:
        group.mkdir(exist_ok=True)
        for setting in ("cpuset.cpus", "cpuset.mems"):  # a new group of v1's cpuset is empty, and nothing can join it like that
            if (group / "tasks").exists() and (group / setting).exists():
                (group / setting).write_text((group.parent / setting).read_text())
    return groups


def find(name: str) -> list[Path]:
    """All groups of that name, wherever in their hierarchies whoever made them was."""
    found: set[Path] = set()
    for hierarchy in hierarchies():
        for folder, below, _ in os.walk(hierarchy.top):
            if name in below:
                below.remove(name)
                found.add(Path(folder, name))
    return sorted(found)


def end(name: str, timeout: float) -> list[Path]:
    """Kill every process in the groups of that name and remove the groups; return what resists for ``timeout`` seconds."""
    groups = find(name)
    until = time.monotonic() + timeout
    while left := [group for group in groups if not _removed(group)]:
        if time.monotonic() > until:
            return left
        for pid in processes(left):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(POLL)
    return []


def processes(groups: Iterable[Path]) -> set[int]:
    """Numbers of all processes in the groups and below them."""
    found: set[int] = set()
    for folder in (folder for group in groups for folder in _folders(group)):
        with suppress(OSError):  # the group goes away meanwhile
            found.update(map(int, (folder / "cgroup.procs").read_text().split()))
    return found


def _folders(group: Path) -> Iterator[Path]:
    """The group and all below it, deepest first."""
    return (Path(folder) for folder, _, _ in os.walk(group, topdown=False))


def _removed(group: Path) -> bool:
    for folder in _folders(group):
        with suppress(OSError):
            folder.rmdir()
    return not group.exists()


def _below(path: str, root: str) -> str:
    """The path of a group inside a mount that shows only what is below ``root``."""
    return os.path.relpath(path, root) if re.match(re.escape(root.rstrip("/")) + "(/|$)", path) else path.lstrip("/")
