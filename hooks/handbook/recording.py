"""Recordings: what the steps of a chapter printed in an environment."""

from __future__ import annotations

from dataclasses import dataclass, field

from handbook.fingerprint import Fingerprint

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Span:
    """A run of cells of one line of a terminal that look alike.

    Parameters:
        line: Counted from 1.
        start: First column, counted from 0.
        end: Column behind the last one.
        style: Words divided by spaces: ``bold``, ``italic``, ``underline``, ``reverse``, a colour (``red``, ``brightred``,
            ``#ff8700``), a background (``on-red``).
    """

    line: int
    start: int
    end: int
    style: str


@dataclass(frozen=True, slots=True)
class RecordedStep:
    """What one step did.

    Parameters:
        command: As written in the chapter, captured names in braces included.
        options: The step's options as written.
        exit: Its exit status.
        seconds: How long it took.
        output: What a reader would have seen, both streams in order; bytes that are no text stand as ``\\xNN``.
        stderr: Numbers of the output's lines, counted from 1, that came from standard error.
        captured: Values taken out of the output, by name.
        truncated: Bytes that the command printed, where that was more than is kept; else 0.
        spans: Colours of a ``tty`` step.
    """

    command: str
    options: str = ""
    exit: int = 0
    seconds: float = 0.0
    output: str = ""
    stderr: tuple[int, ...] = ()
    captured: tuple[tuple[str, str], ...] = ()
    truncated: int = 0
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordedSnippet:
    """What the steps of one snippet did.

    Parameters:
        id: The snippet's id.
        target: Where it ran.
        steps: In the order in which they stand.
    """

    id: str
    target: str
    steps: tuple[RecordedStep, ...]


@dataclass(frozen=True, slots=True)
class Recording:
    """What a chapter printed in an environment; one file of snippets/ENVIRONMENT/.

    Parameters:
        chapter: The chapter's name: its path below docs/ without ``.md``.
        environment: The environment's name.
        snippets: In the order of the chapter.
    """

    chapter: str
    environment: str
    snippets: tuple[RecordedSnippet, ...]


@dataclass(frozen=True, slots=True)
class RecordedEnvironment:
    """What is known about an environment whose chapters are recorded; snippets/ENVIRONMENT.yml.

    Parameters:
        name: The environment's name.
        fingerprint: Its facts when it was recorded.
        verified: The UTC date of the newest run that agreed, as ``2026-11-23``.
        local: True where the recordings were made by ``--local`` on this machine.
    """

    name: str
    fingerprint: Fingerprint = field(default_factory=Fingerprint)
    verified: str = ""
    local: bool = False
