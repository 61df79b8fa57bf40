"""Exercise lists: the commands of a class, or of anything else that a book grew out of, and in which figure each lives now."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """A step of a figure, by words.

    Parameters:
        snippet: The snippet's id.
        words: Some of the step's command, or of the comment above it; empty where the snippet has one step.
    """

    snippet: str
    words: str


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise of the list.

    Parameters:
        id: Its name in the list, unique there.
        command: The command as it was.
        then: Where its old form lives; None where it does not.
        now: Where the form lives that takes its place today; None where the old form still does, or nothing does.
        reason: Why there is no figure; empty where there is one.
        line: Where it stands in its file, counted from 1.
    """

    id: str
    command: str
    then: Figure | None
    now: Figure | None
    reason: str
    line: int


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the list.

    Parameters:
        title: Its heading.
        exercises: In their order.
    """

    title: str
    exercises: tuple[Exercise, ...]


@dataclass(frozen=True, slots=True)
class Stack:
    """A column of the page: a world that exercises run in.

    Parameters:
        title: Its heading.
        environments: Names of environments; what an exercise does is told by the first that can run it.
        line: Where it stands in its file, counted from 1.
    """

    title: str
    environments: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class ExerciseList:
    """One file of resources/exercises/.

    Parameters:
        path: The file; its page is named after it.
        title: The page's heading.
        introduction: Markdown below it.
        stacks: The columns, the oldest world in front.
        sections: In the order of the page.
    """

    path: Path
    title: str
    introduction: str
    stacks: tuple[Stack, ...]
    sections: tuple[Section, ...]
