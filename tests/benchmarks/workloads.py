"""The documents that the benchmarks run: the same commands for the handbook, for cram and for plain bash."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

Line = Callable[[int], str]


def builtin(number: int) -> str:
    """A command that the shell runs itself."""
    return f"echo line {number}"


def external(number: int) -> str:
    """A command that is a program of its own."""
    return f"/bin/echo line {number}"


def handbook(path: Path, line: Line, count: int) -> Path:
    """A chapter with so many commands and their expected output."""
    steps = (f"$ {line(number)}\nline {number}\n" for number in range(count))
    path.write_text("# Chapter\n\n```console\n" + "".join(steps) + "```\n")
    return path


def cram(path: Path, line: Line, count: int) -> Path:
    """The same as a cram test."""
    path.write_text("".join(f"  $ {line(number)}\n  line {number}\n" for number in range(count)))
    return path


def bash(path: Path, line: Line, count: int) -> Path:
    """The same as one script."""
    path.write_text("".join(f"{line(number)}\n" for number in range(count)))
    return path
