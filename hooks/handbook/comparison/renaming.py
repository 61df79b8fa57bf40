"""The renaming: which name of the old recording is which name of the new one, both ways, for one chapter and environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from handbook.tree import Name, Place

SHORT_ID = 12


class Occurrence(NamedTuple):
    """Where in a chapter something stands.

    Parameters:
        snippet: The snippet's id.
        step: Which of its steps, counted from 1.
        place: Where in the step's output.
    """

    snippet: str
    step: int
    place: Place

    def __str__(self) -> str:
        return f"line {self.place.line} of step {self.step} of {self.snippet}"


class Binding(NamedTuple):
    """Two names that are one.

    Parameters:
        old: Its text in the old recording, as long as it was seen.
        new: Its text in the new recording.
        first: Where it was met first, in the old recording and in the new one.
    """

    old: str
    new: str
    first: tuple[Occurrence, Occurrence]


@dataclass(frozen=True, slots=True)
class Broken:
    """A name that stands for something else than before.

    Parameters:
        old: The name in the old recording.
        new: What stands in its place in the new one.
        binding: What one of the two was bound to before.
        places: Where they stand now, in the old recording and in the new one.
    """

    old: Name
    new: Name
    binding: Binding
    places: tuple[Occurrence, Occurrence]

    def __str__(self) -> str:
        before_old, before_new = self.binding.first
        if _same(self.old, self.binding.old):
            known = f"which became {self.binding.new} in {before_new}"
        else:
            known = f"but {self.new.text} is what became of {self.binding.old} of {before_old}"
        return f"the {self.old.role} {self.new.text} stands in the place of {self.old.text}, {known}"


Key = tuple[str, str]


@dataclass(slots=True)
class _Table:
    """Bindings by either side."""

    forward: dict[Key, Binding] = field(default_factory=dict)
    backward: dict[Key, Binding] = field(default_factory=dict)

    def add(self, old: Key, new: Key, binding: Binding) -> None:
        self.forward[old] = self.backward[new] = binding

    def knows(self, old: Key, new: Key) -> bool:
        return old in self.forward or new in self.backward


class Renaming:
    """A one-to-one relation between names, role by role, that grows while two recordings are walked."""

    def __init__(self) -> None:
        self._lasting = _Table()
        self._passing = _Table()
        self._told: set[tuple[Key, Key]] = set()
        self._moved: set[str] = set()

    def begin_step(self) -> None:
        """Forget names that need not outlive the step before."""
        self._passing = _Table()

    def bind(self, old: Name, new: Name, places: tuple[Occurrence, Occurrence]) -> Broken | None:
        """Say that two names of one role are the same.

        Parameters:
            old: A name of the old recording.
            new: The name in its place in the new recording.
            places: Where the two stand.

        Returns:
            None where that holds with all that was said before, or where the same contradiction was returned before.
        """
        old_key, new_key = key_of(old), key_of(new)
        if old.text != new.text:  # of an id the digits behind the key count, too
            self._moved.update((old_key[1], new_key[1]))
        table = self._table(old, old_key, new_key)
        forward, backward = table.forward.get(old_key), table.backward.get(new_key)
        if forward is None and backward is None:
            table.add(old_key, new_key, Binding(old.text, new.text, places))
            return None
        if forward is not None and forward is backward and _same(old, forward.old) and _same(new, forward.new):
            if len(old.text) > len(forward.old):
                table.add(old_key, new_key, Binding(old.text, new.text, forward.first))
            return None
        return self._broken(old, new, forward or backward, places)

    def allows(self, old: Name, new: Name) -> bool:
        """Tell whether two names could be bound without a contradiction; nothing is bound."""
        old_key, new_key = key_of(old), key_of(new)
        table = self._table(old, old_key, new_key)
        return table.forward.get(old_key) is table.backward.get(new_key)

    def renamed(self, old: Name) -> Key | None:
        """The key that an old name has in the new recording; None where it is not bound."""
        key = key_of(old)
        binding = self._lasting.forward.get(key) or self._passing.forward.get(key)
        return _key(old.role, binding.new) if binding else None

    def known(self, new: Name) -> Key | None:
        """The key of a new name; None where it is not bound."""
        key = key_of(new)
        return key if key in self._lasting.backward or key in self._passing.backward else None

    def became(self, role: str, text: str) -> str:
        """The text of a name in the new recording; its own where it is not bound."""
        binding = self._lasting.forward.get(_key(role, text))
        return binding.new if binding else text

    def moved(self) -> frozenset[str]:
        """Texts of the names, old ones and new ones, that do not simply mean themselves."""
        return frozenset(self._moved)

    def _table(self, old: Name, old_key: Key, new_key: Key) -> _Table:
        if old.passing and not self._lasting.knows(old_key, new_key):
            return self._passing
        return self._lasting

    def _broken(self, old: Name, new: Name, binding: Binding | None, places: tuple[Occurrence, Occurrence]) -> Broken | None:
        told = (_full_key(old), _full_key(new))
        if binding is None or told in self._told:
            return None
        self._told.add(told)
        return Broken(old, new, binding, places)


def key_of(name: Name) -> Key:
    """What makes a name the same name in every spelling: an id is its first twelve digits, a UUID has hyphens."""
    return _key(name.role, name.text)


def _key(role: str, text: str) -> Key:
    if role == "id":
        return role, text[:SHORT_ID]
    return (role, text.replace("_", "-")) if role == "UUID" else (role, text)


def _full_key(name: Name) -> Key:
    return name.role, name.text


def _same(name: Name, seen: str) -> bool:
    """Two spellings of one name; of two long ids all digits count."""
    if name.role == "UUID":
        return name.text.replace("_", "-") == seen.replace("_", "-")
    return name.text == seen or (name.role == "id" and (seen.startswith(name.text) or name.text.startswith(seen)))
