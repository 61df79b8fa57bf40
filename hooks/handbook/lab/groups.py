"""Control groups of a node on this machine: one in every hierarchy, so that paths in the node start at "/" and nothing hides."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

POLL = 0.02
"""Seconds between two looks."""


def hierarchies() -> Iterator[Path]:
    """The group of each hierarchy in which a node's group can be made: our own.

    On a machine with cgroup v2 alone it is the topmost one, since our own has processes and so could hand on no controllers.
    (Written from the kernel's documentation; no such machine was at hand.)
    """
    lines = (line.split(" - ") for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines())
    mounts = [(place.split(), kind.split()) for place, kind in lines if kind.startswith("cgroup")]
    own = _own_groups()
    for place, kind in mounts:
        top = Path(place[4])
        if kind[0] == "cgroup2" and len(mounts) == 1:
            yield top
        else:
            yield top / _below(_own_path(own, kind), place[3])


def version() -> int:
    """The version of control groups in which the controllers of this machine are."""
    return 2 if Path("/sys/fs/cgroup/cgroup.controllers").exists() else 1


def make(groups: Iterable[Path]) -> None:
    """Make groups that a process can join."""
    for group in groups:
        group.mkdir(exist_ok=True)
        for name in ("cpuset.cpus", "cpuset.mems"):  # a new group of v1's cpuset is empty, and nothing can join it like that
            if (group / name).exists() and (group / "tasks").exists():
                (group / name).write_text((group.parent / name).read_text())


def processes(groups: Iterable[Path]) -> set[int]:
    """Numbers of all processes in the groups and below them."""
    found: set[int] = set()
    for group in groups:
        for listing in group.rglob("cgroup.procs"):
            found |= _numbers(listing)
    return found


def end(groups: Iterable[Path], timeout: float) -> None:
    """Kill every process in the groups and remove the groups; what resists for ``timeout`` seconds stays."""
    groups = list(groups)
    until = time.monotonic() + timeout
    while not _removed(groups) and time.monotonic() < until:
        for pid in processes(groups):
            _kill(pid)
        time.sleep(POLL)


def _own_groups() -> dict[str, str]:
    """Path of our own group by the names of a hierarchy's controllers; no name is cgroup v2."""
    lines = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    return {names: path for _, names, path in (line.split(":", 2) for line in lines)}


def _own_path(own: dict[str, str], kind: list[str]) -> str:
    """Our path in the hierarchy of a mount: its type, source and options tell which."""
    options = set(kind[2].split(","))
    named = (path for names, path in own.items() if (set(names.split(",")) <= options if names else kind[0] == "cgroup2"))
    return next(named, "/")


def _below(path: str, root: str) -> str:
    """The path of a group inside a mount that shows only what is below ``root``."""
    return os.path.relpath(path, root) if re.match(re.escape(root.rstrip("/")) + "(/|$)", path) else path.lstrip("/")


def _numbers(listing: Path) -> set[int]:
    try:
        return {int(number) for number in listing.read_text().split()}
    except OSError:  # the group went away between finding and reading it
        return set()


def _removed(groups: list[Path]) -> bool:
    for group in groups:
        deepest_first = sorted((path for path in group.rglob("*") if path.is_dir()), reverse=True) if group.exists() else []
        for path in (*deepest_first, group):
            try:
                path.rmdir()
            except FileNotFoundError:
                continue
            except OSError:
                return False
    return True


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
