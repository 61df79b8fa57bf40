"""Progress as lines: stages inside stages are indented, those of other threads are not."""

from __future__ import annotations

import io
import re
import threading

import pytest
from handbook.progress import Lines


def told(stream: io.StringIO) -> list[str]:
    return re.sub(r"\d+\.\d s", "0.0 s", stream.getvalue()).splitlines()


def test_a_stage_is_announced_and_timed() -> None:
    stream = io.StringIO()
    progress = Lines(stream)
    with progress.step("outer"), progress.step("inner"):
        progress.say("text")
    assert told(stream) == ["outer ...", "  inner ...", "    text", "  inner: 0.0 s", "outer: 0.0 s"]


def test_a_stage_that_fails_is_not_said_to_be_done() -> None:
    stream = io.StringIO()
    progress = Lines(stream)
    with pytest.raises(ZeroDivisionError), progress.step("outer"):
        raise ZeroDivisionError
    progress.say("text")
    assert told(stream) == ["outer ...", "text"]


def test_stages_of_another_thread_are_no_stages_of_this_one() -> None:
    stream = io.StringIO()
    progress = Lines(stream)
    with progress.step("outer"):
        thread = threading.Thread(target=progress.say, args=["elsewhere"])
        thread.start()
        thread.join()
    assert told(stream) == ["outer ...", "elsewhere", "outer: 0.0 s"]
