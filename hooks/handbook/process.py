"""Processes of this machine, told from later ones that have got the same number."""

from __future__ import annotations

import os
import select
import signal
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Process:
    """A process of this machine that cannot be mistaken for a later one with the same number.

    Parameters:
        pid: Its number.
        started: Its start in clock ticks since boot, as in /proc/PID/stat.
        boot: The boot that this counts from.
    """

    pid: int
    started: int
    boot: str

    def runs(self) -> bool:
        """Whether it still runs; a zombie does not."""
        return _started(self.pid) == self.started and _boot() == self.boot

    def end(self, timeout: float, how: signal.Signals = signal.SIGKILL) -> bool:
        """Send a signal and wait for the end, at most ``timeout`` seconds; say whether it has ended."""
        try:
            descriptor = os.pidfd_open(self.pid)
        except ProcessLookupError:
            return True
        try:
            if self.runs():  # asked after opening: the descriptor now stays with this very process
                signal.pidfd_send_signal(descriptor, how)
                select.select([descriptor], [], [], timeout)
        except ProcessLookupError:
            return True
        finally:
            os.close(descriptor)
        return not self.runs()


def process(pid: int) -> Process | None:
    """The process that has this number now; None when there is none or it is a zombie."""
    started = _started(pid)
    return None if started is None else Process(pid, started, _boot())


def _started(pid: int) -> int | None:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else int(fields[19])


def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="utf-8").strip()
