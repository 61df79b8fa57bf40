"""What ends a command, its children and its shell, and what that may cost."""

from __future__ import annotations

import os
import resource
import signal
import threading
import time
from pathlib import Path

import pytest
from handbook.environment import Shell
from handbook.outcome import KEPT, Finished, Unfinished
from handbook.session import Command, Session

from tests.conftest import LOCAL, commands
from tests.session_steps import after, alive, texts


def test_a_command_that_hangs_ends_in_its_time_and_the_shell_lives_on(session: Session, log: Path) -> None:
    list(session.run(commands("kept=yes")))
    start = time.monotonic()
    outcomes = after(session, Command("sleep 1234.5", timeout=0.5), log)
    assert time.monotonic() - start < 4
    assert isinstance(outcomes[1], Unfinished)
    assert outcomes[1].reason == "it was still running after 0.5 s and was ended"
    assert not outcomes[1].shell_lost
    assert outcomes[2].after_loss == ""
    assert texts(session, "echo $kept") == ["yes\n"]
    assert not alive("sleep 1234.5")


@pytest.mark.parametrize("tty", [False, True])
@pytest.mark.parametrize("ended", ["sleep 1000", "bash -c 'kill -9 $$'", "(trap '' TERM; sleep 1000)"])
def test_what_the_shell_says_of_a_program_that_a_signal_ended_is_no_output_of_a_later_step(
    session: Session, log: Path, ended: str, tty: bool
) -> None:
    after(session, Command(ended, timeout=0.3, tty=tty), log)
    assert texts(session, "echo next | cat", "sleep 0 && echo last") == ["next\n", "last\n"]


def test_a_command_that_its_shell_begins_late_costs_its_own_step_only(session: Session) -> None:
    (told,) = session.run(commands("echo $$"))
    shell = int(told.output.text)
    os.kill(shell, signal.SIGSTOP)
    later = threading.Timer(0.4, os.kill, (shell, signal.SIGCONT))
    later.start()
    first, second = session.run([Command("sleep 1005", timeout=0.3), Command("echo here")])
    later.join()
    assert isinstance(first, Unfinished)
    assert not first.shell_lost
    assert second.output.text == "here\n"


def test_a_hanging_grandchild_is_ended_too(session: Session, log: Path) -> None:
    after(session, Command("bash -c 'sleep 2345.6; true'", timeout=0.5), log)
    assert not alive("sleep 2345.6")


def test_a_background_job_from_before_survives_the_end_of_a_step_that_hangs(session: Session) -> None:
    list(session.run(commands("sleep 345.67 &")))
    time.sleep(0.05)  # start times are counted in hundredths of a second; a reader types more slowly
    list(session.run(commands("sleep 1000", timeout=0.3)))
    assert alive("sleep 345.67")


def test_an_endless_loop_of_the_shell_itself_costs_the_shell_and_the_next_step_says_so(session: Session, log: Path) -> None:
    outcomes = after(session, Command("while :; do :; done", timeout=0.5), log)
    assert isinstance(outcomes[1], Unfinished)
    assert outcomes[1].shell_lost
    assert "was still running after 0.5 s" in outcomes[2].after_loss


@pytest.mark.parametrize("reader", ["cat", "head -c 1", "read line", "bash", "python3", "ssh-keygen -l -f -"])
def test_a_command_that_reads_standard_input_finds_it_empty(session: Session, log: Path, reader: str) -> None:
    outcomes = after(session, Command(reader, timeout=5), log)
    assert isinstance(outcomes[1], Finished)
    assert outcomes[2].after_loss == ""


@pytest.mark.parametrize("status", [0, 3])
def test_a_command_that_ends_its_shell_is_named_and_what_follows_proves_nothing(session: Session, log: Path, status: int) -> None:
    outcomes = after(session, Command(f"echo bye; exit {status}"), log)
    assert isinstance(outcomes[1], Unfinished)
    assert outcomes[1].reason == f"the shell ended with status {status}"
    assert outcomes[1].output.text == "bye\n"
    assert outcomes[2].after_loss == f"the shell ended with status {status}"


def test_a_command_that_replaces_its_shell_costs_only_itself(session: Session, log: Path) -> None:
    outcomes = after(session, Command("exec sleep 3456.7", timeout=0.5), log)
    assert isinstance(outcomes[1], Unfinished)
    assert outcomes[1].shell_lost
    assert not alive("sleep 3456.7")


def test_a_shell_that_is_killed_is_noticed_at_once(session: Session, log: Path) -> None:
    start = time.monotonic()
    outcomes = after(session, Command("kill -9 $$", timeout=20), log)
    assert time.monotonic() - start < 5
    assert isinstance(outcomes[1], Unfinished)
    assert outcomes[1].reason == "the shell ended by signal SIGKILL"


@pytest.mark.parametrize("closing", ["exec >&- 2>&-", "exec >&-", "exec 2>&-", "exec < /dev/zero"])
def test_a_command_that_closes_its_streams_costs_only_itself(session: Session, log: Path, closing: str) -> None:
    outcomes = after(session, Command(closing), log)
    assert outcomes[2].after_loss == ""


