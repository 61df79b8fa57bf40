"""Snippets: the console blocks of a chapter."""

from __future__ import annotations

from dataclasses import dataclass

from handbook.condition import ALWAYS, Condition
from handbook.step import Step


@dataclass(frozen=True, slots=True)
class Snippet:
    """One console block.

    Parameters:
        id: Its id, unique in the book apart from variants; empty where the block is not recorded.
        line: The line of its opening fence, counted from 1.
        steps: Its commands in order.
        target: Where they run, for instance ``node`` or ``container:web``.
        when: Which environments this variant is for.
        cleanup: True where it runs at the end of the chapter, also when the chapter failed.
        trailing: Comment lines after the last command.
    """

    id: str
    line: int
    steps: tuple[Step, ...]
    target: str = ""
    when: Condition = ALWAYS
    cleanup: bool = False
    trailing: tuple[str, ...] = ()

    @property
    def outline(self) -> object:
        """What of it a figure can show."""
        steps = [(step.command, step.comments, step.option_text, step.expected) for step in self.steps]
        return self.id, self.target, self.when.text, self.cleanup, self.trailing, steps
