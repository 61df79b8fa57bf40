"""A serial line, seen from the node."""

from __future__ import annotations

import os
import subprocess
from collections import deque

from handbook.lab.uml.frames import NUMBER, TAKEN, Decoder, frame


def open_line(path: str) -> Line:
    """Open a device so that it changes nothing that goes through it."""
    subprocess.run(["stty", "-F", path, "raw", "-echo"], check=True)  # python3-minimal has no termios
    return Line(os.open(path, os.O_RDWR | os.O_NOCTTY))


class Line:
    """A serial line that carries frames.

    Parameters:
        descriptor: What it is open at.
    """

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self._decoder = Decoder()
        self._frames: deque[tuple[bytes, bytes]] = deque()

    def send(self, kind: bytes, data: bytes = b"") -> None:
        """Send a frame."""
        rest = frame(kind, data)
        try:
            while rest:
                rest = rest[os.write(self.descriptor, rest) :]
        except BrokenPipeError:
            raise SystemExit("the line has ended") from None

    def taken(self, count: int) -> None:
        """Say that so many bytes of frames were used, so that as many may follow."""
        self.send(TAKEN, NUMBER.pack(count))

    def receive(self) -> tuple[bytes, bytes]:
        """The next frame; waits for it."""
        while not self._frames:
            data = os.read(self.descriptor, 4096)
            if not data:
                raise SystemExit("the line has ended")
            self._frames.extend(self._decoder.feed(data))
        return self._frames.popleft()

    @property
    def waiting(self) -> bool:
        """Whether a frame has been read that nobody has asked for yet."""
        return bool(self._frames)
