"""Progress of long work, for a person who waits."""

from __future__ import annotations

import sys
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


class Lines:
    """Progress as lines on a stream, by default standard error; stages inside stages are indented.

    Parameters:
        stream: Where to write.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._depth = 0

    @contextmanager
    def step(self, text: str) -> Iterator[None]:
        self.say(f"{text} ...")
        self._depth += 1
        start = time.monotonic()
        try:
            yield
        finally:
            self._depth -= 1
        self.say(f"{text}: {time.monotonic() - start:.1f} s")

    def say(self, text: str) -> None:
        print("  " * self._depth + text, file=self._stream, flush=True)
