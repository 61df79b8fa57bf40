"""The file of an exercise list: ``resources/exercises/NAME.yml``. Every mistake of a file is reported at once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from handbook.errors import InputError, Mistake
from handbook.exercises.list import Exercise, ExerciseList, Figure, Section, Stack
from handbook.files import read
from handbook.yaml_loader import line_of, load_from

KEYS = ("title", "introduction", "stacks", "sections")
SECTION_KEYS = ("title", "exercises")
EXERCISE_KEYS = ("id", "command", "then", "now", "reason")
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")
Place = tuple[str | int, ...]


def read_exercise_list(path: Path) -> ExerciseList:
    """Read one file.

    Raises:
        InputError: With every mistake of it.
    """
    reader = _Reader(path)
    found = reader.read()
    if reader.mistakes:
        raise InputError(reader.mistakes)
    return found


class _Reader:
    """One file while it is read; wrong parts are noted and left out."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._text = read(path, "an exercise list")
        self._ids: dict[str, int] = {}
        self.mistakes: list[Mistake] = []

    def read(self) -> ExerciseList:
        data = self._mapping(load_from(self._path, self._text, "an exercise list"), (), KEYS, ("title", "stacks", "sections"))
        stacks = tuple(self._stacks(data.get("stacks") or {}))
        sections = tuple(self._section(item, ("sections", number)) for number, item in self._items(data, "sections", ()))
        return ExerciseList(self._path, str(data.get("title")), str(data.get("introduction") or ""), stacks, sections)

    def _stacks(self, data: Any) -> Iterator[Stack]:
        if not isinstance(data, Mapping):
            self._complain(("stacks",), repr(data), "a mapping of titles to lists of environments")
            return
        for title, names in data.items():
            place = ("stacks", title)
            if not isinstance(names, list) or not names:
                self._complain(place, repr(names), "a list of environments, the one to ask first in front")
                continue
            yield Stack(str(title), tuple(map(str, names)), line_of(self._text, place))

    def _section(self, item: Any, place: Place) -> Section:
        data = self._mapping(item, place, SECTION_KEYS, SECTION_KEYS)
        items = self._items(data, "exercises", place)
        return Section(str(data.get("title")), tuple(self._exercise(item, (*place, "exercises", number)) for number, item in items))

    def _exercise(self, item: Any, place: Place) -> Exercise:
        data = self._mapping(item, place, EXERCISE_KEYS, ("id", "command"))
        words = {key: str(data.get(key) or "") for key in EXERCISE_KEYS}
        line = line_of(self._text, place)
        if words["id"] and not ID.fullmatch(words["id"]):
            self._complain(place, f"the id {words['id']!r}", "letters, digits, dots and hyphens: it is part of an address")
        if before := self._ids.get(words["id"]):
            self._complain(place, f"the id {words['id']!r} again, which line {before} has too", "an id that is unique in the file")
        self._ids[words["id"]] = line
        then, now = _figure(words["then"]), _figure(words["now"])
        if data and bool(then or now) == bool(words["reason"]):
            found = "a figure and a reason" if words["reason"] else "neither a figure nor a reason"
            self._complain(place, found, "'then' or 'now', or else a 'reason' why no exercise is left")
        return Exercise(words["id"], words["command"], then, now, words["reason"], line)

    def _items(self, data: Mapping[str, Any], key: str, place: Place) -> Iterator[tuple[int, Any]]:
        items = data.get(key) or []
        if isinstance(items, list):
            return iter(enumerate(items))
        self._complain((*place, key), repr(items), "a list")
        return iter(())

    def _mapping(self, item: Any, place: Place, keys: Sequence[str], needed: Collection[str]) -> Mapping[str, Any]:
        """What a mapping holds; nothing where it is none, or has other keys."""
        if not isinstance(item, Mapping):
            self._complain(place, repr(item), f"a mapping with the keys {', '.join(keys)}")
            return {}
        for key in item:
            if key not in keys:
                self._complain((*place, key), f"the key {key!r}", f"keys {', '.join(keys)}")
        for key in needed:
            if not item.get(key):
                self._complain(place, f"no key {key!r}", f"keys {', '.join(needed)}")
        return item

    def _complain(self, place: Place, found: str, expected: str) -> None:
        self.mistakes.append(Mistake(self._path, line_of(self._text, place), found, expected))


def _figure(text: str) -> Figure | None:
    snippet, _, words = text.partition(" ")
    return Figure(snippet, words.strip()) if snippet else None
