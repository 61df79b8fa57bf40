"""The processes of a session, found by what only they have, and ended one by one."""

from __future__ import annotations

import ctypes
import os
import select
import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
LIBRARY = ctypes.CDLL(None)
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Process:
    """A process of this machine's kernel.

    Parameters:
        pid: Its number as we see it.
        parent: Its parent's number.
        session: Its session's number.
        started: When it started, in seconds since boot.
    """

    pid: int
    parent: int
    session: int
    started: float


def processes() -> list[Process]:
    """Every process that can be seen from here."""
    found = (_read(entry.name) for entry in os.scandir("/proc") if entry.name.isdigit())
    return [process for process in found if process]


def _read(pid: str) -> Process | None:
    try:
        # The command name stands in parentheses and may hold anything; the fields behind it are numbers (proc(5), /proc/pid/stat).
        fields = Path("/proc", pid, "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else Process(int(pid), int(fields[1]), int(fields[3]), int(fields[19]) / TICKS)


def of_session(variable: str, leader: int) -> list[Process]:
    """The processes of a shell session: those with its variable, those of its terminal session, and all that they started.

    Parameters:
        variable: ``NAME=VALUE`` that the session's shell was started with.
        leader: Number of the process that we started.
    """
    everyone = processes()
    roots = {process.pid for process in everyone if process.session == leader or has_variable(process, variable)}
    ours = roots.union(*(descendants(root, everyone) for root in roots))
    return [process for process in everyone if process.pid in ours and process.pid != os.getpid()]


def descendants(root: int, among: Iterable[Process]) -> set[int]:
    """Numbers of a process's children, their children and so on."""
    children: dict[int, list[int]] = {}
    for process in among:
        children.setdefault(process.parent, []).append(process.pid)
    found: set[int] = set()
    waiting = [root]
    while waiting:
        new = children.get(waiting.pop(), [])
        found.update(new)
        waiting.extend(new)
    return found


def adopt_orphans() -> None:
    """Make the parent of what this process's children leave behind be this process and not the machine's first one (prctl(2)).

    A daemon that has left its session and cleared its environment is then still one of its descendants.
    """
    LIBRARY.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def has_variable(process: Process, variable: str) -> bool:
    """Tell whether a process was started with ``NAME=VALUE`` in its environment."""
    with suppress(OSError):
        return variable.encode() in Path(f"/proc/{process.pid}/environ").read_bytes().split(b"\0")
    return False


def since_boot() -> float:
    """Seconds since boot, on the clock of ``Process.started``."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def send(found: Iterable[Process], number: signal.Signals) -> None:
    """Send a signal to each process; those that are gone already do not matter."""
    for process in found:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(process.pid, number)


def end(found: Iterable[Process], patience: float = 2.0) -> list[Process]:
    """Kill processes and wait until they are gone.

    Parameters:
        found: Which.
        patience: Seconds to wait for all of them.

    Returns:
        Those that are still there.
    """
    descriptors = {process: descriptor for process in found if (descriptor := _descriptor(process)) is not None}
    deadline = time.monotonic() + patience
    left = []
    for descriptor in descriptors.values():
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(descriptor, signal.SIGKILL)
    for process, descriptor in descriptors.items():
        if not select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))[0]:
            left.append(process)
        os.close(descriptor)
    return left


def _descriptor(process: Process) -> int | None:
    """A descriptor of exactly this process: its number may belong to another one by now."""
    try:
        descriptor = os.pidfd_open(process.pid)
    except OSError:
        return None
    now = _read(str(process.pid))
    if now and now.started == process.started:
        return descriptor
    os.close(descriptor)
    return None
