"""What is known about an output besides its text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

TYPED = re.compile(r"\d+(?:\.\d+){3}|[0-9A-Za-z_.:-]+")
NUMBER = re.compile(r"\d+")
# Processes that such a command shows are numbered by a namespace of their own.
ELSEWHERE = re.compile(
    r"\bunshare\b.*\s(?:--pid\b|-[a-zA-Z]*p)|\b(?:docker|podman|nerdctl)\s+(?:container\s+)?(?:exec|run)\b|\bbwrap\b"
    r"|\b(?:kubectl|crictl)\s(?:[^|;&\n]*\s)?exec\s|\bkubectl\s(?:[^|;&\n]*\s)?run\s|\bctr\s[^|;&\n]*\b(?:tasks?|t)\s+exec\s"
    r"|\bnsenter\b.*\s(?:--pid\b|--all\b|-[a-zA-Z]*[pa]\b)",
    re.DOTALL,
)
# Namespaces that such a command makes end with it, and the kernel gives their numbers away again.
SHORT_LIVED = re.compile(r"\bunshare\b|\bdocker\s+(?:container\s+)?run\b.*--rm\b|\bbwrap\b", re.DOTALL)


@dataclass(frozen=True)
class Context:
    """What a kind may use beside the output.

    Parameters:
        command: The step's command as written, so that captured values stand in braces.
        target: Where it ran.
        typed: What authors typed in the chapter's commands: such values are lessons, not names.
        captured: Values that the chapter's steps captured, each with its role: such values are names.
        ignore: A regular expression; what it matches is noise.
        plain: Numbers of lines that nobody needs to look into: they are the same in both recordings, and so are their names.
        lessons: Roles whose names are exact here.
        parts: What the chapter shows in names of objects, each with its role, so that it is known where it stands alone.
    """

    command: str = ""
    target: str = ""
    typed: frozenset[str] = frozenset()
    captured: Mapping[str, str] = field(default_factory=dict)
    ignore: re.Pattern[str] | None = None
    plain: frozenset[int] = frozenset()
    lessons: frozenset[str] = frozenset()
    parts: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def elsewhere(self) -> bool:
        """True where processes are numbered by a namespace that is not the node's."""
        return self.target.startswith(("container:", "pod:")) or bool(ELSEWHERE.search(self.command))

    @cached_property
    def short_lived(self) -> bool:
        """True where the command makes namespaces that end with it."""
        return bool(SHORT_LIVED.search(self.command))


def typed_values(commands: Iterable[str]) -> frozenset[str]:
    """Words and numbers of commands, cut so that an address, a port, an id or a name in them is found."""
    found: set[str] = set()
    for command in commands:
        found.update(word.strip(".:-") for word in TYPED.findall(command))
        found.update(NUMBER.findall(command))
    return frozenset(found)
