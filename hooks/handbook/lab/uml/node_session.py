"""A session in the node: one command, its streams, its terminal, its end."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import struct
from contextlib import suppress
from pathlib import Path

from handbook.lab.uml.frames import (
    ERRORS,
    HEADER,
    INPUT,
    INPUT_END,
    OUTPUT,
    READY,
    RESET,
    ROWS_AND_COLUMNS,
    SCREEN,
    SIZE,
    STATUS,
    Request,
)
from handbook.lab.uml.line import Line

SHARED = Path("/run/outside/input")
TIOCSWINSZ = 0x5414
PACKET = 4096
NOT_FOUND = 127


class NodeSession:
    """Runs one command of a line.

    Parameters:
        line: The line.
        request: What to run.
    """

    def __init__(self, line: Line, request: Request) -> None:
        self._line = line
        self._request = request
        self._poll = select.poll()
        self._input = -1
        self._master = -1
        self._unread = b""
        self._owed = 0
        self._input_ended = False
        self._sources: dict[int, bytes] = {}
        self._process = -1
        self._over = False

    def run(self) -> None:
        """Run it to its end, and say how it ended."""
        try:
            self._process = self._start()
        except OSError as error:
            self._line.send(ERRORS, f"{self._request.words[0]}: {error.strerror}\n".encode())
            self._line.send(STATUS, str(NOT_FOUND).encode())
            return
        ended = os.pidfd_open(self._process)
        self._poll.register(self._line.descriptor, select.POLLIN)
        self._poll.register(ended, select.POLLIN)
        self._listen()
        while not self._over:
            ready = {descriptor for descriptor, _ in self._poll.poll()}
            self._turn(ready)
            if ended in ready and not self._over:
                self._finish()
        for descriptor in (ended, self._input, self._master, *self._sources):
            with suppress(OSError):
                os.close(descriptor)

    def _turn(self, ready: set[int]) -> None:
        for source in ready.intersection(self._sources):
            self._carry(source)
        if self._input in ready:
            self._write()
        if self._line.descriptor in ready:
            self._take(*self._line.receive())
            self._listen()

    def _start(self) -> int:
        terminal = self._request.terminal
        theirs: list[int] = []
        actions: list[tuple[int, ...]] = []
        if terminal >= 0:
            self._master, slave = os.openpty()
            theirs.append(slave)
            self._resize(*self._request.size)
        if terminal == 0:
            self._watch(self._master, OUTPUT)
            self._input = os.dup(self._master)
            name = os.ttyname(slave)
            actions += [(os.POSIX_SPAWN_OPEN, 0, name, os.O_RDWR, 0)]  # type: ignore[list-item]
            actions += [(os.POSIX_SPAWN_DUP2, 0, 1), (os.POSIX_SPAWN_DUP2, 0, 2)]
        else:
            streams = [self._stdin(), self._output(OUTPUT), self._output(ERRORS)]
            theirs += streams
            actions += [(os.POSIX_SPAWN_DUP2, stream, number) for number, stream in enumerate(streams)]
        if terminal > 0:
            self._watch(self._master, SCREEN)
            actions.append((os.POSIX_SPAWN_DUP2, slave, terminal))
        try:
            words = self._request.words
            return os.posix_spawnp(words[0], words, os.environ, file_actions=actions, setsid=True, setsigdef=[signal.SIGPIPE])
        finally:
            for descriptor in theirs:
                os.close(descriptor)

    def _stdin(self) -> int:
        if self._request.stdin:
            return os.open(SHARED / self._request.stdin, os.O_RDONLY)
        reader, self._input = os.pipe()
        os.set_blocking(self._input, False)
        return reader

    def _output(self, kind: bytes) -> int:
        reader, writer = os.pipe2(os.O_CLOEXEC | os.O_DIRECT)  # every write stays one
        os.fchmod(writer, 0o666)  # for commands that open /dev/stderr, and may be another user
        self._watch(reader, kind)
        return writer

    def _watch(self, source: int, kind: bytes) -> None:
        os.set_blocking(source, False)
        self._sources[source] = kind
        self._poll.register(source, select.POLLIN)

    def _carry(self, source: int) -> bool:
        """Send on what a stream has; False where it has nothing now or has ended."""
        try:
            data = os.read(source, PACKET)
        except BlockingIOError:
            return False
        except OSError:  # how a terminal says that nobody has it open
            data = b""
        if not data:
            with suppress(KeyError):
                self._poll.unregister(source)
            return False
        self._line.send(self._sources[source], data)
        return True

    def _listen(self) -> None:
        """Take in what has come over the line already."""
        while self._line.waiting and not self._over:
            self._take(*self._line.receive())

    def _take(self, kind: bytes, data: bytes) -> None:
        if kind == INPUT:
            self._unread += data
            self._owed += HEADER.size
            self._write()
        elif kind == INPUT_END:
            self._input_ended = True
            self._write()
        elif kind == SIZE:
            self._resize(*ROWS_AND_COLUMNS.unpack(data))
        elif kind == RESET:
            self._kill()
            self._line.send(READY, data)

    def _write(self) -> None:
        """Give the command of its input what it takes; what it does not want any more is thrown away."""
        data, wanted = self._unread, self._input >= 0
        try:
            count = os.write(self._input, data) if wanted and data else len(data)
        except BlockingIOError:
            count = 0
        except OSError:
            count = len(data)
        self._unread = data[count:]
        if count:
            self._line.taken(self._owed + count)
            self._owed = 0
        self._await_room()

    def _await_room(self) -> None:
        if self._input < 0:
            return
        if self._unread:
            self._poll.register(self._input, select.POLLOUT)
            return
        with suppress(KeyError):
            self._poll.unregister(self._input)
        if self._input_ended and self._request.terminal != 0:
            os.close(self._input)
            self._input = -1

    def _resize(self, rows: int, columns: int) -> None:
        if self._master >= 0:
            fcntl.ioctl(self._master, TIOCSWINSZ, struct.pack("4H", rows, columns, 0, 0))

    def _finish(self) -> None:
        """The command has ended: send what it left in its streams, then how it ended."""
        for source in self._sources:
            while self._carry(source):
                pass
        _, status = os.waitpid(self._process, 0)
        self._over = True
        self._line.send(STATUS, str(os.waitstatus_to_exitcode(status)).encode())

    def _kill(self) -> None:
        """Kill every process of the command's session."""
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and _session(entry) == self._process:
                with suppress(ProcessLookupError):
                    os.kill(int(entry.name), signal.SIGKILL)
        os.waitpid(self._process, 0)
        self._over = True


def _session(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[3])
    except OSError:  # ended meanwhile
        return -1
