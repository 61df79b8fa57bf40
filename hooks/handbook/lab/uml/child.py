"""In the node: a command, and our ends of its streams and its terminal."""

from __future__ import annotations

import fcntl
import os
import signal
import struct
from contextlib import suppress
from pathlib import Path

from handbook.lab.uml.frames import ERRORS, OUTPUT, SCREEN, Request

SHARED = Path("/run/outside/input")
TIOCSWINSZ = 0x5414


class Child:
    """A command that has been started.

    Parameters:
        request: What to run.

    Raises:
        OSError: When there is no such command.
    """

    def __init__(self, request: Request) -> None:
        # Where its input goes, -1 where nothing can; and what it prints, with the kind of frame that carries it.
        self.input = -1
        self.outputs: dict[int, bytes] = {}
        self._request = request
        self._terminal = -1
        self._theirs: list[int] = []
        try:
            self.process = self._start()
        except OSError:
            self.close()
            raise
        finally:
            for descriptor in self._theirs:
                os.close(descriptor)

    def resize(self, rows: int, columns: int) -> None:
        """Set the size of its terminal, where it has one."""
        if self._terminal >= 0:
            fcntl.ioctl(self._terminal, TIOCSWINSZ, struct.pack("4H", rows, columns, 0, 0))

    def end_input(self) -> None:
        """Let it read the end of its input; a terminal has none."""
        if self.input >= 0 and self.input != self._terminal:
            os.close(self.input)
            self.input = -1

    def wait(self) -> int:
        """Its exit status, negative where a signal ended it."""
        _, status = os.waitpid(self.process, 0)
        return os.waitstatus_to_exitcode(status)

    def kill(self) -> None:
        """Kill it with every process of its session."""
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and _session(entry) == self.process:
                with suppress(ProcessLookupError):
                    os.kill(int(entry.name), signal.SIGKILL)
        self.wait()

    def close(self) -> None:
        """Close our ends. Each once: another thread may have got its number meanwhile."""
        for descriptor in {self.input, self._terminal, *self.outputs} - {-1}:
            os.close(descriptor)

    def _start(self) -> int:
        words = self._request.words
        actions = self._on_terminal() if self._request.terminal == 0 else self._on_pipes()
        return os.posix_spawnp(words[0], words, os.environ, file_actions=actions, setsid=True, setsigdef=[signal.SIGPIPE])

    def _on_terminal(self) -> list[tuple[object, ...]]:
        """All three streams are the terminal, which the first process of a session makes its own by opening it."""
        name = os.ttyname(self._open_terminal(OUTPUT))
        self.input = self._terminal
        return [(os.POSIX_SPAWN_OPEN, 0, name, os.O_RDWR, 0), *((os.POSIX_SPAWN_DUP2, 0, number) for number in (1, 2))]

    def _on_pipes(self) -> list[tuple[object, ...]]:
        numbers = {0: self._stdin(), 1: self._output(OUTPUT), 2: self._output(ERRORS)}
        if self._request.terminal > 0:
            numbers[self._request.terminal] = self._open_terminal(SCREEN)
        return [(os.POSIX_SPAWN_DUP2, theirs, number) for number, theirs in numbers.items()]

    def _open_terminal(self, kind: bytes) -> int:
        self._terminal, theirs = os.openpty()
        self._theirs.append(theirs)
        self.resize(*self._request.size)
        self._watch(self._terminal, kind)
        return theirs

    def _stdin(self) -> int:
        if self._request.stdin:
            theirs = os.open(SHARED / self._request.stdin, os.O_RDONLY)
        else:
            theirs, self.input = os.pipe()
            os.set_blocking(self.input, False)
        self._theirs.append(theirs)
        return theirs

    def _output(self, kind: bytes) -> int:
        ours, theirs = os.pipe2(os.O_CLOEXEC | os.O_DIRECT)  # every write stays one
        os.fchmod(theirs, 0o666)  # for commands that open /dev/stderr, and may be another user
        self._theirs.append(theirs)
        self._watch(ours, kind)
        return theirs

    def _watch(self, output: int, kind: bytes) -> None:
        os.set_blocking(output, False)
        self.outputs[output] = kind


def _session(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[3])
    except OSError:  # ended meanwhile
        return -1
