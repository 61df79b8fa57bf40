"""The life of a sandbox: quickly up, apart from others, and gone without a trace, however it ends."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from handbook.environment import Environment, Target
from handbook.environments.sandbox import Sandbox
from handbook.errors import CouldNotRun, InputError, LeftBehind
from handbook.process import process
from handbook.progress import Quiet
from handbook.runtime import Runtime
from handbook.sandbox import remains

from tests.sandbox.sandbox_owner import ENVIRONMENT, ORPHAN, OURSELVES, Owner, User, as_ourselves, new_name

PR_SET_CHILD_SUBREAPER = 36
Owners = Callable[..., Owner]


def until(what: Callable[[], object], seconds: float = 10) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.01)


def commands() -> str:
    """The commands of all processes of this machine."""
    return "\n".join(" ".join(remains._command(pid)) for pid in remains._pids())


def sleep_of(owner: Owner) -> str:
    """A command that runs for a long time and that no other test runs."""
    return f"sleep 86{owner.pid}"


def up_again(owner: Owner) -> None:
    """Bring up what a killed owner left; another test's command may be cleaning it up, and ours has to wait for that."""
    until(lambda: _is_brought_up(owner), 30)


def _is_brought_up(owner: Owner) -> bool:
    try:
        owner.ask("up")
    except AssertionError as error:
        if "in use by another command" not in str(error):
            raise
        return False
    return True


def test_up_takes_well_under_a_second(owners: Owners) -> None:
    seconds = []
    for _ in range(3):
        owner = owners()
        start = time.monotonic()
        owner.ask("up")
        seconds.append(time.monotonic() - start)
    assert min(seconds) < 1


def test_every_up_is_pristine(owners: Owners) -> None:
    owner = owners()
    for _ in range(2):
        owner.ask("up")
        assert owner.says("ls -A ~; mkdir /opt/new; touch ~/.file; ls -A ~") == ".file\n"


def test_what_is_left_running_ends_with_it(owners: Owners) -> None:
    owner = owners()
    owner.ask("up")
    sleep = sleep_of(owner)
    owner.says(f"exec >/dev/null 2>&1; {sleep} & setsid {sleep} & unshare --pid --fork {sleep} & nohup {sleep} & true")
    until(lambda: commands().count(f"\n{sleep}") == 4)
    owner.ask("down")
    assert sleep not in commands()


def test_a_shell_that_was_stopped_ends_with_it(owners: Owners) -> None:
    owner = owners()
    owner.ask("up")
    argv = [*owner.user.words, *owner.argv, "bash", "-c", "kill -STOP $$; sleep 600"]
    with subprocess.Popen(argv) as shell:
        until(lambda: f"{shell.pid} (nsenter) T" in Path(f"/proc/{shell.pid}/stat").read_text())
        owner.ask("down")
        assert shell.wait(timeout=10) != 0


def test_down_leaves_no_mount_link_group_or_record(owners: Owners) -> None:
    owner = owners()
    owner.ask("up")
    name = f"hb{owner.pid}"[:15]
    owner.run(f"mkdir /mnt/{name}; mount -t tmpfs {name} /mnt/{name}; ip link add {name} type bridge; ip netns add {name}")
    owner.ask("down")
    assert name not in Path("/proc/self/mountinfo").read_text()
    assert not Path("/sys/class/net", name).exists()
    assert not Path("/run/netns", name).exists()
    assert not list(Path("/run", "handbook").glob(owner.instance))
    assert not list(Path("/tmp").glob(f"handbook-*/{owner.instance}"))


def test_down_twice_and_down_of_what_never_was_up(owners: Owners) -> None:
    owner = owners()
    owner.ask("down")
    owner.ask("up")
    owner.ask("down")
    owner.ask("down")


def test_two_at_once_do_not_touch_each_other(owners: Owners) -> None:
    both = [owners(), owners()]
    for owner in both:
        owner.ask("up")
    for owner in both:
        assert owner.says("ip netns add same && ip netns list && echo $RANDOM >~/file; hostname of-one; ls /root") == "same\nfile\n"
    both[0].ask("down")
    assert both[1].says("ip netns list; hostname") == "same\nof-one\n"


