"""Staleness: whether a recording is one of the chapter as it is written now. Decided by content, never by a date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from handbook.chapter import Chapter, recorded
from handbook.recording import RecordedSnippet, RecordedStep, Recording
from handbook.snippet import Snippet
from handbook.step import Step


@dataclass(frozen=True, slots=True)
class Place:
    """Where a recording stops being one of its chapter; everything that runs from there on is stale.

    Parameters:
        snippet: The id of the snippet.
        step: Which of its steps, counted from 1.
        position: Which of the snippets that are recorded, in run order, counted from 0.
        line: The line in the chapter; 0 where the chapter no longer has the snippet.
        reason: What differs, as the end of a sentence.
    """

    snippet: str
    step: int
    position: int
    line: int
    reason: str


def first_stale(chapter: Chapter, snippets: Sequence[Snippet], recording: Recording, default_target: str = "node") -> Place | None:
    """Find the first place where a chapter and its recording part.

    What counts is what the environment was told: which snippets ran in which order, on which target, each step's command as written
    and its options. Prose, comments, expected output and captured values do not.

    Parameters:
        chapter: The chapter.
        snippets: Those of its snippets that are for the recording's environment, in run order (``Chapter.variant``).
        recording: What was recorded.
        default_target: The target of an environment for chapters that name none.

    Returns:
        The place, or None where the recording holds.
    """
    written = recorded(snippets)
    stored = in_run_order(recording, written)
    for position, (snippet, was) in enumerate(zip_longest(written, stored)):
        if snippet is None:
            return Place(was.id, 1, position, 0, "is recorded and no longer in the chapter")
        found = _difference(snippet, was, snippet.target or chapter.target or default_target)
        if found:
            step, reason = found
            line = snippet.steps[step - 1].line if step <= len(snippet.steps) else snippet.line
            return Place(snippet.id, step, position, line, reason)
    return None


def in_run_order(recording: Recording, snippets: Sequence[Snippet]) -> tuple[RecordedSnippet, ...]:
    """The recorded snippets in the order in which they ran: those last that the chapter calls clean-up."""
    cleanup = {snippet.id for snippet in snippets if snippet.cleanup}
    return tuple(sorted(recording.snippets, key=lambda snippet: snippet.id in cleanup))


def is_recording_of(was: RecordedStep, step: Step) -> bool:
    """Tell whether a recorded step is this step, whatever came before it."""
    return was.command == step.command and was.options == step.option_text


def _difference(snippet: Snippet, was: RecordedSnippet | None, target: str) -> tuple[int, str] | None:
    if was is None or was.id != snippet.id:
        return 1, "is not recorded at this place of the chapter"
    if was.target != target:
        return 1, f"now runs on {target}, was recorded on {was.target}"
    for number, (step, stored) in enumerate(zip_longest(snippet.steps, was.steps), 1):
        if step is None:
            return number, "has fewer steps than were recorded"
        if stored is None:
            return number, "has a step that is not recorded"
        if not is_recording_of(stored, step):
            return number, "has another command than was recorded" if stored.command != step.command else "has other options now"
    return None
