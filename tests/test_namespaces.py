"""Namespaces of other processes: held, told by name, and waited for."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from handbook.namespaces import await_end, held_namespaces, processes_in

UNSHARE = ("unshare", "--user", "--map-root-user", "--net", "--pid", "--fork", "--kill-child")


@contextmanager
def stranger() -> Iterator[int]:
    """A process in namespaces of its own, which it says when it is there."""
    words = [*UNSHARE, "sh", "-c", "echo there; read line"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as started:
        assert started.stdout
        started.stdout.readline()
        yield started.pid
        started.kill()


def test_those_of_a_process_are_told_and_ours_are_not() -> None:
    with stranger() as pid, held_namespaces([pid, os.getpid()]) as held:
        assert {name.partition(":")[0] for name in held} == {"net", "pid", "user"}
        assert not held & {os.readlink(f"/proc/self/ns/{kind}") for kind in ("net", "pid", "user", "mnt")}


def test_who_is_in_them_is_told_by_number_and_name() -> None:
    with stranger() as pid, held_namespaces([pid]) as held:
        told = sorted(processes_in(held))
    assert len(told) == 2
    assert any(line.startswith(f"process {pid} (unshare) in net:[") for line in told)
    assert any("(sh) in net:[" in line and "pid:[" in line and "user:[" in line for line in told)


def test_the_end_of_all_in_them_is_waited_for() -> None:
    with ExitStack() as stack:
        with stranger() as pid:
            held = stack.enter_context(held_namespaces([pid]))
            assert len(await_end(held, 0)) == 2
        assert await_end(held, 10) == []


def test_they_are_held_though_the_process_is_gone_and_let_go_at_the_end() -> None:
    """The kernel may give the number of one that nobody holds to the next, and a stranger's process would be taken for ours."""
    with ExitStack() as stack:
        with stranger() as pid:
            held = stack.enter_context(held_namespaces([pid]))
        assert held <= open_files()
    assert not held & open_files()


def test_each_is_held_once_however_many_processes_are_in_it() -> None:
    with stranger() as pid:
        before = len(os.listdir("/proc/self/fd"))
        with held_namespaces([pid, os.getpid()] * 100) as held:
            assert len(os.listdir("/proc/self/fd")) == before + len(held)


def open_files() -> set[str]:
    names = (f"/proc/self/fd/{number}" for number in os.listdir("/proc/self/fd"))
    return {os.readlink(name) for name in names if os.path.lexists(name)}


def test_a_process_that_is_gone_has_none() -> None:
    with stranger() as pid:
        pass
    with held_namespaces([pid]) as held:
        assert held == frozenset()


@pytest.mark.parametrize("names", [(), ("net:[1]",)])
def test_nobody_is_in_none(names: tuple[str, ...]) -> None:
    assert list(processes_in(names)) == []