def test_a_killed_owner_leaves_nothing_running(owners: Owners) -> None:
    owner = owners()
    owner.ask("up")
    sleep = sleep_of(owner)
    owner.says(f"setsid {sleep} >/dev/null 2>&1 &")
    until(lambda: sleep in commands())
    owner.kill()
    until(lambda: sleep not in commands())
    again = owners(owner.instance)
    up_again(again)
    assert again.says("hostname") == "sandbox\n"


@pytest.mark.parametrize("milliseconds", [0, 15, 35, 60, 90, 130])
def test_an_owner_killed_on_the_way_up_leaves_nothing(user: User, milliseconds: int) -> None:
    report, theirs = os.pipe()
    guard = os.fork()
    if guard == 0:
        _watch_a_killed_up(user, milliseconds, theirs)
    os.close(theirs)
    with os.fdopen(report) as lines:
        assert lines.read() == "all ended\nup again\n"
    os.waitpid(guard, 0)


def _watch_a_killed_up(user: User, milliseconds: int, report: int) -> None:
    """In a process of its own, which inherits every descendant of the owner that outlives it."""
    try:
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        owner = Owner(user, new_name())
        owner._line.sendall(b"up\n")
        time.sleep(milliseconds / 1000)
        owner.kill()
        signal.alarm(10)
        while True:
            try:
                os.wait()
            except ChildProcessError:
                break
        os.write(report, b"all ended\n")
        again = Owner(user, owner.instance)
        up_again(again)
        again.ask("down")
        os.write(report, b"up again\n")
    finally:
        os._exit(0)


def test_an_orderly_exit_leaves_it_up_for_the_next_command(owners: Owners) -> None:
    owner = owners()
    owner.ask("up")
    owner.says("touch ~/kept")
    owner.ask("keep")
    owner.leave()
    other = owners(owner.instance)
    assert other.says("ls") == "kept\n"
    assert other.says("! grep -slx 'PPid:.1' /proc/[0-9]*/status") == ""
    other.says(ORPHAN)
    other.ask("down")
    with pytest.raises(AssertionError, match="not up"):
        other.ask("shell")


def test_a_second_command_cannot_take_it_away(owners: Owners) -> None:
    owner = owners()
    owner.ask("up")
    other = owners(owner.instance)
    for request in ("up", "down"):
        with pytest.raises(AssertionError, match=f"in use by another command .process {owner.pid}"):
            other.ask(request)
    assert owner.says("hostname") == "sandbox\n"


@pytest.fixture
def provider(user: User) -> Iterator[Sandbox]:
    """A sandbox of this very process."""
    assert user is OURSELVES
    made = Sandbox(ENVIRONMENT, new_name())
    made.up(Quiet())
    yield made
    made.down()


@as_ourselves
def test_down_tells_what_it_could_not_end(provider: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remains, "SECONDS", 0.2)
    holder = Runtime(provider._runtime.instance).running()["holder"]
    words = ["--preserve-credentials", "--user", "--mount"]
    with subprocess.Popen(["nsenter", *words, "--target", str(holder.pid), "sleep", "60"]) as intruder:
        until(lambda: remains._command(intruder.pid)[0] == "sleep")
        with pytest.raises(LeftBehind, match=rf"process {intruder.pid} .sleep. in .*mnt:"):
            provider.down()
        intruder.kill()


@as_ourselves
@pytest.mark.usefixtures("user")
def test_a_number_that_somebody_else_has_now_is_left_alone() -> None:
    with subprocess.Popen(["sleep", "60"]) as stranger:
        runtime = Runtime(new_name())
        runtime.claim()
        runtime.record("holder", stranger.pid)
        record = runtime.path / "holder.process"
        now = process(stranger.pid)
        assert now
        record.write_text(record.read_text().replace(str(now.started), str(now.started - 1)))
        Sandbox(ENVIRONMENT, runtime.instance).down()
        assert stranger.poll() is None
        stranger.kill()


@as_ourselves
def test_a_target_that_it_does_not_have(provider: Sandbox) -> None:
    with pytest.raises(CouldNotRun, match="no target container:web: it has node and laptop"):
        provider.shell(Target("container", "web"))


def test_parameters_are_refused() -> None:
    environment = Environment("sandbox", "sandbox", Path("sandbox.yml"), parameters={"memory": 1})
    with pytest.raises(InputError, match="parameter 'memory'"):
        Sandbox(environment, "sandbox")
