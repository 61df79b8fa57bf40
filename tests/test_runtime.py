"""The runtime directory: who holds an instance, what it has started, and never somebody else's process."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from handbook import runtime
from handbook.errors import CouldNotRun, UsageError
from handbook.runtime import Runtime

HOLD = "import sys; from handbook.runtime import Runtime; Runtime({!r}).claim(); print('ready', flush=True); sys.stdin.read()"
LOCK = "import fcntl, os, sys; fcntl.flock(os.open({!r}, os.O_RDONLY), fcntl.LOCK_EX); print('ready', flush=True); sys.stdin.read()"


@pytest.fixture
def instance() -> Iterator[Runtime]:
    made = Runtime(f"test-{os.getpid()}")
    yield made
    made.remove()


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(["sleep", "60"]) as child:
        yield child
        child.kill()


@contextmanager
def holding(script: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of Python that says when it is ready."""
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        yield child
        child.kill()


@pytest.fixture
def holder(instance: Runtime) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that holds the instance."""
    with holding(HOLD.format(instance.instance)) as child:
        yield child


def test_a_recorded_process_is_found_until_it_ends(instance: Runtime, sleeper: subprocess.Popen[bytes]) -> None:
    instance.claim()
    instance.record("sleeper", sleeper.pid)
    found = Runtime(instance.instance).running()
    assert [(name, process.pid) for name, process in found.items()] == [("sleeper", sleeper.pid)]
    assert found["sleeper"].end(5)
    assert sleeper.wait() == -signal.SIGKILL
    assert instance.running() == {}


def test_a_process_that_took_over_the_number_is_neither_found_nor_ended(
    instance: Runtime, sleeper: subprocess.Popen[bytes]
) -> None:
    instance.claim()
    stranger = replace(instance.record("holder", sleeper.pid), started=1)
    (instance.path / "holder.process").write_text(f"{stranger.pid} {stranger.started} {stranger.boot}\n")
    assert instance.find("holder") is None
    assert stranger.end(1)
    assert sleeper.poll() is None


def test_a_signal_that_is_ignored_is_told(instance: Runtime) -> None:
    instance.claim()
    with subprocess.Popen(["sh", "-c", "trap '' TERM; echo; read x"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        recorded = instance.record("deaf", child.pid)
        assert not recorded.end(0.1, signal.SIGTERM)
        assert recorded.end(5)


def test_what_has_ended_cannot_be_recorded(instance: Runtime) -> None:
    instance.claim()
    with subprocess.Popen(["true"]) as child:
        child.wait()
    with pytest.raises(CouldNotRun, match="ended at once"):
        instance.record("gone", child.pid)


def test_a_second_command_is_refused_and_told_by_whom(instance: Runtime, holder: subprocess.Popen[bytes]) -> None:
    with pytest.raises(CouldNotRun, match=rf"in use by another command \(process {holder.pid}\)"):
        instance.claim()


def test_a_killed_holder_lets_go(instance: Runtime, holder: subprocess.Popen[bytes]) -> None:
    holder.kill()
    holder.wait()
    instance.claim()
    assert (instance.path / "owner").read_text() == str(os.getpid())


def test_one_process_may_claim_twice(instance: Runtime) -> None:
    instance.claim()
    Runtime(instance.instance).claim()


def test_what_a_killed_holder_left_is_taken_over_by_one(instance: Runtime, holder: subprocess.Popen[bytes]) -> None:
    assert not instance.take_over()
    holder.kill()
    holder.wait()
    assert instance.take_over()
    assert (instance.path / "owner").read_text() == str(os.getpid())
    assert not Runtime(instance.instance).take_over()


def test_a_holder_takes_over_nothing_from_itself(instance: Runtime) -> None:
    instance.claim()
    assert not Runtime(instance.instance).take_over()
    assert instance.path.exists()


def test_what_has_ended_in_order_is_not_made_to_be_taken_over(instance: Runtime) -> None:
    assert not instance.take_over()
    assert not instance.path.exists()


def test_what_was_made_and_not_held_yet_is_neither_taken_over_nor_left(instance: Runtime) -> None:
    instance.path.mkdir(parents=True)
    assert not instance.take_over()
    assert not instance.path.exists()


def test_one_who_looks_whether_something_was_left_is_waited_for(instance: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    instance.path.mkdir(parents=True)
    with holding(LOCK.format(str(instance.path))) as looking:

        def let_go(_: float) -> None:
            looking.kill()
            looking.wait()

        monkeypatch.setattr("time.sleep", let_go)
        instance.claim()
    assert (instance.path / "owner").exists()


def test_what_goes_away_while_it_is_claimed_is_made_once_more(instance: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = runtime._lock

    def gone_at_first(path: Path) -> int | None:
        path.rmdir()
        monkeypatch.setattr(runtime, "_lock", lock)
        return lock(path)

    monkeypatch.setattr(runtime, "_lock", gone_at_first)
    instance.claim()
    assert (instance.path / "owner").exists()


def test_removed_and_claimed_again(instance: Runtime) -> None:
    instance.claim()
    instance.remove()
    instance.remove()
    assert not instance.path.exists()
    instance.claim()
    assert instance.path.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("name", ["", "..", "a/b", "-x", "x" * 64])
def test_a_name_that_is_no_directory_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="instance"):
        Runtime(name)


def test_a_directory_that_others_may_write_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o777)
    monkeypatch.setattr(runtime, "_base", lambda: tmp_path / "shared")
    with pytest.raises(CouldNotRun, match="others may write"):
        Runtime("x").claim()


def test_a_job_of_cron_has_the_instances_of_its_user_who_is_logged_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "1234").mkdir()
    monkeypatch.setattr(runtime, "LOGGED_IN", tmp_path)
    monkeypatch.setattr("os.geteuid", lambda: 1234)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "1234"))
    terminal = Runtime("x").path
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    assert Runtime("x").path == terminal == tmp_path / "1234/handbook/x"
