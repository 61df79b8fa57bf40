"""Everything that can go wrong, as types, and the exit status each of them ends the program with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path


class ExitStatus(IntEnum):
    """The exit statuses of the program; ``handbook shell`` alone ends with that of its shell."""

    AGREED = 0
    DRIFT = 1
    BAD_INPUT = 2
    COULD_NOT_RUN = 3
    INTERRUPTED = 130


class HandbookError(Exception):
    """Base of every error that the engine raises on purpose.

    Subclasses say by ``status`` how the program ends when nobody handles them.
    """

    status = ExitStatus.BAD_INPUT


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a file, with all that a person needs to mend it.

    Parameters:
        path: The file.
        line: The line, counted from 1.
        found: What stands there.
        expected: What could stand there instead.
        hint: The next step, as a sentence; empty where ``expected`` says it all.
    """

    path: Path
    line: int
    found: str
    expected: str
    hint: str = ""

    def __str__(self) -> str:
        lines = [f"{self.path}:{self.line}: found {self.found}", f"  expected: {self.expected}"]
        return "\n".join(lines + ([f"  next: {self.hint}"] if self.hint else []))


class InputError(HandbookError):
    """One or more mistakes in what people wrote; all of a file's mistakes at once.

    Parameters:
        mistakes: At least one.
    """

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(map(str, self.mistakes)))


class UsageError(HandbookError):
    """A command line that asks for something that is not there: an unknown chapter, an unknown environment."""


class CouldNotRun(HandbookError):
    """The environment is missing or broken, a tool is missing: nothing is known about the commands themselves."""

    status = ExitStatus.COULD_NOT_RUN


class LeftBehind(CouldNotRun):
    """Something of an environment is still there after it went down.

    Parameters:
        things: What is left, one readable line each.
    """

    def __init__(self, things: Sequence[str]) -> None:
        self.things = tuple(things)
        super().__init__("left behind:\n" + "\n".join(f"  {thing}" for thing in things))
