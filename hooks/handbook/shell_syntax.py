"""Whether a command is finished: what ``> `` lines may continue."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

HEREDOC = re.compile(r"<<-?\s*(?:'([^']+)'|\"([^\"]+)\"|\\?([\w.-]+))")
OPENERS = {"do": "done", "then": "fi", "case": "esac", "{": "}"}
CLOSERS = set(OPENERS.values())
WORD = re.compile(r"[^\s;&|()]+")


@dataclass(slots=True)
class _Scan:
    """Where a scan through a command stands."""

    quote: str = ""
    parentheses: int = 0
    substitutions: list[tuple[str, int]] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)


def is_open(command: str) -> bool:
    """Tell whether a shell would ask for more lines: an open quote, here-document, parenthesis, a trailing backslash or operator.

    Parameters:
        command: The lines so far, divided by newlines.
    """
    if not set(command) & set("'\"\\(<{|&`") and not re.search(r"\b(do|then|case)\b", command):
        return False  # nearly every command of a book
    if _backslash_at_end(command) or _waiting_heredoc(command):
        return True
    scan = _scan(_without_heredocs(command))
    plain = "".join(scan.plain)
    return bool(scan.quote) or scan.parentheses > 0 or bool(re.search(r"(\||&&)\s*$", plain)) or _open_keyword(plain)


def _backslash_at_end(command: str) -> bool:
    return (len(command) - len(command.rstrip("\\"))) % 2 == 1


def _heredocs(line: str) -> list[str]:
    return [next(filter(None, match.groups())) for match in HEREDOC.finditer(line) if "<<<" not in line]


def _waiting_heredoc(command: str) -> bool:
    waiting: list[str] = []
    for line in command.split("\n"):
        if waiting:
            if line.strip() == waiting[0]:
                waiting.pop(0)
        else:
            waiting = _heredocs(line)
    return bool(waiting)


def _without_heredocs(command: str) -> str:
    kept, waiting = [], list[str]()
    for line in command.split("\n"):
        if waiting:
            if line.strip() == waiting[0]:
                waiting.pop(0)
            continue
        kept.append(line)
        waiting = _heredocs(line)
    return "\n".join(kept)


def _scan(command: str) -> _Scan:
    scan = _Scan()
    characters = iter(range(len(command)))
    for index in characters:
        character = command[index]
        if character == "\\" and scan.quote != "'":
            next(characters, None)
        elif scan.quote == '"' and command.startswith("$(", index):
            scan.substitutions.append((scan.quote, scan.parentheses))
            scan.quote = ""
        elif scan.quote:
            scan.quote = "" if character == scan.quote else scan.quote
        elif character in "'\"`":
            scan.quote = character
        elif character == ")" and scan.substitutions and scan.parentheses == scan.substitutions[-1][1] + 1:
            scan.quote, scan.parentheses = scan.substitutions.pop()
        else:
            scan.parentheses += {"(": 1, ")": -1}.get(character, 0)
            scan.plain.append(character)
    return scan


def _open_keyword(plain: str) -> bool:
    words = WORD.findall(plain)
    closed = sum(word in CLOSERS for word in words)
    return sum(word in OPENERS for word in words) > closed
