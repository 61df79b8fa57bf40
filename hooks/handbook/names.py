"""Captured values and the double braces that use them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from handbook.step import Step

# Words that stand alone in the braces of Go templates.
KEYWORDS = ("end", "else", "break", "continue")
NAME = re.compile(rf"\{{\{{ *(?!(?:{'|'.join(KEYWORDS)}) *\}}\}})([A-Za-z_]\w*) *\}}\}}")


class NothingCaptured(ValueError):
    """A capture that matches nothing in the output of its step."""


def used_names(step: Step) -> tuple[str, ...]:
    """The names that a step's command uses."""
    if step.options.raw or "{{" not in step.command:
        return ()
    return tuple(NAME.findall(step.command))


def fill(command: str, values: Mapping[str, str], *, raw: bool = False) -> str:
    """Put values in place of ``{{ name }}``; what is no known name stays as it is.

    Parameters:
        command: As written.
        values: Captured values by name.
        raw: Leave everything alone.
    """
    if raw or "{{" not in command:
        return command
    return NAME.sub(lambda match: values.get(match[1], match[0]), command)


def capture(step: Step, output: str) -> tuple[tuple[str, str], ...]:
    """Take the values of a step's captures out of its output.

    Raises:
        NothingCaptured: With the name and the pattern that found nothing.
    """
    return tuple((wanted.name, _first(wanted.name, wanted.pattern, output)) for wanted in step.options.captures)


def _first(name: str, pattern: str, output: str) -> str:
    match = re.search(pattern, output, re.MULTILINE)
    if not match:
        raise NothingCaptured(f"capture {name}={pattern} matches nothing in the output")
    return match[1] if match.re.groups and match[1] is not None else match[0]
