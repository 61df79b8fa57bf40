"""The programs that the provider runs on the laptop: minikube, kubectl, the driver's."""

from __future__ import annotations

import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from handbook.errors import CouldNotRun
from handbook.interruption import held
from handbook.minikube.events import Failure, follow
from handbook.progress import Progress

LONGEST_QUESTION = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a program printed, and how it ended."""

    exit: int
    output: str
    errors: str


@dataclass(frozen=True, slots=True)
class Laptop:
    """This machine with the variables that make minikube and kubectl look into a home directory of our choice.

    Parameters:
        variables: The whole environment of every program.
    """

    variables: Mapping[str, str]

    def ask(self, *words: str, timeout: float = LONGEST_QUESTION, given: str = "") -> Answer:
        """Run a program to its end, whatever its exit status.

        Parameters:
            words: The program and its arguments.
            timeout: Seconds until it is killed.
            given: What it reads from standard input.

        Raises:
            CouldNotRun: When it is not there or takes too long.
        """
        # Apart from our terminal: Ctrl-C is for us, who end it in order.
        flags = {"text": True, "start_new_session": True, "env": dict(self.variables), "errors": "replace"}
        try:
            done = subprocess.run(words, input=given, capture_output=True, timeout=timeout, check=False, **flags)  # type: ignore[call-overload]
        except OSError as error:
            raise CouldNotRun(f"{words[0]} does not start: {error.strerror}") from None
        except subprocess.TimeoutExpired:
            raise CouldNotRun(f"`{_shown(words)}` took more than {timeout:.0f} s") from None
        return Answer(done.returncode, done.stdout, done.stderr)

    def run(self, *words: str, timeout: float = LONGEST_QUESTION, given: str = "") -> str:
        """Run a program and return what it prints on standard output.

        Raises:
            CouldNotRun: When it is not there, fails or takes too long.
        """
        answer = self.ask(*words, timeout=timeout, given=given)
        if answer.exit:
            said = (answer.errors or answer.output).strip()
            raise CouldNotRun(f"`{_shown(words)}` ended with status {answer.exit}\n{said}")
        return answer.output

    def follow(self, *words: str, timeout: float, log: Path, progress: Progress) -> Failure | None:
        """Run ``minikube start --output=json`` and tell its steps.

        Parameters:
            words: The command.
            timeout: Seconds until it is killed.
            log: File for what it says on standard error.
            progress: Who is told.

        Returns:
            Why it failed; None where it succeeded.

        Raises:
            CouldNotRun: When it is not there or takes too long.
        """
        with log.open("w", encoding="utf-8") as errors, ExitStack() as stack:
            with held():  # whoever interrupts must find something to end
                process = _start(words, errors.fileno(), self.variables)
                stack.callback(_end, process)
                watch = threading.Timer(timeout, process.kill)
                stack.callback(watch.cancel)
                watch.start()
            assert process.stdout
            failure = follow(process.stdout, progress)
            status = process.wait()
        if status == -signal.SIGKILL:
            raise CouldNotRun(f"`{_shown(words)}` was killed, after {timeout:.0f} s at the latest; its log: {log}")
        return (failure or Failure(f"exit status {status}", f"its log: {log}", "")) if status else None


def _start(words: Sequence[str], errors: int, variables: Mapping[str, str]) -> subprocess.Popen[str]:
    try:
        return subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
            env=dict(variables),
        )
    except OSError as error:
        raise CouldNotRun(f"{words[0]} does not start: {error.strerror}") from None


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    if process.stdout:
        process.stdout.close()
    process.wait()


def _shown(words: Sequence[str]) -> str:
    return " ".join(words) if len(words) < 12 else " ".join([*words[:10], "..."])
