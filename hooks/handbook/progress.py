"""Progress of long work, for a person who waits."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO


class Progress(Protocol):
    """Where long work says what it does now."""

    @contextmanager
    def step(self, text: str) -> Iterator[None]:
        """Announce a stage, and when it is over, how many seconds it took."""

    def say(self, text: str) -> None:
        """Print one line."""


class Quiet:
    """Progress that nobody looks at."""

    @contextmanager
    def step(self, text: str) -> Iterator[None]:
        yield

    def say(self, text: str) -> None:
        pass


class _Depth(threading.local):
    """How many stages a thread is in."""

    stages = 0


class Lines:
    """Progress as lines on a stream, by default standard error; stages inside stages of the same thread are indented.

    Parameters:
        stream: Where to write.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._depth = _Depth()

    @contextmanager
    def step(self, text: str) -> Iterator[None]:
        self.say(f"{text} ...")
        self._depth.stages += 1
        start = time.monotonic()
        try:
            yield
        finally:
            self._depth.stages -= 1
        self.say(f"{text}: {time.monotonic() - start:.1f} s")

    def say(self, text: str) -> None:
        print("  " * self._depth.stages + text, file=self._stream, flush=True)
