"""In the node: one command of a line, from its start to its status."""

from __future__ import annotations

import os
import select
from contextlib import suppress

from handbook.lab.uml.child import Child
from handbook.lab.uml.frames import ERRORS, HEADER, INPUT, INPUT_END, READY, RESET, ROWS_AND_COLUMNS, SIZE, STATUS, Request
from handbook.lab.uml.line import Line

PACKET = 4096
NOT_FOUND = b"127"


def run(line: Line, request: Request) -> None:
    """Run a command to its end, and say how it ended."""
    try:
        child = Child(request)
    except OSError as error:
        line.send(ERRORS, f"{request.words[0]}: {error.strerror}\n".encode())
        line.send(STATUS, NOT_FOUND)
        return
    try:
        NodeSession(line, child).run()
    finally:
        child.close()


class NodeSession:
    """Carries between a line and a command.

    Parameters:
        line: The line.
        child: The command.
    """

    def __init__(self, line: Line, child: Child) -> None:
        self._line = line
        self._child = child
        self._poll = select.poll()
        # Input that the command has not taken yet, whether that is all, and the bytes of frames around it.
        self._unread = b""
        self._input_ended = False
        self._owed = 0
        self._over = False

    def run(self) -> None:
        """Carry until the command has ended, or nobody wants it any more."""
        ended = os.pidfd_open(self._child.process)
        for descriptor in (ended, self._line.descriptor, *self._child.outputs):
            self._poll.register(descriptor, select.POLLIN)
        self._listen()
        while not self._over:
            ready = {descriptor for descriptor, _ in self._poll.poll()}
            self._turn(ready)
            if ended in ready and not self._over:
                self._finish()
        os.close(ended)

    def _turn(self, ready: set[int]) -> None:
        for output in ready.intersection(self._child.outputs):
            self._carry(output)
        if self._unread and self._child.input in ready:
            self._write()
        if self._line.descriptor in ready:
            self._take(*self._line.receive())
            self._listen()

    def _carry(self, output: int) -> bool:
        """Send on what a stream has; False where it has nothing now or has ended."""
        try:
            data = os.read(output, PACKET)
        except BlockingIOError:
            return False
        except OSError:  # how a terminal says that nobody has it open
            data = b""
        if not data:
            with suppress(KeyError):
                self._poll.unregister(output)
            return False
        self._line.send(self._child.outputs[output], data)
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
            self._child.resize(*ROWS_AND_COLUMNS.unpack(data))
        elif kind == RESET:
            self._child.kill()
            self._over = True
            self._line.send(READY, data)

    def _write(self) -> None:
        """Give the command of its input what it takes; what it does not want any more is thrown away."""
        count = self._taken()
        self._unread = self._unread[count:]
        if count:
            self._line.taken(self._owed + count)
            self._owed = 0
        self._await_room()

    def _taken(self) -> int:
        try:
            return os.write(self._child.input, self._unread) if self._unread else 0
        except BlockingIOError:
            return 0
        except OSError:
            return len(self._unread)

    def _await_room(self) -> None:
        """Look at the input only while something waits for it; a terminal is looked at for its output too."""
        source = self._child.input
        if source < 0:
            return
        usual = select.POLLIN if source in self._child.outputs else 0
        if self._unread or usual:
            self._poll.register(source, usual | (select.POLLOUT if self._unread else 0))
        else:
            with suppress(KeyError):
                self._poll.unregister(source)
        if self._input_ended and not self._unread:
            self._child.end_input()

    def _finish(self) -> None:
        """The command has ended: send what it left in its streams, then how it ended."""
        for output in self._child.outputs:
            while self._carry(output):
                pass
        self._over = True
        self._line.send(STATUS, str(self._child.wait()).encode())
