"""What the comparison looks at and lets pass, or does not look at: letters and digits in noise, in forms and in ignored text."""

from __future__ import annotations

import re
from codecs import encode
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from handbook.kinds import kind_of
from handbook.reading.step_options import recorded_options
from handbook.recording import RecordedStep, Recording
from handbook.tree import Leaf, Noise, Place, Shape

from tests.mutation.mutants import Found, Mutant, found_leaves, with_text

TOKEN = re.compile(r"[A-Za-z]+|\d+(?:\.\d+)?")
IGNORED, NOT_READ = "ignored", "not read"
# Words for states, each with one that means something else; a rule for noise may know the words of a state.
STATES = {
    "active": "failed",
    "running": "exited",
    "Running": "Failed",
    "healthy": "starting",
    "enabled": "disabled",
    "true": "false",
    "yes": "no",
    "UP": "DOWN",
    "Up": "Exited",
    "Normal": "Warning",
}
OTHERS = STATES | {other: word for word, other in STATES.items()}
HUNDREDFOLD = 100


@dataclass(frozen=True)
class Unseen:
    """A word or a number of which the comparison takes no notice, as far as its reading says.

    Parameters:
        found: Where it stands, as a leaf of its own.
        cover: Why: what the noise or the form is called, ``ignored``, or that nobody reads it.
        step: The step that printed it.
    """

    found: Found
    cover: str
    step: RecordedStep

    @property
    def text(self) -> str:
        """The word or the number."""
        return self.found.leaf.text

    @property
    def line(self) -> str:
        """The line in which it stands."""
        return self.step.output.split("\n")[self.found.leaf.place.line - 1]

    @property
    def kind(self) -> str:
        """The kind of output."""
        return kind_of(self.step.command, recorded_options(self.step.options).kind).name


def unseen(recording: Recording) -> Iterator[Unseen]:
    """Every word and number in noise, forms, ignored text and lines that nobody reads."""
    leaves: dict[tuple[int, int, int], list[Leaf]] = defaultdict(list)
    for one in found_leaves(recording):
        leaves[one.snippet, one.step, one.leaf.place.line].append(one.leaf)
    for at, snippet in enumerate(recording.snippets):
        for number, step in enumerate(snippet.steps):
            for line, text in enumerate(step.output.split("\n"), 1):
                for match in TOKEN.finditer(text):
                    cover = _cover(leaves[at, number, line], step, text, match)
                    if cover:
                        leaf = Noise(cover, match[0], Place(line, *match.span()))
                        yield Unseen(Found(at, number, leaf), cover, step)


def _cover(leaves: list[Leaf], step: RecordedStep, line: str, match: re.Match[str]) -> str:
    """Why a part of a line is let pass; empty where it is not."""
    covering = next((leaf for leaf in leaves if leaf.place.start < match.end() and match.start() < leaf.place.end), None)
    if isinstance(covering, Noise | Shape):
        return covering[0]
    ignore = recorded_options(step.options).ignore
    ignored = ignore and any(span.start() <= match.start() and match.end() <= span.end() for span in re.finditer(ignore, line))
    return "" if covering else IGNORED if ignored else NOT_READ


def hidden_change(recording: Recording, one: Unseen) -> Mutant:
    """The recording with another word, or with a hundred times the number."""
    other = _other(one.text)
    operator = "hidden_word" if one.text.isalpha() else "hidden_number"
    change = f"{one.step.command!r} line {one.found.leaf.place.line}: {one.text!r} -> {other!r} in {one.line!r}, {one.cover}"
    return Mutant(operator, one.kind, change, with_text(recording, _aligned(one, len(other)), other))


def _other(text: str) -> str:
    if text.isalpha():
        return OTHERS.get(text) or encode(text, "rot13")
    places = len(text.partition(".")[2])
    return f"{HUNDREDFOLD * float(text) or HUNDREDFOLD:.{places}f}"


def _aligned(one: Unseen, length: int) -> Found:
    """A longer text takes of the blanks behind it, so that the columns of a table stay where they are."""
    line, start, end = one.found.leaf.place
    behind = one.line[end:]
    more = length - (end - start)
    if 0 < more < len(behind) - len(behind.lstrip()) and behind.strip():
        return replace(one.found, leaf=one.found.leaf._replace(place=Place(line, start, end + more)))
    return one.found
