"""The ``#:`` lines below a command."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from handbook.kinds import kind_names
from handbook.step import NO_OPTIONS, Capture, StepOptions

TOKEN = re.compile(r"""(?P<name>[A-Za-z_][\w-]*)(?:=(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>\S*)))?(?:\s+|$)""")
UNITS = {"": 1.0, "s": 1.0, "ms": 0.001, "m": 60.0}
FLAGS = ("tty", "hidden", "raw")
KNOWN = "exit=, timeout=, until=, for=, tty, capture NAME=REGEX, kind=, ignore=, hidden, raw"


class OptionError(ValueError):
    """An option that is not one, with what was found and what could stand there."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(f"{found}; expected {expected}")
        self.found = found
        self.expected = expected


def parse_options(text: str, given: StepOptions = NO_OPTIONS) -> StepOptions:
    """Read what stands behind ``#:``, on top of the options of the lines before.

    Raises:
        OptionError: At the first mistake.
    """
    options = given
    tokens = iter(_tokens(text))
    for name, value in tokens:
        capture = name == "capture"
        options = _with_capture(options, *next(tokens, ("", None))) if capture else _with_option(options, name, value)
    return options


def _tokens(text: str) -> list[tuple[str, str | None]]:
    found, position, text = [], 0, text.strip()
    while position < len(text):
        match = TOKEN.match(text, position)
        if not match:
            raise OptionError(f"{text[position:]!r}", KNOWN)
        values = (match["double"], match["single"], match["bare"])
        found.append((match["name"], next((value for value in values if value is not None), None)))
        position = match.end()
    return found


def _with_capture(options: StepOptions, name: str, pattern: str | None) -> StepOptions:
    if not name or not pattern:
        raise OptionError(f"capture {name}".strip(), "capture NAME=REGEX")
    if name in {"end", "else"}:
        raise OptionError(f"the name {name!r}", "a name that is no keyword of Go templates")
    return replace(options, captures=(*options.captures, Capture(name, _pattern("capture", pattern))))


def _with_option(options: StepOptions, name: str, value: str | None) -> StepOptions:
    if name in FLAGS:
        if value is not None:
            raise OptionError(f"{name}={value}", f"{name} without a value")
        return _with_flag(options, name)
    if value is None or name not in READERS:
        raise OptionError(name if value is None else f"{name}={value}", KNOWN)
    return READERS[name](options, name, value)


def _with_flag(options: StepOptions, name: str) -> StepOptions:
    if name == "tty":
        return replace(options, tty=True)
    return replace(options, hidden=True) if name == "hidden" else replace(options, raw=True)


def _exit_status(value: str) -> int:
    if not value.isdigit() or int(value) > 255:
        raise OptionError(f"exit={value}", "exit=0 to exit=255")
    return int(value)


def _seconds(name: str, value: str) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(s|ms|m|)", value)
    if not match or not float(match[1]):
        raise OptionError(f"{name}={value}", f"{name}=SECONDS above 0, or with a unit as in 500ms, 30s, 2m")
    return float(match[1]) * UNITS[match[2]]


def _kind(value: str) -> str:
    if value not in kind_names():
        raise OptionError(f"kind={value}", f"one of {', '.join(kind_names())}")
    return value


def _pattern(name: str, value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise OptionError(f"{name}={value}", f"a regular expression ({error})") from None
    return value


READERS: dict[str, Callable[[StepOptions, str, str], StepOptions]] = {
    "exit": lambda options, _, value: replace(options, exit=_exit_status(value)),
    "timeout": lambda options, name, value: replace(options, timeout=_seconds(name, value)),
    "for": lambda options, name, value: replace(options, duration=_seconds(name, value)),
    "kind": lambda options, _, value: replace(options, kind=_kind(value)),
    "until": lambda options, name, value: replace(options, until=_pattern(name, value)),
    "ignore": lambda options, name, value: replace(options, ignore=_pattern(name, value)),
}
