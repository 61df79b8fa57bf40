"""Chapters: Markdown pages with console blocks, parsed once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from handbook.condition import ALWAYS, Condition
from handbook.fingerprint import Fingerprint
from handbook.snippet import Snippet


@dataclass(frozen=True, slots=True)
class Chapter:
    """One Markdown page.

    Parameters:
        name: Its path below docs/ without ``.md``, for instance ``linux/namespaces``.
        path: The file.
        snippets: Every console block that holds a step, in the order of the page, all variants included.
        title: From the front matter or the first heading.
        target: The target of snippets that name none; empty for the environment's own.
        requires: Which environments can run it.
    """

    name: str
    path: Path
    snippets: tuple[Snippet, ...]
    title: str = ""
    target: str = ""
    requires: Condition = ALWAYS

    @property
    def outline(self) -> object:
        """What of it a figure can show; prose is none of it, nor on which line anything stands."""
        return self.name, self.title, self.target, self.requires.text, [snippet.outline for snippet in self.snippets]

    def applies(self, fingerprint: Fingerprint) -> bool:
        """Tell whether an environment with this fingerprint can run the chapter."""
        return self.requires.holds(fingerprint)

    def variant(self, fingerprint: Fingerprint) -> tuple[Snippet, ...]:
        """The snippets that are for an environment with this fingerprint, in the order in which they run: clean-up last."""
        ours = [snippet for snippet in self.snippets if snippet.when.holds(fingerprint)]
        return tuple(sorted(ours, key=lambda snippet: snippet.cleanup))


def recorded(snippets: Iterable[Snippet]) -> tuple[Snippet, ...]:
    """Of ``snippets`` those that are recorded: the ones with an id."""
    return tuple(snippet for snippet in snippets if snippet.id)
