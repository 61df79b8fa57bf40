"""The processes of a session in a place whose processes this machine does not show: signalled by a helper beside the shell."""

from __future__ import annotations

import signal
import subprocess
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources

from handbook.shell.processes import since_boot

# Seconds that a signal may take to be sent: a connection to another machine, and a look at all of its processes.
PATIENCE = 15.0
# Answers to the helper instead of an age.
ALL, NONE = "all", "none"


@dataclass(frozen=True, slots=True)
class Recent:
    """What was started by a command that was running when we looked last.

    Parameters:
        moment: When the command began, in seconds since the boot of this machine.
        ended: Says whether it has ended by now: then nothing is to be signalled any more.
    """

    moment: float
    ended: Callable[[], bool]

    def age(self) -> str:
        """For how many seconds at most it has been running, as the helper is told."""
        return NONE if self.ended() else f"{since_boot() - self.moment:.2f}"


def send_aside(words: Sequence[str], variable: str, number: signal.Signals, recent: Recent | None = None) -> bool:
    """Send a signal to what a session has started.

    Parameters:
        words: Words that start a command in the session's place, beside its shell, as somebody who may signal what runs there.
        variable: ``NAME=VALUE`` that the session's shell was started with.
        number: The signal.
        recent: Only to what this command has started; None for all, the shell included.

    Returns:
        Whether there was anything to send it to; False also where the place does not answer.
    """
    script = resources.files("handbook").joinpath("assets/signal-session.sh").read_text(encoding="utf-8")
    # The clock of the place may be another one: it is told an age, and only when the helper runs, however long that took.
    age = recent.age if recent else lambda: ALL
    return bool(_converse([*words, "sh", "-c", script, "sh", variable, str(int(number))], age).strip())


def _converse(command: Sequence[str], answer: Callable[[], str]) -> str:
    """Run a command that prints a line, reads one and prints the rest; nothing where it cannot be run."""
    pipe = subprocess.PIPE
    try:
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True, start_new_session=True)
    except OSError:
        return ""
    assert process.stdout
    watch = threading.Timer(PATIENCE, process.kill)
    watch.start()
    try:
        process.stdout.readline()
        return process.communicate(f"{answer()}\n")[0]
    finally:
        watch.cancel()
        process.kill()
        process.wait()
