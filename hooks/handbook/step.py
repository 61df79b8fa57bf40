"""Steps: the commands of a snippet, each with its comment, its options and, where an author wrote it, its expected output."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_TIMEOUT = 30.0


@dataclass(frozen=True, slots=True)
class Capture:
    """A value to take out of a step's output.

    Parameters:
        name: The name that later commands use in double braces.
        pattern: A regular expression; its first group, or else its whole match, is the value.
    """

    name: str
    pattern: str


@dataclass(frozen=True, slots=True)
class StepOptions:
    """What the ``#:`` lines below a command say.

    Parameters:
        exit: The expected exit status.
        timeout: Seconds that the step may take.
        until: Repeat the command until its output matches this regular expression, within ``timeout``.
        duration: An endless command (``for=``): stop it after so many seconds and keep what it printed.
        tty: Run it on a terminal.
        captures: Values to take out of the output.
        kind: What the output is, where the command does not tell.
        ignore: A regular expression; matching parts of the output are noise.
        hidden: Run it, do not show it.
        raw: Leave double braces alone.
    """

    exit: int = 0
    timeout: float = DEFAULT_TIMEOUT
    until: str = ""
    duration: float = 0.0
    tty: bool = False
    captures: tuple[Capture, ...] = ()
    kind: str = ""
    ignore: str = ""
    hidden: bool = False
    raw: bool = False


NO_OPTIONS = StepOptions()


@dataclass(frozen=True, slots=True)
class Step:
    """One command of a snippet.

    Parameters:
        command: As written, without prompts; lines of one command are divided by newlines.
        line: The line of its ``$`` in the chapter, counted from 1.
        comments: The comment lines above it, without ``# ``.
        options: Its parsed options.
        option_text: The same as written, one space between words; part of what decides whether a recording is stale.
        expected: The output lines that the author wrote below it; None where there are none.
    """

    command: str
    line: int
    comments: tuple[str, ...] = ()
    options: StepOptions = NO_OPTIONS
    option_text: str = ""
    expected: tuple[str, ...] | None = None
