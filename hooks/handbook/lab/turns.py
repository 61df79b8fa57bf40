"""Turns of commands that make the same thing: one makes it, the others wait and are told why."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from filelock import FileLock, Timeout

from handbook.errors import CouldNotRun
from handbook.progress import Progress

LONGEST = 1800.0
"""Seconds that a command waits for another one."""


def take_turn(lock: Path, doing: str, progress: Progress) -> AbstractContextManager[object]:
    """Wait until no other command holds a lock, and hold it for the time of a ``with`` block.

    Parameters:
        lock: The file of the lock; it stays.
        doing: What the other command does, for instance ``builds nginx``.
        progress: Where to say that it is waited for.

    Raises:
        CouldNotRun: Where the other one takes too long.
    """
    turn = FileLock(lock, timeout=LONGEST)
    try:
        return turn.acquire(timeout=0)
    except Timeout:
        progress.say(f"waiting for another command that {doing}")
        return _waited(turn)


def _waited(turn: FileLock) -> AbstractContextManager[object]:
    try:
        return turn.acquire()
    except Timeout:
        raise CouldNotRun(f"another command has held {turn.lock_file} for {LONGEST:.0f} s; end it") from None
