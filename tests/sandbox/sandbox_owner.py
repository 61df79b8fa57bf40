"""Owners of sandboxes for the tests: processes that bring one up, as this user or as another, and may be killed."""

import atexit
import json
import os
import signal
import socket
import subprocess
import traceback
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from handbook.environment import Environment, Target
from handbook.environments.sandbox import Sandbox
from handbook.errors import HandbookError
from handbook.fingerprint import probe_script
from handbook.live import KEPT
from handbook.progress import Quiet
from handbook.runtime import Runtime
from handbook.sandbox.holder import shell_functions

NOBODY = 65534
SECRET = "a secret of the test"
ENVIRONMENT = Environment(name="sandbox", provider="sandbox", path=Path("resources/environments/sandbox.yml"))
# Makes an orphan and waits until it is gone without a trace.
ORPHAN = """orphan=$(sh -c 'sleep 0.01 >/dev/null & echo $!')
  for try in $(seq 1000); do [ -e /proc/$orphan ] || exit 0; sleep 0.01; done; exit 1"""
NUMBERS = count()


@dataclass(frozen=True)
class User:
    """Whom a sandbox belongs to."""

    words: tuple[str, ...] = ()

    def become(self) -> None:
        if self.words:
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)


OURSELVES = User()
ANOTHER = User(("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--"))
ROOT = pytest.param(OURSELVES, id="as-root", marks=pytest.mark.skipif(os.geteuid() != 0, reason="only root has other users"))
as_ourselves = pytest.mark.parametrize("user", [OURSELVES], ids=["as-ourselves"], indirect=True)
as_root = pytest.mark.parametrize("user", [ROOT], indirect=True)
USERS = {"as-root": OURSELVES, "without-root": ANOTHER} if os.geteuid() == 0 else {"without-root": OURSELVES}


class Owner:
    """A process that brings up a sandbox, does what it is told, and may be killed.

    Parameters:
        user: As whom.
        instance: Name of the sandbox.
        prepare: What the process does before it becomes that user.
    """

    def __init__(self, user: User, instance: str, prepare: Callable[[], object] = bool) -> None:
        self.user = user
        self.instance = instance
        shell_functions(), probe_script()  # where another user may not read the checkout
        self._line, theirs = socket.socketpair()
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", DeprecationWarning
            )  # of a fork beside the threads of xdist; the child does not use them
            self.pid = os.fork()
        if self.pid == 0:
            self._line.close()
            _serve(theirs, user, instance, prepare)
        theirs.close()
        self._answers = self._line.makefile()

    def ask(self, what: str) -> Any:
        """Have it call a method of the provider; give back the result."""
        self._line.sendall(what.encode() + b"\n")
        result, error = json.loads(self._answers.readline())
        assert not error, error
        return result

    def run(self, command: str, **options: Any) -> "subprocess.CompletedProcess[str]":
        """Run a command in the sandbox."""
        argv = [*self.user.words, *self.argv, "bash", "--noprofile", "--norc", "-c", command]
        options = {"stdin": subprocess.DEVNULL, "timeout": 30} | options
        return subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options)

    def says(self, command: str) -> str:
        """What a command in the sandbox prints; it must succeed."""
        result = self.run(command)
        assert result.returncode == 0, f"{command!r} ended with {result.returncode}: {result.stdout}"
        return result.stdout

    @property
    def argv(self) -> list[str]:
        return list(self.ask("shell"))

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        self.wait()

    def leave(self) -> None:
        """Let it exit in order without taking the sandbox down."""
        self._line.sendall(b"leave\n")
        self.wait()

    def wait(self) -> None:
        with suppress(ChildProcessError):
            os.waitpid(self.pid, 0)
        self._answers.close()
        self._line.close()


def _serve(line: socket.socket, user: User, instance: str, prepare: Callable[[], object]) -> None:
    """The owner's own process: never returns into the tests."""
    try:
        atexit._clear()  # what the tests' process wants done at its own end
        prepare()
        user.become()
        os.environ["HANDBOOK_TEST_SECRET"] = SECRET
        os.environ.pop("XDG_RUNTIME_DIR", None)
        provider = Sandbox(ENVIRONMENT, instance)
        actions: dict[str, Callable[[], object]] = {
            "up": lambda: provider.up(Quiet()),
            "down": provider.down,
            "keep": (Runtime(instance).path / KEPT).touch,
            "shell": lambda: provider.shell(Target("node")).argv,
            "missing": lambda: [str(missing) for missing in provider.missing()],
            "fingerprint": lambda: dict(provider.fingerprint().facts),
        }
        for request in line.makefile():
            if request == "leave\n":
                atexit._run_exitfuncs()
                os._exit(0)
            line.sendall(json.dumps(_answer(actions[request.strip()])).encode() + b"\n")
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


def _answer(action: Callable[[], object]) -> tuple[object, str]:
    try:
        return action(), ""
    except HandbookError as error:
        return None, f"{type(error).__name__}: {error}"


def new_name() -> str:
    """A name for a sandbox that no other has."""
    return f"test-{os.getpid()}-{next(NUMBERS)}"
