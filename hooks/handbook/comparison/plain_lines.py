"""Plain lines: lines that are the same in both recordings and hold no name that became another one.

Their names mean themselves, so that nobody needs to look into them; most lines of two recordings are plain.
"""

from __future__ import annotations

import re

from handbook.comparison.renaming import SHORT_ID
from handbook.recording import RecordedStep

# A name may be glued to what tells it: pod<UUID>, eth0@if6.
ATOM = re.compile(r"(?:pod|if)?([0-9A-Za-z]+)")


def prints_other(old: RecordedStep, new: RecordedStep) -> bool:
    """Tell whether a step printed something else, or the same on another channel."""
    return old.output != new.output or old.stderr != new.stderr


def same_lines(old: RecordedStep, new: RecordedStep) -> frozenset[int]:
    """Numbers of the lines, counted from 1, that two outputs of equally many lines have in common."""
    ours, theirs = old.output.split("\n"), new.output.split("\n")
    if not prints_other(old, new):
        return frozenset(range(1, len(ours) + 1))
    if len(ours) != len(theirs) or old.stderr != new.stderr:
        return frozenset()
    return frozenset(number for number, (one, other) in enumerate(zip(ours, theirs, strict=True), 1) if one == other)


class NameFinder:
    """Finds lines in which one of some names may stand.

    Parameters:
        names: Texts of the names; of ids the first digits.
    """

    def __init__(self, names: frozenset[str]) -> None:
        self._by_atom: dict[str, list[str]] = {}
        for name in names:
            self._by_atom.setdefault(max(_atoms(name), key=len, default=""), []).append(name)

    def lines(self, output: str, among: frozenset[int]) -> frozenset[int]:
        """Numbers of the lines of an output, among some, that may hold a name."""
        if not among or not self._holds(output):
            return frozenset()
        lines = output.split("\n")
        return frozenset(number for number in among if self._holds(lines[number - 1]))

    def _holds(self, text: str) -> bool:
        found = self._by_atom.keys() & _atoms(text)
        return any(name in text or name in text.replace("_", "-") for atom in found for name in self._by_atom[atom])


def _atoms(text: str) -> set[str]:
    """Runs of letters and digits, as long as a short id at most."""
    return {atom[:SHORT_ID] for atom in ATOM.findall(text)}
