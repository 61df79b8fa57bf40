"""The catalogue of known changes: what versions of components changed in what they print, with their sources."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from handbook.condition import compare_versions
from handbook.drift import FactChange
from handbook.errors import InputError, Mistake
from handbook.files import read
from handbook.yaml_loader import line_of, load_from

NEEDED = ("name", "sentence", "source")
SETTINGS = ("from", "to")
RANGE = ("since", *SETTINGS)
PATTERNS = ("command", "line", "block", "old", "new", "says")
KEYS = (*NEEDED, *RANGE, "kinds", *PATTERNS)
NONE = "none"  # what an absent fact is called
PLAIN = re.compile(rf"(?!{NONE}$)[\w.-]+")  # a value, and no expression for several
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9.]+)*")


@dataclass(frozen=True, slots=True)
class KnownChange:
    """One known change.

    Parameters:
        name: Unique in the catalogue.
        component: The fact of a fingerprint whose change explains it; the name of its file.
        sentence: What changed and why it matters, for a reader.
        source: The address of a public issue, pull request, commit or release note.
        since: The version that brought it; empty where ``before`` and ``after`` say it.
        before: Matches the fact's whole value before, where it is no version; ``none`` is an absent fact and no other expression
            matches one; None is any.
        after: Matches its value after, likewise.
        kinds: Kinds of outputs that show it; empty for any.
        command: Matches commands that show it; None for any.
        line: Matches the old line or the new one in which something differs; None for any.
        block: Matches the lines that came or went together with one, where they alone tell what it belongs to; None for any.
        old: Matches what was there and differs; None for any.
        new: Matches what is there now and differs; None for any.
        says: Matches what the difference is about and its sentence; None for any.
    """

    name: str
    component: str
    sentence: str
    source: str
    since: str = ""
    before: re.Pattern[str] | None = None
    after: re.Pattern[str] | None = None
    kinds: tuple[str, ...] = ()
    command: re.Pattern[str] | None = None
    line: re.Pattern[str] | None = None
    block: re.Pattern[str] | None = None
    old: re.Pattern[str] | None = None
    new: re.Pattern[str] | None = None
    says: re.Pattern[str] | None = None

    def lies_between(self, change: FactChange) -> bool:
        """Tell whether two environments differ in it: one is older than the change and the other is not. False for the way back.

        No version made the difference between an environment that has the component and one that has none.
        """
        if change.name != self.component:
            return False
        if not self.since:
            return _is(change.old, self.before) and _is(change.new, self.after)
        versions = bool(change.old and change.new)
        return versions and compare_versions(change.old, self.since) < 0 <= compare_versions(change.new, self.since)

    @property
    def is_broad(self) -> bool:
        """True where it explains whatever differs in the output of its command."""
        return not (self.old or self.new or self.line or self.block or self.says)

    @property
    def when(self) -> str:
        """Since when, in words: ``kubernetes 1.22``, ``cgroup 1 -> 2``; only the component where it is one that may be missing."""
        if self.since:
            return f"{self.component} {self.since}"
        words = [wanted.pattern if wanted else "" for wanted in (self.before, self.after)]
        return f"{self.component} {' -> '.join(words)}" if all(map(PLAIN.fullmatch, words)) else self.component


def _is(value: str, wanted: re.Pattern[str] | None) -> bool:
    if wanted is None:
        return True
    return bool(wanted.fullmatch(value)) if value else wanted.pattern == NONE


def read_catalogue(folder: Path) -> tuple[KnownChange, ...]:
    """Read every ``COMPONENT.yml`` of a folder; there may be none.

    Raises:
        InputError: With every mistake of every file.
    """
    changes: list[KnownChange] = []
    mistakes: list[Mistake] = []
    for path in sorted(folder.glob("*.yml")):
        try:
            changes += _read(path)
        except InputError as error:
            mistakes += error.mistakes
    if mistakes:
        raise InputError(mistakes)
    return tuple(changes)


def _read(path: Path) -> Iterator[KnownChange]:
    text = read(path, "a list of known changes")
    entries = load_from(path, text, "a list of known changes")
    if not isinstance(entries, list):
        raise InputError([Mistake(path, 1, f"{type(entries).__name__}", "a list of known changes")])

    for number, entry in enumerate(entries):
        yield _change(path.stem, entry, partial(_mistake, path, line_of(text, [number])))


def _mistake(path: Path, line: int, found: str, expected: str) -> InputError:
    return InputError([Mistake(path, line, found, expected)])


def _change(component: str, entry: Any, mistake: Callable[[str, str], InputError]) -> KnownChange:
    if not isinstance(entry, Mapping):
        raise mistake(f"{entry!r}", f"a mapping with the keys {', '.join(NEEDED)}")
    if unknown := sorted(set(entry) - set(KEYS)):
        raise mistake(f"key {unknown[0]!r}", f"keys {', '.join(KEYS)}")
    if missing := [key for key in NEEDED if not entry.get(key)]:
        raise mistake(f"no key {missing[0]!r}", f"keys {', '.join(NEEDED)}")
    if not any(entry.get(key) for key in RANGE):
        raise mistake("nothing that tells between which environments it lies", f"one of the keys {', '.join(RANGE)}")
    if not any(entry.get(key) for key in PATTERNS):
        raise mistake("nothing that tells which difference it explains", f"one of the keys {', '.join(PATTERNS)}")
    if not NAME.fullmatch(str(entry["name"])):
        raise mistake(f"the name {entry['name']!r}", "small letters, digits and hyphens")
    kinds = tuple(map(str, entry.get("kinds") or ()))
    name, sentence, source = (str(entry[key]) for key in NEEDED)
    before, after, *looked = (_compiled(str(entry.get(key) or ""), mistake) for key in (*SETTINGS, *PATTERNS))
    return KnownChange(name, component, sentence, source, str(entry.get("since") or ""), before, after, kinds, *looked)


def _compiled(text: str, mistake: Callable[[str, str], InputError]) -> re.Pattern[str] | None:
    try:
        return re.compile(text) if text else None
    except re.error as error:
        raise mistake(f"{text!r} ({error})", "a regular expression") from None
