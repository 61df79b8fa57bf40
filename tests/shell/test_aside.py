"""Sessions in a place whose processes are only seen from beside their shell, as with ssh: steps end there as they do here."""

import re
import signal
import subprocess
from collections.abc import Iterator

import pytest
from handbook.environment import Shell
from handbook.errors import CouldNotRun
from handbook.outcome import Finished, Unfinished
from handbook.session import Command, Session
from handbook.shell import processes
from handbook.shell.aside import send_aside

from tests.conftest import LOCAL


@pytest.fixture
def far() -> Iterator[Session]:
    live = Session(lambda: Shell(LOCAL, local=False, aside=LOCAL))
    yield live
    live.close()


def test_an_endless_command_is_stopped_and_its_shell_lives_on(far: Session) -> None:
    first, second = far.run([Command("value=kept; echo begun; sleep 1001", duration=0.5), Command("echo $value")])
    assert isinstance(first, Finished)
    assert first.stopped
    assert first.output.text.strip() == "begun"
    assert second.output.text == "kept\n"


def test_an_overdue_command_is_ended_and_its_shell_lives_on(far: Session) -> None:
    first, second = far.run([Command("value=kept; sleep 1002", timeout=0.5), Command("echo $value")])
    assert isinstance(first, Unfinished)
    assert not first.shell_lost
    assert second.output.text == "kept\n"


def test_what_ran_before_the_overdue_command_is_left_alone(far: Session) -> None:
    begun, _, after = far.run([Command("sleep 1003 & echo $!; sleep 0.1"), Command("sleep 1004", timeout=0.5), Command("jobs -r")])
    assert "sleep 1003" in after.output.text
    assert begun.output.text.strip().isdigit()


def test_a_step_behind_one_that_ends_slowly_is_not_signalled_in_its_place(far: Session) -> None:
    slow = "sh -c 'trap \"sleep 0.35; exit 0\" TERM; while :; do sleep 0.05; done'"
    overdue, after = far.run([Command(slow, timeout=0.3), Command("sleep 0.5; echo whole")])
    assert isinstance(overdue, Unfinished)
    assert isinstance(after, Finished)
    assert (after.exit, after.output.text) == (0, "whole\n")


def test_what_the_session_started_ends_with_it(far: Session) -> None:
    (begun,) = far.run([Command("sleep 1005 & echo $!")])
    number = int(begun.output.text)
    assert number in {process.pid for process in processes.processes()}
    far.close()
    assert number not in {process.pid for process in processes.processes()}


def test_only_processes_of_the_session_are_signalled() -> None:
    stranger = subprocess.Popen(["sleep", "1006"])
    try:
        assert not send_aside(LOCAL, "HANDBOOK_SESSION=nobody's", signal.SIGKILL)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_place_that_does_not_answer_ends_nothing_and_breaks_nothing() -> None:
    assert not send_aside(("/nowhere/ssh",), "HANDBOOK_SESSION=x", signal.SIGKILL)
    assert not send_aside(("false",), "HANDBOOK_SESSION=x", signal.SIGKILL)


@pytest.fixture
def with_terminal() -> Iterator[Session]:
    live = Session(lambda: Shell(LOCAL, local=False, terminal=(*LOCAL, "setsid", "--ctty", "--wait"), aside=LOCAL))
    yield live
    live.close()


def test_a_terminal_comes_from_the_place_itself(with_terminal: Session) -> None:
    _, on, off = with_terminal.run([Command("kept=yes"), Command("tty && echo $kept && tput cols", tty=True), Command("tty")])
    assert isinstance(on, Finished)
    assert re.fullmatch(r"/dev/pts/\d+\nyes\n100\n", on.output.text)
    assert off.output.text == "not a tty\n"


def test_an_endless_program_on_such_a_terminal_is_stopped(with_terminal: Session) -> None:
    (screen,) = with_terminal.run([Command("watch -n 0.1 echo watched", tty=True, duration=1.0)])
    assert isinstance(screen, Finished)
    assert screen.output.text.startswith("Every 0.1s: echo watched")


def test_a_place_without_a_terminal_says_so(far: Session) -> None:
    with pytest.raises(CouldNotRun, match="a step with 'tty' needs a target that can give a terminal"):
        list(far.run([Command("tty", tty=True)]))


def test_a_terminal_that_does_not_come_is_told() -> None:
    live = Session(lambda: Shell(LOCAL, local=False, terminal=("echo", "refused")))
    with pytest.raises(CouldNotRun, match=r"no terminal came from the target.*: refused"):
        list(live.run([Command("tty", tty=True)]))
    live.close()
