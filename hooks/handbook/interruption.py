"""Interruptions: whoever ends us, by Ctrl-C or by another of the usual signals, lets us clean up first."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def heed(*, ignored: bool = False) -> dict[signal.Signals, Any]:
    """From now on each of these signals raises KeyboardInterrupt, once. In a thread of another program nothing changes.

    Parameters:
        ignored: Whether to heed also those that are ignored; under nohup and behind a shell's ``&`` they are meant to be.

    Returns:
        What heard the signals before, for :func:`restore`.
    """
    if threading.current_thread() is not threading.main_thread():
        return {}
    before = {number: signal.getsignal(number) for number in ENDS}
    for number, handler in before.items():
        if handler in {signal.SIG_DFL, signal.default_int_handler} or (ignored and handler is signal.SIG_IGN):
            signal.signal(number, _interrupt)
    return before


def restore(before: dict[signal.Signals, Any]) -> None:
    """Let signals be heard as they were."""
    for number, handler in before.items():
        signal.signal(number, handler)


@contextmanager
def held() -> Iterator[None]:
    """Let these signals come through only after a ``with`` block. A blocked one would still reach us by way of another thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {number: signal.signal(number, lambda number, _: came.append(number)) for number in ENDS}
    try:
        yield
    finally:
        restore(before)
        if came:
            signal.raise_signal(came[0])


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """End in order. Whoever presses Ctrl-C again must not stop us from cleaning up; everything there has its timeout."""
    for number in ENDS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
