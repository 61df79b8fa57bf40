"""A terminal in a place that only our standard streams reach: made there by a process of its own, for the shell to open by name."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Sequence

from handbook.errors import CouldNotRun
from handbook.shell.terminal import Terminal

# Seconds that its name may take: a connection to another machine.
PATIENCE = 30.0
NAME = re.compile(rb"^(/dev/\S+)\r?\n", re.MULTILINE)
HOLD = "tty; exec cat >/dev/null"


class FarTerminal(Terminal):
    """A pseudo-terminal of such a place, joined to one of ours.

    Parameters:
        words: Words that start a command there, on a terminal if their own standard input is one.

    Raises:
        CouldNotRun: Where they do not give one.
    """

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__()
        try:
            self._holder = _hold(words, self.slave)
        except OSError as error:
            super().close()
            raise CouldNotRun(f"no terminal: {words[0]!r} does not start: {error.strerror}") from None
        try:
            self.name = self._read_name()
        except BaseException:
            self.close()
            raise

    def _read_name(self) -> str:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._holder.poll() is None:
            if found := NAME.search(self.data):
                return found[1].decode()
            self.wait(0.05)
        self.read()
        said = bytes(self.data).decode(errors="replace").strip() or "nothing"
        raise CouldNotRun(f"no terminal came from the target within {PATIENCE:.0f} s; it said: {said}")

    def close(self) -> None:
        """Hang up, so that the far end goes too."""
        self._holder.kill()
        self._holder.wait()
        super().close()


def _hold(words: Sequence[str], slave: int) -> subprocess.Popen[bytes]:
    """Start what keeps the far terminal open."""
    return subprocess.Popen([*words, "sh", "-c", HOLD], stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
