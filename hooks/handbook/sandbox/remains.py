"""The end of a sandbox: stop what it consists of, and look whether anything remains."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from signal import SIGCONT

from handbook.errors import LeftBehind
from handbook.namespaces import await_end, held_namespaces
from handbook.process import Process, process
from handbook.runtime import Runtime

SECONDS = 10.0


def enter_words(holder: int) -> tuple[str, ...]:
    """The first words of every command that enters the sandbox of this first process."""
    return ("nsenter", f"--target={holder}", "--user", "--mount", "--pid", "--net", "--uts", "--ipc", "--cgroup")


def end(runtime: Runtime) -> None:
    """End a sandbox by its records, whoever brought it up, and prove it.

    With the first process the kernel kills every process in the sandbox, and waits until their parents know. Those that entered it
    from outside have a parent outside, which may be stopped. Parents are woken and not killed: their children would be handed to
    the machine's first process, and not each of those looks after other people's children.

    Raises:
        LeftBehind: When a process does not end, or one is in the sandbox's namespaces still.
    """
    recorded = runtime.running()
    with held_namespaces(found.pid for found in recorded.values()) as namespaces:
        left = [*_end_processes(runtime, recorded), *await_end(namespaces, SECONDS)]
    if left:
        raise LeftBehind(left)


def _end_processes(runtime: Runtime, recorded: Mapping[str, Process]) -> list[str]:
    first = runtime.recorded("holder")
    parents = [*(_visitors(first.pid) if first else []), *(found for name, found in recorded.items() if name != "holder")]
    if holder := recorded.get("holder"):
        holder.end(0)
        for parent in parents:
            parent.end(SECONDS, SIGCONT)
    stubborn = [found for found in [*recorded.values(), *parents] if not found.end(SECONDS)]
    return [f"process {found.pid} ({' '.join(_command(found.pid))})" for found in stubborn]


def _visitors(holder: int) -> list[Process]:
    """The processes outside that hold the sandbox's namespaces for a shell inside.

    They are told by their command, since without root one may not look at their namespaces.
    """
    words = enter_words(holder)[1:]
    return [found for pid in _pids() if _command(pid)[1 : len(words) + 1] == words and (found := process(pid))]


def _pids() -> Iterator[int]:
    return (int(entry.name) for entry in os.scandir("/proc") if entry.name.isdigit())


def _command(pid: int) -> tuple[str, ...]:
    try:
        return tuple(Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace").split("\0"))
    except OSError:
        return ()
