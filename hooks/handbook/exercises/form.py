"""Forms of an exercise: the very steps of the book's chapters that its list names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from handbook.book import Book
from handbook.chapter import Chapter
from handbook.errors import InputError, Mistake
from handbook.exercises.list import Exercise, ExerciseList, Figure
from handbook.snippet import Snippet
from handbook.step import Step


@dataclass(frozen=True, slots=True)
class Form:
    """One form of an exercise.

    Parameters:
        chapter: The chapter that holds it.
        variants: Every variant of the snippet that has the step, and which of its steps it is, counted from 0.
        replaces: True where it takes the place of the old form.
    """

    chapter: Chapter
    variants: tuple[tuple[Snippet, int], ...]
    replaces: bool


class _NoSuchStep(ValueError):
    """A figure that means no step, or more than one; what was found, and what was expected."""


def find_forms(book: Book, exercises: ExerciseList) -> Mapping[str, tuple[Form, ...]]:
    """The forms of every exercise of a list, by its id.

    Raises:
        InputError: With every figure that means no step, and every environment that the book does not have.
    """
    mistakes = list(_unknown_environments(book, exercises))
    forms: dict[str, tuple[Form, ...]] = {}
    for exercise in (exercise for section in exercises.sections for exercise in section.exercises):
        try:
            forms[exercise.id] = tuple(_forms(book.reading[0], exercise))
        except _NoSuchStep as error:
            mistakes.append(Mistake(exercises.path, exercise.line, *error.args))
    if mistakes:
        raise InputError(mistakes)
    return forms


def _unknown_environments(book: Book, exercises: ExerciseList) -> Iterator[Mistake]:
    names = {environment.name for environment in book.environments} | {environment.name for environment in book.store.environments}
    for stack in exercises.stacks:
        for name in stack.environments:
            if name not in names:
                yield Mistake(exercises.path, stack.line, f"the environment {name!r}", f"one of {', '.join(sorted(names))}")


def _forms(chapters: Sequence[Chapter], exercise: Exercise) -> Iterator[Form]:
    for figure, replaces in ((exercise.then, False), (exercise.now, True)):
        if figure:
            chapter, snippets = _home(chapters, figure.snippet)
            yield Form(chapter, tuple(_variants(figure, snippets)), replaces)


def _home(chapters: Sequence[Chapter], identifier: str) -> tuple[Chapter, list[Snippet]]:
    homes = {snippet.id: chapter for chapter in chapters for snippet in chapter.snippets if snippet.id}
    if chapter := homes.get(identifier):
        return chapter, [snippet for snippet in chapter.snippets if snippet.id == identifier]
    near = [f"#{name}" for name in get_close_matches(identifier, homes)]
    raise _NoSuchStep(f"the figure #{identifier}, which no chapter has", f"the id of a snippet, such as {', '.join(near) or '#id'}")


def _variants(figure: Figure, snippets: Sequence[Snippet]) -> Iterator[tuple[Snippet, int]]:
    """Which step is meant: the one whose command the words are, if any variant has that, or else the one that has them."""
    exactly = any(step.command == figure.words for snippet in snippets for step in snippet.steps)
    places = [(snippet, number) for snippet in snippets for number in _steps(figure, snippet, exactly=exactly)]
    if not places:
        commands = dict.fromkeys(step.command for snippet in snippets for step in snippet.steps)
        raise _NoSuchStep(f"{figure.words!r} in no step of #{figure.snippet}", f"words of one of: {'; '.join(commands)}")
    yield from places


def _steps(figure: Figure, snippet: Snippet, *, exactly: bool) -> list[int]:
    """One at most; a figure whose words fit several steps of a variant means none of them."""
    shown = [(number, step) for number, step in enumerate(snippet.steps) if not step.options.hidden]
    found = [number for number, step in shown if (step.command == figure.words if exactly else figure.words in _text(step))]
    if len(found) > 1:
        what = f"{figure.words!r} in" if figure.words else "no words to choose from"
        raise _NoSuchStep(f"{what} {len(found)} steps of #{figure.snippet}", "words of one step's command, or of its comment")
    return found


def _text(step: Step) -> str:
    return "\n".join((*step.comments, step.command))
