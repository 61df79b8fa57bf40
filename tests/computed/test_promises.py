"""What a step waited for, or took out of its output, must be in the output that is stored."""

from __future__ import annotations

import pytest
from handbook.compare import compare
from handbook.computed.contradictions import contradictions
from handbook.computed.promises import broken_promises
from handbook.recording import RecordedStep

from tests.recordings import recording

SHARE = r'until="^ *(1\d|2\d)\.\d" timeout=30'


def told(options: str, output: str) -> list[str]:
    return [one.sentence for one in broken_promises(RecordedStep("ps -o pcpu", options, output=output))]


@pytest.mark.parametrize("output", ["%CPU\n 19.9\n", "20.0\n", " 10.0\n 99.0\n"])
def test_an_output_that_was_waited_for_is_right(output: str) -> None:
    assert told(SHARE, output) == []


@pytest.mark.parametrize("output", ["", "%CPU\n 49.9\n", "at 19.9\n"])
def test_one_that_nobody_waited_for_is_not(output: str) -> None:
    assert told(SHARE, output) == [r"it does not match until=^ *(1\d|2\d)\.\d, for which the step waited"]


def test_a_value_that_was_taken_out_is_in_the_output() -> None:
    assert told(r"capture pid=\d+ capture name=\w+", "pid 12\n") == []
    assert told(r"capture pid=\d+ capture name=\w+", "pid twelve\n") == [r"capture pid=\d+ matches nothing in it"]


def test_nothing_is_said_of_an_output_in_which_a_secret_was_replaced() -> None:
    assert told("until=hunter2", "password=<credential-1>\n") == []
    assert told("until=hunter2", "password=<none-1>\n") != []


def test_options_that_no_longer_exist_say_nothing() -> None:
    assert told("until=one retries=3", "two\n") == []


def test_it_is_drift_where_only_noise_left_its_range() -> None:
    options = r'until="^ *2\d\.\d" ignore="[\d.]+"'
    old, near, far = (recording(RecordedStep("ps -o pcpu", options, output=f" {share}\n")) for share in ("20.1", "29.9", "97.0"))
    assert compare(old, near).drifts == ()
    (drift,) = compare(old, far).drifts
    assert drift.sentence == r"it does not match until=^ *2\d\.\d, for which the step waited"
    assert drift.means_something


def test_an_output_that_breaks_a_promise_does_not_contradict_itself() -> None:
    step = RecordedStep("ps -o pcpu", "until=20", output="97.0\n")
    assert list(broken_promises(step))
    assert list(contradictions(step)) == []
