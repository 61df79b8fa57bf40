"""Commands of this machine."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import sh

from handbook.errors import CouldNotRun
from handbook.interruption import held
from handbook.process import Process, process
from handbook.search_path import is_there, search_path

TAIL = 12
"""Lines of a log that an error shows."""

LONGEST_END = 10.0
"""Seconds that a killed command may take to be gone; one that waits for a disk takes some."""

LEASH = ("--pdeathsig=KILL", "--", "sh", "-c", '[ "$PPID" = "$1" ] && shift && exec "$@"', "sh")
"""Words for setpriv: the command ends when its parent does, and does not begin when its parent is gone already."""

PLAIN: dict[str, Any] = {"_tty_out": False, "_decode_errors": "replace", "_return_cmd": True, "_bg": True, "_bg_exc": False}


def run(*words: str, timeout: float, given: str | Path = "", taken: Path | None = None, log: Path | None = None) -> str:
    """Run a command and return what it prints on standard output. It ends when we do, also when we are killed.

    Parameters:
        words: The program and its arguments.
        timeout: Seconds until it is killed.
        given: Text, or a file, that it reads from standard input.
        taken: File that gets what it prints on standard output; the result is then empty.
        log: File that both of its streams are appended to; the result is then empty.

    Raises:
        CouldNotRun: When it is not there, fails or takes too long.
    """
    with ExitStack() as files:
        streams: dict[str, Any] = {"_in": files.enter_context(given.open("rb")) if isinstance(given, Path) else given}
        streams["_env"] = _variables()
        if taken:
            streams["_out"] = files.enter_context(taken.open("wb"))
        if log:
            log.parent.mkdir(parents=True, exist_ok=True)
            streams |= {"_out": files.enter_context(log.open("ab")), "_err_to_out": True}
        return _wait(words, timeout, streams, log)


def contained(words: Sequence[str]) -> tuple[str, ...]:
    """The words of a command that takes every process and mount it made along when it ends.

    Who is not root gets a user namespace, in which the command is root and may make files of other users (subuid(5)).
    """
    user = () if is_root() else ("--map-root-user", "--map-auto")
    return ("unshare", *user, "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--", *words)


def tail(log: Path) -> str:
    """The last lines of a log and where it is, for an error's text."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    return "\n".join([*(f"  {line.rstrip()}" for line in lines[-TAIL:]), f"its log: {log}"])


def _wait(words: Sequence[str], timeout: float, streams: dict[str, Any], log: Path | None) -> str:
    if not is_there(words[0]):
        raise CouldNotRun(f"{words[0]} is not on this machine; `handbook doctor` says how to get it")
    running: Process | None = None
    late = threading.Event()
    try:
        with ExitStack() as stack:
            with held():  # one that comes while sh starts a process is lost in callbacks of the interpreter
                command = sh.Command("setpriv")(*LEASH, str(os.getpid()), *words, **PLAIN, **streams)
                running = process(command.pid)
                stack.enter_context(_limited(running, timeout, late))
            command.wait()
    except sh.ErrorReturnCode as error:
        what = f"took more than {timeout:.0f} s" if late.is_set() else f"ended with status {error.exit_code}"
        raise CouldNotRun(_failure(words, what, _text(error.stderr), log)) from None
    except BaseException:
        if running:
            running.end(LONGEST_END)  # and see it gone: what it still wrote would get in the way of whoever cleans up behind it
        raise
    return _text(command.stdout)


@contextmanager
def _limited(running: Process | None, timeout: float, late: threading.Event) -> Iterator[None]:
    """End a process after some seconds, and note that. The watch of sh outlives an interrupt that comes as its command ends."""

    def end() -> None:
        if running and running.runs():
            late.set()
            running.end(LONGEST_END)

    watch = threading.Timer(timeout, end)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


def _variables() -> dict[str, str]:
    """Those of a command: our own, and the folders of the administrator's programs, which the path of an ordinary user may lack."""
    return {**os.environ, "PATH": search_path()}


def _failure(words: Sequence[str], what: str, errors: str, log: Path | None) -> str:
    shown = " ".join(words) if len(words) < 12 else " ".join([*words[:10], "..."])
    return f"`{shown}` {what}\n{tail(log) if log else errors.strip()}"


def _text(data: bytes | None) -> str:
    return (data or b"").decode("utf-8", "replace")


def is_root() -> bool:
    """Whether this process may do what only root may."""
    return os.geteuid() == 0
