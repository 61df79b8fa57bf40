"""On this machine: holds a node's kernel and its serial lines, and lends a line to whoever asks at a socket.

A line that was lent is a socket itself, handed over; whoever has it speaks with the agent in the node directly. When the asker is
gone, however that came, the holder makes the agent end what still runs, and the line is free again. The holder ends with the
kernel, and the kernel with the holder.
"""

from __future__ import annotations

import os
import secrets
import select
import socket
import subprocess
import sys
from collections import deque
from pathlib import Path

from handbook.lab.uml.frames import READY, RESET, frame
from handbook.lab.uml.processor import stay_on_one_processor


class LentLine:
    """The holder's end of one of the node's serial lines.

    Parameters:
        ours: The socket whose other end the kernel has.
    """

    def __init__(self, ours: socket.socket) -> None:
        self.ours = ours
        # What the agent sends when the line can be lent; it says the first one on its own when it begins.
        self._awaited = frame(READY)
        self._read = b""
        self.free = False

    def lend(self, asker: socket.socket) -> None:
        """Hand it over."""
        self.free = False
        socket.send_fds(asker, [b"L"], [self.ours.fileno()])

    def take_back(self) -> None:
        """Make the agent end what its last asker ran."""
        word = secrets.token_bytes(16)
        self._awaited = frame(READY, word)
        self._read = b""
        self.ours.send(frame(RESET, word))

    def listen(self) -> None:
        """Throw away what the session before left, up to the agent's answer."""
        self._read = (self._read + self.ours.recv(1 << 16, socket.MSG_DONTWAIT))[-(1 << 17) :]
        self.free = self._awaited in self._read


class Holder:
    """Serves a socket for as long as a kernel runs.

    Parameters:
        path: The socket's path.
        count: How many lines the node has.
    """

    def __init__(self, path: str, count: int) -> None:
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        os.umask(0o077)
        self._listener.bind(path)
        self._listener.listen(64)
        pairs = [socket.socketpair() for _ in range(count)]
        self._theirs = [theirs for _, theirs in pairs]
        self._lines = [LentLine(ours) for ours, _ in pairs]
        self._askers: dict[socket.socket, LentLine | None] = {}
        self._waiting: deque[socket.socket] = deque()

    def hold(self, words: list[str]) -> int:
        """Run a kernel to its end; the result is its exit status.

        Parameters:
            words: The kernel and what it is told; the lines are added.
        """
        lines = [f"ssl{number}=fd:{theirs.fileno()}" for number, theirs in enumerate(self._theirs)]
        descriptors = [theirs.fileno() for theirs in self._theirs]
        leash = ["setpriv", "--pdeathsig=KILL", "--"]
        kernel = subprocess.Popen([*leash, *words, *lines], stdin=subprocess.DEVNULL, pass_fds=descriptors)
        for theirs in self._theirs:
            theirs.close()
        ended = os.pidfd_open(kernel.pid)
        while not self._ready(ended):
            self._lend()
        return kernel.wait()

    def _ready(self, ended: int) -> bool:
        """Wait for something and see to it; say whether the kernel has ended."""
        lines = {line.ours: line for line in self._lines if not line.free and line not in self._askers.values()}
        watched: list[int | socket.socket] = [ended, self._listener, *self._askers, *lines]
        ready, _, _ = select.select(watched, [], [])
        for one in ready:
            if isinstance(one, int):
                continue
            if one == self._listener:
                asker, _ = self._listener.accept()
                self._askers[asker] = None
                self._waiting.append(asker)
            elif one in self._askers:
                self._forget(one)
            elif one in lines:
                lines[one].listen()
        return ended in ready

    def _forget(self, asker: socket.socket) -> None:
        """An asker says nothing; that it can be read means that it is gone."""
        line = self._askers.pop(asker)
        if asker in self._waiting:
            self._waiting.remove(asker)
        if line:
            line.take_back()
        asker.close()

    def _lend(self) -> None:
        free = [line for line in self._lines if line.free]
        while free and self._waiting:
            asker, line = self._waiting.popleft(), free.pop()
            self._askers[asker] = line
            try:
                line.lend(asker)
            except OSError:  # gone meanwhile; its end will be read
                continue


def main() -> None:
    """``SOCKET LINES KERNEL...``; does nothing before it reads "go": whoever starts this first notes that it did."""
    path, count, *words = sys.argv[1:]
    if sys.stdin.readline() == "go\n":
        stay_on_one_processor(Path(path).parent.parent)  # that of all instances
        sys.exit(Holder(path, int(count)).hold(words))
