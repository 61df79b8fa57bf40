"""Namespaces of other processes: by them everything is found that lives in a sandbox or a node of this machine."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import product
from pathlib import Path

from handbook.process import process

POLL = 0.02
KINDS = ("cgroup", "ipc", "mnt", "net", "pid", "pid_for_children", "user", "uts")


@contextmanager
def held_namespaces(pids: Iterable[int]) -> Iterator[frozenset[str]]:
    """Hold the namespaces of processes that are not our own; while they are held, their names mean nothing else.

    The names are like ``net:[4026532248]``; the kernel gives the number to the next namespace as soon as nobody holds it. What we
    may not look at, without root, is left out.
    """
    own = {_namespace("self", kind) for kind in KINDS}
    with ExitStack() as stack:
        held: set[str] = set()
        for pid, kind in product(pids, KINDS):
            if _namespace(str(pid), kind) not in {None} | own | held:  # each once: a node has hundreds of processes
                with suppress(OSError):  # the process ended meanwhile
                    held.add(_hold(stack, f"/proc/{pid}/ns/{kind}"))
        yield frozenset(held - own)


def processes_in(namespaces: Iterable[str]) -> Iterator[str]:
    """Every process of this machine that is in one of the namespaces, or whose children are, as a line for people."""
    wanted = frozenset(namespaces)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            within = wanted.intersection(_namespace(entry.name, kind) for kind in KINDS)
            if within and process(int(entry.name)):  # not a zombie, which only waits for its parent to notice
                yield f"process {entry.name} ({_name(entry)}) in {', '.join(sorted(within))}"


def await_end(namespaces: Iterable[str], timeout: float) -> list[str]:
    """Wait until no process is left in the namespaces, at most ``timeout`` seconds; what is left then."""
    wanted = frozenset(namespaces)
    until = time.monotonic() + timeout
    while (left := list(processes_in(wanted))) and time.monotonic() < until:
        time.sleep(POLL)
    return left


def _namespace(pid: str, kind: str) -> str | None:
    try:
        return os.readlink(f"/proc/{pid}/ns/{kind}")
    except OSError:  # the process ended, it is a zombie, or we may not look
        return None


def _hold(stack: ExitStack, path: str) -> str:
    descriptor = os.open(path, os.O_RDONLY)
    stack.callback(os.close, descriptor)
    return os.readlink(f"/proc/self/fd/{descriptor}")


def _name(entry: Path) -> str:
    try:
        return (entry / "comm").read_text().strip()
    except OSError:
        return "gone"
