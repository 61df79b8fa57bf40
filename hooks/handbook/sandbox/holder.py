"""The first process of a sandbox: everything in the sandbox ends with it, and it ends with its owner."""

from __future__ import annotations

import atexit
import os
import pwd
import select
import subprocess
import sys
import time
from contextlib import suppress
from functools import cache
from importlib import resources
from pathlib import Path

from handbook.errors import CouldNotRun
from handbook.runtime import Runtime
from handbook.sandbox import owners
from handbook.sandbox.system import Part, homes, layers, mount_points, script, system_parts
from handbook.search_path import search_path

NAMESPACES = ("--mount", "--pid", "--net", "--uts", "--ipc", "--cgroup")
SECONDS = 20.0
FIRST_USER = 1878982656  # the last 65536 of the users that Linux distributions set aside for containers
USERS = 65536
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
READY = b"printf init >/proc/self/comm; echo ready; exec >/dev/null 2>&1\n"
# It goes on reading, from a pipe without end: no process of its own that "ps" would show, and it buries every orphan at once.
STAY = b"exec <&8\n"


class Holder:
    """A started first process.

    Its standard input is a pipe from us: when we end, however, the pipe closes and it ends too. Only an orderly exit of a program
    that did not end it leaves it running, for ``handbook up`` and ``--keep``.

    Parameters:
        runtime: Where the processes are recorded; held by this process.

    Raises:
        CouldNotRun: When the sandbox did not come up; the message ends with what the tools said.
    """

    def __init__(self, runtime: Runtime) -> None:
        parts = system_parts(mount_points())
        self._log = runtime.path / "log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                _command(parts),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env={"PATH": search_path(), "LC_ALL": "C.UTF-8", "setup": _setup(parts)},
                cwd="/",
                start_new_session=True,
                bufsize=0,
            )
        self._owner = os.getpid()
        try:
            runtime.record("starter", self._process.pid)
            self._tell(READY)  # read when all is set up
            runtime.record("holder", self._wait_until_ready())
        except BaseException:
            self._process.kill()  # its only child, the first process, is killed with it by the kernel
            self.bury()
            raise
        atexit.register(self._stay)

    def bury(self) -> None:
        """Take note that it was ended."""
        atexit.unregister(self._stay)
        self._process.communicate()

    def _stay(self) -> None:
        if os.getpid() == self._owner:  # not a fork of it
            self._tell(STAY)

    def _tell(self, command: bytes) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # whether it lives is asked elsewhere
            self._process.stdin.write(command)

    def _wait_until_ready(self) -> int:
        """Read the number of the first process, and then its word that it is ready."""
        assert self._process.stdout is not None
        end = time.monotonic() + SECONDS
        said = b""
        while not said.endswith(b"ready\n"):
            readable, _, _ = select.select([self._process.stdout], [], [], max(0.0, end - time.monotonic()))
            more = os.read(self._process.stdout.fileno(), 4096) if readable else b""
            if not more:
                what = "did not come up" if readable else f"was not up after {SECONDS:.0f} s"
                raise CouldNotRun(f"the sandbox {what}: {self._log.read_text(errors='replace').strip() or 'no message'}")
            said += more
        return int(said.split()[0])


def maps_users() -> bool:
    """Whether we may map a range of users: as root, where the range exists (not in a container that has few users)."""
    return os.geteuid() == 0 and all(_has_range(Path(f"/proc/self/{kind}_map")) for kind in ("uid", "gid"))


def _has_range(path: Path) -> bool:
    ranges = (map(int, line.split()) for line in path.read_text(encoding="utf-8").splitlines())
    return any(first <= FIRST_USER and first + count >= FIRST_USER + USERS for first, _, count in ranges)


def _command(parts: tuple[Part, ...]) -> list[str]:
    first = ["unshare", *NAMESPACES, "--fork", "--kill-child", "--", "bash", "--noprofile", "--norc", "-c", 'eval "$setup"']
    if not maps_users():
        return ["unshare", "--user", "--map-root-user", *first[1:]]
    directories = [str(layer.path) for layer in layers(parts)]
    program = [sys.executable, "-I", "-S", owners.__file__, str(FIRST_USER), str(USERS), *directories, "--"]
    return ["unshare", "--mount", "--propagation", "private", "--", *program, *first]


def _setup(parts: tuple[Part, ...]) -> str:
    """The whole script of the first process; afterwards it reads our pipe."""
    variables = f"owners={'/tmp/owners' if maps_users() else ''} path={PATH}"
    return f"{variables}\n{shell_functions()}\nbegin\n{script(parts, _hidden_homes())}finish\n"


def _hidden_homes() -> tuple[Path, ...]:
    found = {os.environ.get("HOME", "")}
    with suppress(KeyError):  # a user without an account
        found.add(pwd.getpwuid(os.getuid()).pw_dir)
    return homes(found)


@cache
def shell_functions() -> str:
    """What the first process does, as functions of the shell; read once."""
    return resources.files("handbook").joinpath("assets/sandbox.sh").read_text(encoding="utf-8")
