"""Values that running text shows by themselves: one list of patterns, tried in order at the beginning of every word."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from handbook.recognition import checks
from handbook.recognition.checks import Meaning

DAY = "[FMSTW](?:on|ue|ed|hu|ri|at|un)"
MONTH = "[JFMASOND](?:an|eb|ar|pr|ay|un|ul|ug|ep|ct|ov|ec)"
CLOCK = r"\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?"
ZONE = r"(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)\b)?(?: UTC\b)?"
SPAN = r"(?:second|minute|hour|day|week|month|year)s?"
LONG = rf"[0-9AL](?:\d*|bout an?|ess than an?) {SPAN}"
SHORT = rf"\d+(?:us|ms|s|min|h|d|w|y|month| {SPAN})"
HEX = "[0-9a-f]"
END = r"(?![0-9A-Za-z_])"


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


class Pattern(NamedTuple):
    """How one sort of value looks.

    Parameters:
        meaning: What a match is.
        regex: A regular expression with at most one group. Where it has one, that is the value, and the rest is what tells it. It
            should begin with a literal or a set of characters: then it costs next to nothing where it does not match.
        check: Looks again at the line and the value's bounds; returns what it is, or None where it is nothing.
    """

    meaning: Meaning
    regex: str
    check: Callable[[str, int, int], Meaning | None] | None = None


def _name(role: str, regex: str, check: Callable[[str, int, int], Meaning | None] | None = None) -> Pattern:
    return Pattern(Meaning("name", role), regex, check)


def _noise(what: str, *regexes: str) -> tuple[Pattern, ...]:
    return tuple(Pattern(Meaning("noise", what), regex) for regex in regexes)


DATES = _noise(
    "date",
    rf"\d{{4}}-\d\d-\d\d[T ]{CLOCK}{ZONE}",
    rf"{DAY} \d{{4}}-\d\d-\d\d {CLOCK}{ZONE}",
    rf"\d{{4}}/\d\d/\d\d {CLOCK}",
    rf"\d\d/{MONTH}/\d{{4}}:\d\d:\d\d:\d\d [+-]\d{{4}}",
    rf"{DAY}, \d\d? {MONTH} \d{{4}} {CLOCK}{ZONE}",
    rf"{DAY} {MONTH} [ \d]\d (?:{CLOCK}{ZONE}(?: \d{{4}}\b)?|\d{{4}}\b)",
    rf"{MONTH} [ \d]\d (?:{CLOCK}{ZONE}(?: \d{{4}}\b)?| ?\d{{4}}\b)",
    rf"\d\d? {MONTH} \d{{4}}(?: {CLOCK}{ZONE})?",
    rf"\d{{4}}-\d\d-\d\d{END}",
    r"\d\d?:\d\d:\d\d(?:[.,]\d+)?(?![\w:])",
)
DURATIONS = (
    *_noise("age", rf"{LONG} ago\b", rf"Up ({LONG})", rf"{SHORT}(?: {SHORT})* ago\b"),
    *_noise(
        "duration",
        r"\d+\.\d+(?:/\d+\.\d+){2,3} ms\b",
        r"\d+(?:h\d+)?m\d+(?:\.\d+)?s\b",
        r"\d+\.\d+ ?s(?:ec(?:ond)?s?)?\b",
    ),
    Pattern(Meaning("noise", "duration"), r"\d+(?:\.\d+)? ?[nuµm]s\b", checks.setting),
    *_noise("load", r"load average: ([\d., ]+)"),
)
IDS = (
    _name("id", rf"{HEX}{{64}}{END}", checks.identifier),
    _name("UUID", rf"{HEX}{{8}}(?:[-_]{HEX}{{4}}){{3}}[-_]{HEX}{{12}}{END}", checks.universal),
    _name("UUID", rf"pod({HEX}{{8}}(?:[-_]{HEX}{{4}}){{3}}[-_]{HEX}{{12}}){END}", checks.universal),
    _name("id", rf"{HEX}{{32}}{END}", checks.identifier),
    _name("id", rf"{HEX}{{12}}{END}", checks.identifier),
    _name("id", rf"{HEX}{{13,63}}(?=…)"),
    _name("id", r"ID: ([0-9A-Z]{4}(?::[0-9A-Z]{4}){11})"),
    _name("id", r"overlay2/([0-9a-z]{25})\b"),
    _name("layer link", r"[A-Z2-7]{26}(?![0-9A-Za-z])"),
    _name("lease", rf"lease ({HEX}{{16}}){END}"),
    _name("temporary name", r"tmp\.([0-9A-Za-z]{6,12})\b"),
    _name("temporary name", rf"\.#[a-z_-]+?({HEX}{{16}})\b"),
    _name("snapshot", r"snapshots/(\d+)/"),
)
NETWORK = (
    _name("MAC address", r"[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}(?![:\w])", checks.hardware),
    _name("address", r"[0-9a-fA-F:]+:[0-9a-fA-F:]*(?![\w:])", checks.address6),
    _name("address", r"\d{1,3}(?:\.\d{1,3}){3}(?![\w+~-]|\.\d{1,4}(?!\d))", checks.address),
    _name("interface", rf"veth{HEX}{{7,8}}{END}"),
    _name("interface index", r"if(\d+)\b", checks.peer_index),
    _name("network namespace id", r"link-netnsid (\d+)"),
    _name("port", r"[sd]port=(\d+)", checks.port),
    _name("port", r"[dst]pts?:(\d+)", checks.port),
    _name("port", r"[Pp]ort:? (\d+)", checks.port),
    _name("port", r'HostPort": "(\d+)', checks.port),
)
PROCESSES = (
    _name("process", r"[Pp]{1,2}[Ii][Dd]s?(?:\"?: ?\"?|=\"?| )(\d+)\b", checks.process),
    _name("process", r"[EM][A-Za-z]*PID=(\d+)", checks.process),
    _name("process", r"process (\d+)\b", checks.process),
    _name("process", r"proc/(\d+)\b", checks.process),
    _name("inode", r"[a-z_]+:\[(\d+)\]", checks.inode),
    _name("terminal", r"pts/(\d+)\b"),
    _name("peer group", r"[sm](?:hared|aster):(\d+)"),
)
COUNTERS = (
    *_noise(
        "counter",
        r"packets (\d+)(?= bytes )",
        r"bytes (\d+)(?= |$)",
        r"\d+ packets, \d+ bytes",
        r"\[(\d+:\d+)\]",
        r"[saveid](?:eq|ck|al|cr|d) (\d{5,}(?::\d+)?)\b",
        r"code=\d id=(\d+)",
        r"fd=(\d+)\)",
        r"(?i:x-raft-index): (\d+)",
        r"(?i:raft_?(?:applied_?)?index)\"?: ?(\d+)",
        r"\[(\d+) bytes data\]",
    ),
    *_noise("uptime", r"up +((?:\d+ days?, +)?(?:\d+:\d\d|\d+ min)),"),
    *_noise("span", rf"spanID=({HEX}{{16}})\b"),
    *_noise("device", r"Device: (\S+)"),
    *_noise("inode", r"\(#(\d+)\)"),
    _name("inode", r"Inode: (\d+)"),
    *_noise("kernel time", r"\[( *\d+\.\d{6})\]"),
    *_noise("memory address", r"0x(?:0000)?(?:7[ef]|5[56])[0-9a-f]{10}\b"),
    *_noise("ETag", r"(?i:etag): (\S+)"),
    *_noise("descriptor", r"fd=(\d+,pgrp=\d+)", r"pipe_ino=(\d+)"),
    _name("handle", r"handle (\d+)"),
    Pattern(Meaning("shape", "size"), r"size=(\d+k,nr_inodes=\d+k?)"),
    Pattern(Meaning("shape", "size"), r"(?i:content-length): (\d+)"),
    Pattern(Meaning("shape", "size"), r"(?i:db_?size)\"?: ?(\d+)"),
    Pattern(Meaning("shape", "size"), r"[a-z_]+_size_(?:in_use_)?in_bytes (\d+)"),
)
NUMBERS = (Pattern(Meaning("exact"), rf"\d+{END}", checks.number),)
PATTERNS = (*DATES, *DURATIONS, *IDS, *NETWORK, *PROCESSES, *COUNTERS, *NUMBERS)
# Lines without any of these hold no value, and most lines hold none.
TELLING = re.compile(r"[0-9]|ago\b|::|Up (?:A|L)|veth|(?i:etag:)")


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


FINDER = _finder(_grouped())
GROUPS = {character: Group(patterns) for character, patterns in _grouped().items()}


def tokens(line: str) -> tuple[Token, ...]:
    """The values of a line that are not exact, in order."""
    if not TELLING.search(line):
        return ()
    found = (GROUPS[line[match.start()]].token(line, match.start()) for match in FINDER.finditer(line))
    return tuple(token for token in found if token and token.meaning.leaf != "exact")