def test_a_redirection_that_lasts_is_the_authors_wish(session: Session, tmp_path: Path) -> None:
    assert texts(session, f"exec > {tmp_path}/out", "echo into the file", "exec > /dev/null")[1] == ""
    assert (tmp_path / "out").read_text() == "into the file\n"


def test_a_child_that_keeps_the_pipe_open_is_not_waited_for_and_ends_with_the_session(session: Session, log: Path) -> None:
    start = time.monotonic()
    after(session, Command("sleep 456.78 &"), log)
    assert time.monotonic() - start < 4
    session.close()
    assert not alive("sleep 456.78")


def test_a_child_that_left_its_session_and_its_parent_ends_all_the_same(session: Session, log: Path) -> None:
    after(
        session, Command("(setsid sleep 567.89 > /dev/null 2>&1 < /dev/null &); until pgrep -f 'sleep 567.[8]9'; do :; done"), log
    )
    assert alive("sleep 567.89")
    session.close()
    assert not alive("sleep 567.89")


def test_a_daemon_that_left_its_session_its_parent_and_its_environment_ends_all_the_same(session: Session, log: Path) -> None:
    daemon = "(env -i setsid sleep 789.01 > /dev/null 2>&1 < /dev/null &); until pgrep -f 'sleep 789.[0]1'; do :; done"
    after(session, Command(daemon), log)
    assert alive("sleep 789.01")
    session.close()
    assert not alive("sleep 789.01")


def test_a_step_that_prints_a_gigabyte_takes_little_memory_and_says_how_much_it_was(session: Session, log: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    outcomes = after(session, Command("head -c 1G /dev/zero | tr '\\0' x", timeout=120), log)
    assert outcomes[1].output.truncated == 1 << 30
    assert len(outcomes[1].output.text) == KEPT
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # kilobytes


def test_an_endless_printer_ends_in_its_time(session: Session, log: Path) -> None:
    outcomes = after(session, Command("yes", timeout=0.5), log)
    assert isinstance(outcomes[1], Unfinished)
    assert outcomes[1].output.text.startswith("y\ny\n")
    assert outcomes[1].output.truncated > KEPT


def test_an_endless_program_on_a_terminal_is_stopped_and_its_last_screen_kept(session: Session, log: Path) -> None:
    outcomes = after(session, Command("watch -n 0.1 echo watched", tty=True, duration=1.0), log)
    assert isinstance(outcomes[1], Finished)
    assert outcomes[1].stopped
    assert "watched" in outcomes[1].output.text
    assert outcomes[1].output.text.startswith("Every 0.1s: echo watched")


def test_an_endless_program_is_stopped_as_by_a_person(session: Session, log: Path) -> None:
    script = "bash -c 'trap \"echo interrupted; exit 0\" INT; while :; do sleep 0.05; done'"
    outcomes = after(session, Command(script, duration=0.6), log)
    assert outcomes[1].output.text == "interrupted\n"


LEAVING = "bash -c 'trap \"sleep {}; echo ended; exit 0\" INT; while :; do sleep 0.05; done'"


def test_an_endless_program_may_take_a_second_to_end(session: Session) -> None:
    """As Docker's client does until its container is gone."""
    (outcome,) = session.run([Command(LEAVING.format(1.2), duration=0.3)])
    assert isinstance(outcome, Finished)
    assert (outcome.exit, outcome.output.text) == (0, "ended\n")


def test_on_a_slow_machine_it_may_take_as_much_longer_as_everything_else() -> None:
    live = Session(lambda: Shell(LOCAL), patience=3)
    (outcome,) = live.run([Command(LEAVING.format(2.5), duration=0.3)])
    live.close()
    assert isinstance(outcome, Finished)
    assert (outcome.exit, outcome.output.text) == (0, "ended\n")


def test_an_endless_program_that_an_interrupt_kills_leaves_its_shell_alive(session: Session, log: Path) -> None:
    outcomes = after(session, Command("kept=yes; echo begun; sleep 1000", duration=0.3), log)
    assert isinstance(outcomes[1], Finished)
    assert texts(session, "echo $kept") == ["yes\n"]


def test_endless_programs_that_an_interrupt_kills_leave_no_words_of_their_shell(session: Session) -> None:
    outcomes = list(session.run([Command("sleep 1000", duration=0.2), Command("sleep 1000", duration=0.2)]))
    assert [outcome.output.text.strip() for outcome in outcomes] == ["", ""]


def test_closing_leaves_no_process_and_no_descriptor() -> None:
    before = set(os.listdir("/proc/self/fd"))
    live = Session(lambda: Shell(LOCAL))
    list(live.run(commands("sleep 678.9 & echo", "true")))
    live.close()
    assert not alive("sleep 678.9")
    assert len(set(os.listdir("/proc/self/fd"))) == len(before)
