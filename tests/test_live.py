"""Running environments: what killed commands left is cleaned, what is in use or meant to stay is not."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from handbook.book import Book
from handbook.environment import Environment, load_environment
from handbook.environments.here import Here
from handbook.errors import CouldNotRun
from handbook.live import ENVIRONMENT, KEPT, bring_up, is_kept, running, sweep, take_down
from handbook.progress import Lines, Quiet
from handbook.runtime import Runtime, instances

NUMBERS = count()
pytestmark = pytest.mark.usefixtures("private_runtime")


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """This machine under a name that no other test has."""
    path = tmp_path / f"live-{os.getpid()}-{next(NUMBERS)}.yml"
    path.write_text("provider: here\n")
    return load_environment(path)


@pytest.fixture
def left(environment: Environment, private_runtime: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of an instance whose command was killed."""
    process = subprocess.Popen(["sleep", "1000"])
    note = f"{private_runtime}from handbook.runtime import Runtime\n"
    note += f"runtime = Runtime({environment.name!r})\nruntime.claim()\nruntime.record('holder', {process.pid})\n"
    note += f"(runtime.path / {ENVIRONMENT!r}).write_text({str(environment.path)!r})\n"
    subprocess.run([sys.executable, "-c", note], check=True)
    yield process
    process.kill()
    process.wait()


def test_an_environment_is_up_for_as_long_as_it_is_needed(environment: Environment) -> None:
    with running(environment, environment.name, Quiet()) as provider:
        assert provider.fingerprint().facts
        assert environment.name in instances()
    assert environment.name not in instances()


def test_it_goes_down_also_when_the_work_in_it_fails(environment: Environment) -> None:
    def work() -> None:
        with running(environment, environment.name, Quiet()):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work()
    assert environment.name not in instances()


def test_an_interrupt_while_it_goes_down_comes_through_when_it_is_down(
    environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    down = Here.down

    def interrupted(provider: Here) -> None:
        signal.raise_signal(signal.SIGINT)
        down(provider)

    def work() -> None:
        with running(environment, environment.name, Quiet()):
            pass

    monkeypatch.setattr(Here, "down", interrupted)
    with pytest.raises(KeyboardInterrupt):
        work()
    assert environment.name not in instances()


def test_what_a_running_command_uses_is_not_swept(environment: Environment, private_runtime: str) -> None:
    hold = f"{private_runtime}handbook.runtime.Runtime({environment.name!r}).claim()\nprint(flush=True)\ninput()"
    with subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as command:
        assert command.stdout
        command.stdout.readline()
        sweep(Quiet())
        assert environment.name in instances()
        command.kill()
    sweep(Quiet())
    assert environment.name not in instances()


def test_what_is_meant_to_stay_is_not_swept(environment: Environment) -> None:
    bring_up(environment, Quiet())
    sweep(Quiet())
    assert is_kept(environment)
    take_down(environment)
    assert not is_kept(environment)
    assert environment.name not in instances()


def test_what_has_ended_in_order_is_not_said_to_be_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handbook.live.instances", lambda: ["ended-meanwhile"])
    told = io.StringIO()
    sweep(Lines(told))
    assert not told.getvalue()


@pytest.mark.usefixtures("left")
def test_what_its_command_keeps_while_we_look_is_not_swept(environment: Environment) -> None:
    take_over = Runtime.take_over

    def keep_and_end(runtime: Runtime) -> bool:
        (runtime.path / KEPT).touch()
        return take_over(runtime)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Runtime, "take_over", keep_and_end)
        sweep(Quiet())
    assert is_kept(environment)
    take_down(environment)


def test_another_book_with_an_environment_of_that_name_is_left_alone(environment: Environment, tmp_path: Path) -> None:
    other = tmp_path / "other" / environment.path.name
    other.parent.mkdir()
    other.write_text("provider: here\n")
    bring_up(environment, Quiet())
    assert not is_kept(load_environment(other))
    for command in (lambda: bring_up(load_environment(other), Quiet()), lambda: take_down(load_environment(other))):
        with pytest.raises(CouldNotRun, match=f"{environment.name} is up from {environment.path}\n  next: handbook down"):
            command()
    with running(load_environment(other), f"{environment.name}.2", Quiet()) as provider:
        assert provider.fingerprint().facts
    assert is_kept(environment)
    environment.path.unlink()
    take_down(load_environment(other))
    assert environment.name not in instances()


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_text("provider: [")], ids=["gone", "broken"])
def test_what_an_environment_left_whose_file_cannot_be_read_is_ended_by_its_records(
    environment: Environment, left: subprocess.Popen[bytes], spoil: object
) -> None:
    assert callable(spoil)
    spoil(environment.path)
    told = io.StringIO()
    sweep(Lines(told))
    assert f"cleaning up {environment.name}, which a killed command left ..." in told.getvalue()
    assert left.wait(10) == -9
    assert environment.name not in instances()


def test_what_does_not_go_down_is_said_and_tried_again(environment: Environment, private_runtime: str) -> None:
    keep = f"{private_runtime}from handbook.live import bring_up, load_environment\nfrom handbook.progress import Quiet\n"
    keep += f"bring_up(load_environment(Path({str(environment.path)!r})), Quiet())"
    subprocess.run([sys.executable, "-c", keep], check=True)
    runtime = Runtime(environment.name)
    (runtime.path / KEPT).unlink()
    home = Path((runtime.path / "home").read_text())
    bound = home / "bound"
    bound.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", bound], check=False, capture_output=True).returncode:
        take_down(environment)
        pytest.skip("only root can mount")
    told = io.StringIO()
    try:
        sweep(Lines(told))
    finally:
        subprocess.run(["umount", bound], check=True)
    assert f"left behind:\n  mount {bound}" in told.getvalue()
    assert environment.name in instances()
    sweep(Quiet())
    assert environment.name not in instances()
    assert not home.exists()


def test_a_book_far_away_finds_the_built_in_environments(tmp_path: Path) -> None:
    assert {environment.name for environment in Book(tmp_path).environments} >= {"sandbox", "here"}
