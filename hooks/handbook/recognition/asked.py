"""What a command asks for, piece by piece: the statements of a script, files, properties of a unit, fields of a template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from handbook.command_line import Producer, producer

SUBSTITUTION = r"\$\((?:[^()]|\([^()]*\))*\)|`[^`]*`"
QUOTED = rf"""'[^']*'|"(?:\\.|[^"\\])*"|{SUBSTITUTION}|\\."""
STATEMENT = re.compile(rf"(?:{QUOTED}|\d?>&\d|&>|[^;&\n])+", re.DOTALL)
# Statements that hold others, and here-documents, are left whole.
COMPOUND = re.compile(r"<<|(?:^|[;&\n])\s*(?:for|while|until|if|case|\{|\(|\w+\(\))\s?")
ASSIGNMENT = re.compile(rf"(\w+)=((?:{QUOTED}|[^\s;&|])*)(?:\s+|$)", re.DOTALL)
SILENT = re.compile(
    r"(?:sudo\s+)?(?:cd|export|kill|mkdir|rm|set|sleep|sync|touch|true|umask|wait)\b|.*(?<![2&])>\s*[\w/.$-]+\s*$", re.DOTALL
)
PRINTING = re.compile(r"\b(?:echo|printf)\b")
SUBSTITUTED = re.compile(SUBSTITUTION)
VARIABLE = re.compile(r"\$\{?(\w+)\b\}?")
BRACES = re.compile(r"\{([^{},]+(?:,[^{},]+)+)\}")
FIELD = re.compile(r"\{\{[^{}]*\.[^{}]*\}\}|\{\.[^{}]*\}")
REPEATING = re.compile(r"\brange\b|\{\{-?\s*(?:if|with|end)\b|\[\*\]")
PATHS = re.compile(r"\.[\w.]+(?:\s*,\s*\.[\w.]+)+")
# systemd prints properties in an order of its own, whichever is asked for first: those of a service, then those of any unit.
PRINTED = ("MainPID", "ControlPID", "UID", "GID", "NRestarts", "ExecMainPID", "ExecMainCode", "ExecMainStatus")


@lru_cache(maxsize=4096)
def statements(command: str) -> tuple[str, ...]:
    """The statements of a script that print something; values that others assign stand where they are printed."""
    if COMPOUND.search(command):
        return (command,)
    assigned: dict[str, str] = {}
    found: list[str] = []
    for text in (match[0].strip() for match in STATEMENT.finditer(command)):
        rest = _without_assignments(text, assigned)
        if rest and not SILENT.match(rest):
            found.append(_as_printed(rest, assigned))
    return tuple(found)


def _without_assignments(text: str, assigned: dict[str, str]) -> str:
    """What a statement is besides the assignments before it, which are kept."""
    rest = text
    while match := ASSIGNMENT.match(rest):
        assigned[match[1]], rest = match[2], rest[match.end() :]
    return rest


def _as_printed(text: str, assigned: dict[str, str]) -> str:
    """A statement with what it prints of others, and without what others only tell it."""
    if not PRINTING.search(text):
        return SUBSTITUTED.sub("", text)
    return VARIABLE.sub(lambda match: assigned.get(match[1], match[0]), text)


@lru_cache(maxsize=4096)
def lines(command: str) -> tuple[str, ...]:
    """The pieces that each print a line, if as many lines were printed as there are pieces."""
    found = statements(command)
    return tuple(_lines(producer(found[0]), found[0])) if len(found) == 1 else found


def _lines(made: Producer | None, statement: str) -> Iterator[str]:
    if made and not made.filters and made.program == "cat":
        yield from (f"cat {file}" for word in made.operands for file in _braces(word))
    elif made and made.begins("systemctl", "show") and made.has("--value"):
        yield from sorted(_properties(made), key=lambda name: PRINTED.index(name) if name in PRINTED else len(PRINTED))
    elif made and made.program == "jq" and made.operands and PATHS.fullmatch(made.operands[0]):
        yield from (path.strip() for path in made.operands[0].split(","))
    else:
        yield statement


def _braces(word: str) -> Iterator[str]:
    """The words that the shell makes of one with braces."""
    match = BRACES.search(word)
    if not match:
        yield word
        return
    for part in match[1].split(","):
        yield from _braces(f"{word[: match.start()]}{part}{word[match.end() :]}")


def _properties(made: Producer) -> Iterator[str]:
    for at, word in enumerate(made.words):
        given = made.words[at - 1] in {"-p", "-P", "--property"}
        names = word if given else re.sub(r"^(?:-p|--property=)(?=\w)", "", word)
        if given or names != word:
            yield from names.split(",")


@lru_cache(maxsize=4096)
def fields(command: str) -> tuple[str, ...]:
    """The pieces that each print a word of a line, if as many words were printed as there are pieces."""
    return () if REPEATING.search(command) else tuple(FIELD.findall(command))
