"""Reading one output line by line: everything that is recognised, put together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from handbook.quantities import duration
from handbook.recognition.checks import Meaning
from handbook.recognition.clues import Clues, chatter, prints_table
from handbook.recognition.columns import Column, cells, header, untitled
from handbook.recognition.context import Context
from handbook.recognition.rows import row
from handbook.recognition.tokens import Token, tokens
from handbook.tree import Exact, Leaf, Name, Noise, Place, Shape

# What authors type of these is a lesson: an address that they gave is not a name for just any address.
TYPED_ROLES = frozenset({"address", "MAC address", "id", "UUID", "interface", "port", "given name", "layer link"})
IDS_LIKELY = re.compile(r"\b(?:docker|ctr|crictl|nerdctl|podman|hostname)\b")
IGNORED = Meaning("noise", "ignored")
SHORTEST_CAPTURE = 3  # a shorter one is found in too many words
# A flag that an address has for its first second.
TRANSIENT = re.compile(r"(?<=scope link )tentative\b|(?<=scope global )tentative\b")
# Captured or not, these are lessons: versions, capability masks, words, chains that are called by their Service.
LESSON = re.compile(r"v?\d+(?:\.\d+)+|[0-9a-f]{16}|[^0-9_]*|KUBE-(?:SVC|EXT|XLB|SVL|FW)-\w+|(?:service|external)-[A-Z2-7]{8}-\S*")


class LineReader:
    """Turns the lines of one output into leaves, in order.

    Parameters:
        context: What is known beside the output.
        output: All of it.
    """

    def __init__(self, context: Context, output: str) -> None:
        self._context = context
        self._clues = Clues(context.command, output)
        self._chatter = chatter(context.command)
        self._roles = {**context.captured, **context.parts}
        self._said = _any_of(frozenset(context.parts).union(filter(_may_be_name, context.captured)))
        self._untitled = self._columns = untitled(context.command) if prints_table(context.command) else ()

    def leaves(self, line: str, number: int) -> tuple[Leaf, ...]:
        """The leaves of the next line; none where it is blank, ignored as a whole or chatter.

        Parameters:
            line: The line.
            number: Counted from 1.
        """
        if not line or line.isspace():
            self._columns = self._untitled
            return ()
        if self._chatter and self._chatter.match(line):
            return ()
        line = _settled(line)
        found = () if number in self._context.plain and not self._is_header(line) else self._tokens(line, number)
        return self._leaves(line, number, found)

    def told(self, line: str, number: int, told: Sequence[Token] = ()) -> tuple[Leaf, ...]:
        """The leaves of a line of which a kind knows something; what it says counts before anything that is recognised.

        Parameters:
            line: The line.
            number: Counted from 1.
            told: What the kind knows, in order.
        """
        if not line or line.isspace():
            return ()
        line = _settled(line)
        _, form, values = _glance(line)
        bare_numbers = self._clues.values(line, number) if not form and not told else ()
        return self._leaves(line, number, self._completed(line, [*told, *form, *bare_numbers], values))

    def _is_header(self, line: str) -> bool:
        return line == line.upper() or bool(header(line))

    def _tokens(self, line: str, number: int) -> Sequence[Token]:
        columns, form, values = _glance(line)
        told: Sequence[Token] = form
        if columns:
            self._columns = columns
            told = ()
        elif self._columns:
            told = cells(line, self._columns)
        elif not form:
            told = self._clues.values(line, number)
        return self._completed(line, told, values)

    def _completed(self, line: str, told: Sequence[Token], values: Sequence[Token]) -> Sequence[Token]:
        """What is told, what is recognised and what the chapter says elsewhere, in the order of the line."""
        if self._context.ignore:
            told = [*_matches(line, self._context.ignore, IGNORED), *told]
        found = [*told, *values] if told else values
        if self._said:
            found = [*found, *(Token(*match.span(), Meaning("name", self._roles[match[0]])) for match in self._said.finditer(line))]
        return found if len(found) < 2 or found is values else _without_overlap(found)

    def _leaves(self, line: str, number: int, found: Sequence[Token]) -> tuple[Leaf, ...]:
        if not found:
            return (Exact(line, Place(number, 0, len(line))),)
        if found[0].meaning == IGNORED and not (line[: found[0].start] + line[found[0].end :]).strip():
            return ()
        leaves: list[Leaf] = []
        position = 0
        for token in found:
            leaf = self._leaf(line, number, token)
            if leaf is not None:
                leaves += _gap(line, number, position, token.start)
                leaves.append(leaf)
                position = token.end
        leaves += _gap(line, number, position, len(line))
        return tuple(leaves)

    def _leaf(self, line: str, number: int, token: Token) -> Leaf | None:
        """The leaf of a token; None where it is exact after all."""
        start, end, (leaf, what) = token
        text, place = line[start:end], Place(number, start, end)
        if self._is_lesson(token.meaning, text):
            return None
        if leaf == "duration":
            return Exact(text, place, duration(text))
        if leaf == "noise":
            return Noise(what, text, place)
        if leaf == "shape":
            return Shape(what, text, place)
        return self._name(what, text, place)

    def _is_lesson(self, meaning: Meaning, text: str) -> bool:
        """Tell whether what may be a name is none: an author typed it, it cannot be another one here, or it is only digits."""
        leaf, what = meaning
        if leaf in {"name", "digits"}:
            typed = what in TYPED_ROLES and text in self._context.typed
            is_number = leaf == "digits" and text not in self._roles and not IDS_LIKELY.search(self._context.command)
            return typed or what in self._context.lessons or is_number
        return leaf == "exact"

    def _name(self, role: str, text: str, place: Place) -> Name:
        if role == "process" and self._context.elsewhere:
            return Name("process elsewhere", text, place, passing=True)
        passing = role in {"mount", "device", "endpoint with a probability"} or (role == "namespace" and self._context.short_lived)
        return Name(role, text, place, passing)


@lru_cache(maxsize=65_536)
def _glance(line: str) -> tuple[tuple[Column, ...], Sequence[Token], Sequence[Token]]:
    """What a line is by itself: the columns of a header, the values that its whole form tells, the values that tell themselves."""
    return header(line), row(line), tokens(line)


def _settled(line: str) -> str:
    """A line without a flag that passes."""
    return TRANSIENT.sub(_blank, line) if "tentative" in line else line


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _matches(line: str, pattern: re.Pattern[str], meaning: Meaning) -> Iterator[Token]:
    return (Token(*match.span(), meaning) for match in pattern.finditer(line) if match[0])


def _gap(line: str, number: int, start: int, end: int) -> tuple[Leaf, ...]:
    """What stands between values, where it is more than white space."""
    text = line[start:end]
    return (Exact(text, Place(number, start, end)),) if text and not text.isspace() else ()


def _without_overlap(found: Sequence[Token]) -> list[Token]:
    """Tokens in the order of the line; of two that overlap the one that was found first."""
    kept: list[Token] = []
    for token in found:
        if all(token.end <= other.start or token.start >= other.end for other in kept):
            kept.append(token)
    return sorted(kept, key=lambda token: token.start)


def _may_be_name(captured: str) -> bool:
    return len(captured) >= SHORTEST_CAPTURE and "\n" not in captured and not LESSON.fullmatch(captured)


@lru_cache(maxsize=64)
def _any_of(texts: frozenset[str]) -> re.Pattern[str] | None:
    """Finds texts as whole words."""
    if not texts:
        return None
    words = "|".join(re.escape(text) for text in sorted(texts, key=lambda text: (-len(text), text)))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)")
