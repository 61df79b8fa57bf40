"""Steps of a session, run for tests: what they print, and whether a trouble among them costs the others."""

from __future__ import annotations

import os
from pathlib import Path

from handbook.outcome import Finished, Unfinished
from handbook.session import Command, Session
from handbook.shell import processes

from tests.conftest import commands


def texts(session: Session, *lines: str) -> list[str]:
    return [outcome.output.text for outcome in session.run(commands(*lines))]


def after(session: Session, trouble: Command, log: Path) -> list[Finished | Unfinished]:
    """Run a step, a trouble and another step; both steps must really have run, each once."""
    first, last = Command(f"echo before >> {log}"), Command(f"echo after >> {log}; echo here")
    outcomes = list(session.run([first, trouble, last]))
    assert log.read_text() == "before\nafter\n"
    assert outcomes[2].output.text == "here\n"
    return outcomes


def alive(pattern: str) -> bool:
    """Whether a process with these words in its command line runs; words are made unique by the tests."""
    for process in processes.processes():
        try:
            line = Path(f"/proc/{process.pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if pattern in line and process.pid != os.getpid():
            return True
    return False
