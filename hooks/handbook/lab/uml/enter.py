"""On this machine: a command in a node. Its streams are ours, its exit status is ours, and it ends when we do.

Terminals are handed through: where our standard streams are one, the command gets one in the node; where we inherit another one,
the command inherits one with the same number.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import select
import signal
import socket
import stat
import struct
import sys
import termios
import tty
from contextlib import suppress
from pathlib import Path

from handbook.lab.uml.frames import (
    CHUNK,
    ERRORS,
    INPUT,
    INPUT_END,
    NUMBER,
    OUTPUT,
    PIECE,
    ROWS_AND_COLUMNS,
    SCREEN,
    SIZE,
    START,
    STATUS,
    TAKEN,
    WINDOW,
    Decoder,
    Request,
    frame,
)

LARGE = 1 << 16
"""Bytes of a file on standard input from which on the node reads the file itself: lines carry a megabyte a second to it."""

GONE = 125


class Visit:
    """One command in a node.

    Parameters:
        line: A serial line of the node.
        shared: The folder that the node sees.
    """

    def __init__(self, line: socket.socket, shared: Path) -> None:
        self._line = line
        self._shared = shared
        self._room = WINDOW
        self._unsent: list[bytes] = []
        self._decoder = Decoder()
        self._terminal = _terminal()
        if self._terminal > 0:
            _leave_as_it_is(self._terminal)
        self._open = True

    def run(self, words: list[str]) -> int:
        """Run it; the result is its exit status, negative where a signal ended it."""
        given = self._share() if self._terminal != 0 else None
        size = _size(self._terminal) if self._terminal >= 0 else (24, 80)
        request = Request(words, given.name if given else "", self._terminal, size).pack()
        pieces = [request[start : start + CHUNK] for start in range(0, len(request), CHUNK)]
        self._unsent = [frame(PIECE if piece is not pieces[-1] else START, piece) for piece in pieces]
        self._open = given is None
        try:
            return self._relay()
        finally:
            if given:
                given.unlink(missing_ok=True)

    def resize(self, *_: object) -> None:
        """Tell the node how large our terminal is."""
        self._line.send(frame(SIZE, ROWS_AND_COLUMNS.pack(*_size(0))))

    def _relay(self) -> int:
        line = self._line.fileno()
        while True:
            self._send()
            sources = [0] if self._open and not self._unsent else []
            ready, _, _ = select.select([line, *sources], [], [])
            if 0 in ready:
                self._read_input()
            if line in ready:
                status = self._receive()
                if status is not None:
                    return status

    def _send(self) -> None:
        while self._unsent and len(self._unsent[0]) <= self._room:
            piece = self._unsent.pop(0)
            self._room -= len(piece)
            self._line.sendall(piece)

    def _read_input(self) -> None:
        try:
            data = os.read(0, CHUNK)
        except OSError:
            data = b""
        if data:
            self._unsent.append(frame(INPUT, data))
        else:
            self._open = False
            self._line.sendall(frame(INPUT_END))

    def _receive(self) -> int | None:
        data = self._line.recv(1 << 16)
        if not data:
            os.write(2, b"the node is gone\n")
            return GONE
        targets = {OUTPUT: 1, ERRORS: 2, SCREEN: self._terminal}
        for kind, content in self._decoder.feed(data):
            if kind in targets:
                _write(targets[kind], content)
            elif kind == TAKEN:
                self._room += NUMBER.unpack(content)[0]
            elif kind == STATUS:
                return int(content)
        return None

    def _share(self) -> Path | None:
        """A name in the shared folder for the file that is our standard input, where it is a large one."""
        found = os.fstat(0)
        if not stat.S_ISREG(found.st_mode) or found.st_size < LARGE or os.lseek(0, 0, os.SEEK_CUR):
            return None
        path = self._shared / secrets.token_hex(8)
        try:
            os.link("/proc/self/fd/0", path, follow_symlinks=True)
        except OSError:  # on another file system, or somebody else's
            with path.open("wb") as copy:
                while os.sendfile(copy.fileno(), 0, None, 1 << 30):
                    pass
        return path


def main() -> None:
    """``SOCKET SHARED COMMAND...``"""
    path, shared, *words = sys.argv[1:]
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
        try:
            asking.connect(path)
            _, (descriptor,), _, _ = socket.recv_fds(asking, 1, 1)
        except (OSError, ValueError):
            print("the node is not up", file=sys.stderr)
            sys.exit(GONE)
        with socket.socket(fileno=descriptor) as line:
            status = _visit(Visit(line, Path(shared)), words)
    _end(status)


def _visit(visit: Visit, words: list[str]) -> int:
    if _terminal() != 0:
        return visit.run(words)
    before = termios.tcgetattr(0)
    signal.signal(signal.SIGWINCH, visit.resize)
    try:
        tty.setraw(0)
        return visit.run(words)
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, before)


def _terminal() -> int:
    """The descriptor of ours that is a terminal: 0 where the standard streams are, else one beyond them; -1 where there is none."""
    if os.isatty(0) and os.isatty(1):
        return 0
    numbers = sorted(int(name) for name in os.listdir("/proc/self/fd"))
    return next((number for number in numbers if number > 2 and os.isatty(number)), -1)


def _leave_as_it_is(terminal: int) -> None:
    """Make a terminal of ours change nothing of what is written to it: the one in the node has done that."""
    settings = termios.tcgetattr(terminal)
    settings[1] &= ~termios.OPOST
    termios.tcsetattr(terminal, termios.TCSANOW, settings)


def _size(terminal: int) -> tuple[int, int]:
    rows, columns = struct.unpack_from("HH", fcntl.ioctl(terminal, termios.TIOCGWINSZ, bytes(8)))
    return rows, columns


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def _end(status: int) -> None:
    """End as the command has ended."""
    if status < 0:
        with suppress(OSError, ValueError):
            signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    sys.exit(status)
