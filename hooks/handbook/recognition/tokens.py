"""Values in a line, found by their patterns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from handbook.recognition.checks import Meaning
from handbook.recognition.patterns import PATTERNS, Pattern

# Lines without any of these hold no value, and most lines hold none.
TELLING = re.compile(r"[0-9]|ago\b|::|Up (?:A|L)|veth|tmp\.|(?i:etag:)|-[bcdfghjklmnpqrstvwxz]{5,10}\b|KUBE-SEP-|hash=")


class Token(NamedTuple):
    """A value in a line.

    Parameters:
        start: Its first column.
        end: The column behind it.
        meaning: What it is.
    """

    start: int
    end: int
    meaning: Meaning


class Group:
    """Patterns that can begin with the same characters, as one expression.

    Parameters:
        patterns: In the order in which they are tried.
    """

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        # Every pattern is closed by an empty group, whose number tells which one matched.
        self._expression = re.compile("|".join(f"{pattern.regex}()" for pattern in patterns))
        self._by_group: list[tuple[Pattern, int]] = []
        for pattern in patterns:
            groups = re.compile(pattern.regex).groups
            self._by_group += [(pattern, len(self._by_group) + 1 if groups else 0)] * (groups + 1)

    def token(self, line: str, start: int) -> Token | None:
        """The value that begins, or is told by what begins, at a column."""
        match = self._expression.match(line, start)
        if not match or not match.lastindex:
            return None
        pattern, value = self._by_group[match.lastindex - 1]
        span = match.span(value)
        meaning = pattern.check(line, *span) if pattern.check else pattern.meaning
        return Token(*span, meaning) if meaning else None


def _beginnings(pattern: Pattern) -> list[str]:
    """The characters that a match can begin with; every pattern begins with a set, a literal or one in both cases."""
    lead = re.match(r"\\.|\[[^]]+\]|\(\?i:.|.", pattern.regex)
    first = re.compile(lead[0] + ")" if lead and lead[0].startswith("(?i") else lead[0] if lead else "")
    return [character for character in map(chr, range(33, 127)) if first.fullmatch(character)]


def _grouped() -> dict[str, tuple[Pattern, ...]]:
    groups: dict[str, tuple[Pattern, ...]] = {}
    for pattern in PATTERNS:
        for character in _beginnings(pattern):
            groups[character] = (*groups.get(character, ()), pattern)
    return groups


def _finder(groups: Mapping[str, tuple[Pattern, ...]]) -> re.Pattern[str]:
    """Finds where a value begins; without groups, which cost more than the search."""
    characters: dict[tuple[Pattern, ...], str] = {}
    for character, patterns in groups.items():
        characters[patterns] = characters.get(patterns, "") + character
    without_groups = re.compile(r"(?<!\\)\((?!\?)")
    parts = (
        f"(?=[{re.escape(some)}])(?:{'|'.join(without_groups.sub('(?:', pattern.regex) for pattern in patterns)})"
        for patterns, some in characters.items()
    )
    return re.compile(rf"(?<![0-9A-Za-z_])(?:{'|'.join(parts)})")


@cache
def _compiled() -> tuple[re.Pattern[str], Mapping[str, Group]]:
    """What finds beginnings, and what reads there; made when the first output is read, for it takes a tenth of a second."""
    groups = _grouped()
    return _finder(groups), {character: Group(patterns) for character, patterns in groups.items()}


def tokens(line: str) -> tuple[Token, ...]:
    """The values of a line that are not exact, in order."""
    if not TELLING.search(line):
        return ()
    finder, groups = _compiled()
    found = (groups[line[match.start()]].token(line, match.start()) for match in finder.finditer(line))
    return tuple(token for token in found if token and token.meaning.leaf != "exact")
