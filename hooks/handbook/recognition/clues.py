"""Bare numbers: what they are, told by the command that printed them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from handbook.recognition import checks
from handbook.recognition.asked import fields, lines, statements
from handbook.recognition.checks import Meaning
from handbook.recognition.tokens import Token

NUMBERS_ONLY = re.compile(r"(?=\s*\d+(?:\s+\d+)*\s*$)")
BEHIND_A_KEY = re.compile(r"[a-z_.]+ (?=\d+$)")
BEHIND_A_PATH = re.compile(r"\S+ +(?=[\d-]+ )")
NUMBERS_FIRST = re.compile(r"(?=\d)")
NUMBER = re.compile(r"\d[\d.]*[BKMGT]?\b|(?<= )-(?= |$)")
KIND_OF_NAMESPACE = re.compile(rf"(?:{'|'.join(sorted(checks.NAMESPACES))}): (?=\d+$)")
WORD = re.compile(r"\S+")
FILED = re.compile(r"(\S+):(?=\d+$)")  # as grep says in which of several files a line is
COUNTING = re.compile(r"\|\s*(?:sudo\s+)?(?:wc|grep\s+-\w*c|jq\s+\S*length)\b|\bpgrep\s+(?:-\w+\s+)*(?:-\w*c|--count)\b")


class Clue(NamedTuple):
    """What numbers are in the output of certain commands.

    Parameters:
        command: Matches such a command.
        meaning: What the numbers are.
        lead: What stands before the numbers in a line that holds them.
    """

    command: re.Pattern[str]
    meaning: Meaning
    lead: re.Pattern[str] = NUMBERS_ONLY


PROCESS = Meaning("name", "process")
CLUES = (
    Clue(re.compile(r"\bgetpcaps\b"), PROCESS, NUMBERS_FIRST),
    Clue(
        re.compile(
            r"\$!|\$\$|\bBASHPID\b|\bPPID\b|\bpidof\b|\bpgrep\b|\bMainPID\b|\bcgroup\.(?:procs|threads)\b|/tasks\b|\.State\.Pid\b|\bpid=|\.pid\b"
            r"|\bps\b.*\s-o\s*p?pid=|/proc/\S+/children\b|\bjobs -p\b|\b(?:Control|ExecMain)PID\b"
        ),
        PROCESS,
    ),
    Clue(re.compile(r"\b(?:ifindex|iflink)\b"), Meaning("name", "interface index")),
    Clue(re.compile(r"\bdate\b.*\+%s|\bstat\b.*%[WXYZ]"), Meaning("noise", "date")),
    Clue(re.compile(r"\bstat\b.*%i"), Meaning("name", "inode")),
    Clue(
        re.compile(r"memory\.(?:current|peak|usage_in_bytes|max_usage_in_bytes)|cpuacct\.usage|pids\.(?:current|peak)"),
        Meaning("noise", "usage"),
    ),
    Clue(re.compile(r"\b(?:cpu|memory|io)\.stat\b|\bcpuacct\.stat\b"), Meaning("noise", "usage"), BEHIND_A_KEY),
    Clue(re.compile(r"/proc/(?:uptime|loadavg)\b"), Meaning("noise", "usage"), NUMBERS_FIRST),
    Clue(re.compile(r"\bsystemd-cgtop\b"), Meaning("noise", "usage"), BEHIND_A_PATH),
)
MOUNTS = re.compile(r"/mount(?:s|info)\b|\bfindmnt\b|\bmount\b")
COUNTED_MOUNTS = Clue(MOUNTS, Meaning("shape", "count"))
COUNTED_NAMESPACES = Clue(COUNTING, checks.EXACT, KIND_OF_NAMESPACE)  # of ``pid: 3`` the number is no process


def prints_table(command: str) -> bool:
    """True where a command may print a table and nothing else: it neither counts lines nor is one of several."""
    return not COUNTING.search(command) and not SEVERAL.search(command)


class Clues:
    """What the bare numbers of an output are: line by line or word by word where as many were printed as were asked for.

    Parameters:
        command: The command.
        output: What it printed.
    """

    def __init__(self, command: str, output: str) -> None:
        pieces, self._fields = lines(command), fields(command)
        self._whole = next(filter(None, map(clue, statements(command))), None)
        filled = [number for number, line in enumerate(output.split("\n"), 1) if line.strip()] if len(pieces) > 1 else []
        self._lines = dict(zip(filled, map(clue, pieces), strict=True)) if len(pieces) == len(filled) else {}

    def values(self, line: str, number: int) -> list[Token]:
        """The values of a line, which has this number."""
        words = list(WORD.finditer(line)) if len(self._fields) > 1 else []
        if words and len(words) == len(self._fields):
            pairs = zip(words, map(clue, self._fields), strict=True)
            return [token for word, told in pairs if told and word[0].isdigit() for token in _values(line, [word.span()], told)]
        if (filed := FILED.match(line)) and (told := clue(f"cat {filed[1]}")):
            return _values(line, [(filed.end(), len(line))], told)
        told = self._lines.get(number) if self._lines else self._whole
        return bare(line, told) if told else []


@lru_cache(maxsize=4096)
def clue(command: str) -> Clue | None:
    """What bare numbers in the output of one piece of a command are; None where they are exact."""
    if COUNTING.search(command):
        return COUNTED_MOUNTS if MOUNTS.search(command) else COUNTED_NAMESPACES
    return next((clue for clue in CLUES if clue.command.search(command)), None)


def bare(line: str, told: Clue) -> list[Token]:
    """The values of a line that the command tells."""
    lead = told.lead.match(line)
    if not lead:
        return []
    return _values(line, [match.span() for match in NUMBER.finditer(line, lead.end())], told)


def _values(line: str, spans: Iterable[tuple[int, int]], told: Clue) -> list[Token]:
    if told.meaning == PROCESS:
        return [Token(*span, told.meaning) for span in spans if checks.process(line, *span) == PROCESS]
    return [Token(*span, checks.number(line, *span) or told.meaning) for span in spans]


# What varies between two runs of one command beyond its values: lines that come and go, and the order of lines.
CHATTER = ((re.compile(r"\bcurl\b.*\s-[a-zA-Z]*v"), re.compile(r"\* |\*$|[{}] \[\d+ bytes")),)
SORTED_BY_NAMES = re.compile(
    r"\b(?:ls|lsns|mount|findmnt|conntrack|ss|netstat|lsof|sort|docker\s+(?:container\s+)?diff"
    r"|ip\s+(?:n|neigh\w*)\b|bridge\s+fdb|brctl\s+showmacs|kubectl\s[^|]*-o\s*name)\b"
)
SEVERAL = re.compile(r";|&&|\n|\bwatch\b")


@lru_cache(maxsize=4096)
def chatter(command: str) -> re.Pattern[str] | None:
    """What lines a command prints as it happens to go, such as curl's remarks; None for most commands."""
    return next((lines for regex, lines in CHATTER if regex.search(command)), None)


@lru_cache(maxsize=4096)
def any_order(command: str) -> bool:
    """True where a command prints lines in an order that numbers and ids decide, which are others in every run."""
    return bool(SORTED_BY_NAMES.search(command)) and not SEVERAL.search(command)
