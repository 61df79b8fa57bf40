"""Signals that end us are heard once, and where it is safe."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest
from handbook.interruption import ENDS, heed, held, restore


@pytest.fixture(autouse=True)
def before() -> Iterator[None]:
    known = {number: signal.getsignal(number) for number in ENDS}
    yield
    restore(known)


@pytest.mark.parametrize("number", ENDS)
def test_each_of_them_interrupts_once(number: signal.Signals) -> None:
    heed()
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), number)
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", ENDS)
def test_one_that_comes_while_they_are_held_is_heard_afterwards(number: signal.Signals) -> None:
    done = []

    def work() -> None:
        with held():
            os.kill(os.getpid(), number)
            done.append("all of it")

    heed()
    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["all of it"]


def test_one_that_is_ignored_stays_so_unless_it_is_asked_for() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    known = heed()
    os.kill(os.getpid(), signal.SIGHUP)
    restore(known)
    heed(ignored=True)
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGHUP)
