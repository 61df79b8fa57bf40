"""The ``#:`` lines below a command."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from handbook.kind_names import kind_names
from handbook.names import KEYWORDS
from handbook.step import NO_OPTIONS, Capture, StepOptions

WORD = re.compile(r"""[^\s=]+=(?:"[^"]*(?:"|$)|'[^']*(?:'|$))?\S*|\S+""")
OPTION = re.compile(r"""(?P<name>[A-Za-z_][\w-]*)(?:=(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"']\S*)))?""")
NAME = re.compile(r"[A-Za-z_]\w*")
LONGEST = 86400.0
UNITS = {"": 1.0, "s": 1.0, "ms": 0.001, "m": 60.0}
FLAGS = ("tty", "hidden", "raw")
FIELDS = {"for": "duration"}  # names that Python has a use of its own for
KNOWN = "exit=, timeout=, until=, for=, tty, capture NAME=REGEX, kind=, ignore=, hidden, raw"


class OptionError(ValueError):
    """An option that is not one, with what was found and what could stand there."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(f"{found}; expected {expected}")
        self.found = found
        self.expected = expected


def refuse(mistake: OptionError) -> None:
    """Stop at a mistake."""
    raise mistake


def parse_options(text: str, given: StepOptions = NO_OPTIONS, complain: Callable[[OptionError], None] = refuse) -> StepOptions:
    """Read what stands behind ``#:``, on top of the options of the lines before.

    Parameters:
        text: The options.
        given: Those of the lines before.
        complain: Called with every mistake; by default the first one is raised.
    """
    options = given
    for words in _words(text):
        try:
            options = _with(options, words)
        except OptionError as mistake:
            complain(mistake)
    return options


@lru_cache(maxsize=1024)
def recorded_options(text: str) -> StepOptions:
    """The options of a recorded step; ones that no longer exist are those of a stale recording and say nothing."""
    try:
        return parse_options(text) if text else NO_OPTIONS
    except OptionError:
        return NO_OPTIONS


def matches(pattern: str, output: str) -> bool:
    """Tell whether a pattern of an option is in an output; ``^`` and ``$`` are the ends of its lines."""
    return bool(re.search(pattern, output, re.MULTILINE))


def spaced(text: str) -> str:
    """The same options with one space between them; blanks in quotes stay."""
    return " ".join(_words(text))


def _words(text: str) -> list[str]:
    """The options one by one, ``capture`` together with its value."""
    words = [match[0] for match in WORD.finditer(text)]
    for index in range(len(words) - 2, -1, -1):
        if words[index] == "capture":
            words[index : index + 2] = [f"capture {words[index + 1]}"]
    return words


def _with(options: StepOptions, word: str) -> StepOptions:
    if word == "capture" or word.startswith("capture "):
        return _with_capture(options, word.removeprefix("capture").strip())
    match = OPTION.fullmatch(word)
    if not match:
        raise OptionError(word, KNOWN)
    return _with_option(options, match["name"], _value(match))


def _value(match: re.Match[str]) -> str | None:
    return next((value for value in match.group("double", "single", "bare") if value is not None), None)


def _with_capture(options: StepOptions, word: str) -> StepOptions:
    match = OPTION.fullmatch(word)
    value = _value(match) if match else None
    if not match or not value:
        raise OptionError(f"capture {word}".strip(), "capture NAME=REGEX")
    name = match["name"]
    if name in KEYWORDS:
        raise OptionError(f"the name {name!r}", "a name that is no keyword of Go templates")
    if not NAME.fullmatch(name):
        raise OptionError(f"the name {name!r}", "letters, digits and underscores, as in {{ name }}")
    if any(wanted.name == name for wanted in options.captures):
        raise OptionError(f"capture {word} again", "each name once in a step")
    return replace(options, captures=(*options.captures, Capture(name, _pattern("capture", value))))


def _with_option(options: StepOptions, name: str, value: str | None) -> StepOptions:
    if name in FLAGS:
        if value is not None:
            raise OptionError(f"{name}={value}", f"{name} without a value")
        return _with_flag(options, name)
    if value is None or name not in READERS:
        raise OptionError(name if value is None else f"{name}={value}", KNOWN)
    field = FIELDS.get(name, name)
    if getattr(options, field) != getattr(NO_OPTIONS, field):
        raise OptionError(f"{name}={value} again", "each option once in a step")
    return _not_both(READERS[name](options, name, value))


def _not_both(options: StepOptions) -> StepOptions:
    """Refuse two options that contradict each other."""
    if options.until and options.duration:
        raise OptionError("until= beside for=", "until= with a command that ends, or for= with one that does not")
    return options


def _with_flag(options: StepOptions, name: str) -> StepOptions:
    if name == "tty":
        return replace(options, tty=True)
    return replace(options, hidden=True) if name == "hidden" else replace(options, raw=True)


def _exit_status(value: str) -> int:
    if not re.fullmatch("[0-9]{1,3}", value) or int(value) > 255:
        raise OptionError(f"exit={value}", "exit=0 to exit=255")
    return int(value)


def _seconds(name: str, value: str) -> float:
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)(s|ms|m|)", value)
    seconds = float(match[1]) * UNITS[match[2]] if match else 0.0
    if not 0 < seconds <= LONGEST:
        raise OptionError(f"{name}={value}", f"{name}=SECONDS above 0 and at most a day, or with a unit as in 500ms, 30s, 2m")
    return seconds


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
