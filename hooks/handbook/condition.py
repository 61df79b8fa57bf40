"""Conditions on an environment: ``kubernetes >= 1.24 and runtime == containerd``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from handbook.fingerprint import Fingerprint

TOKEN = re.compile(r"""\s*(?:(?P<op>==|!=|>=|<=|>|<|\(|\))|(?P<word>[\w.:+~-]+)|"(?P<quoted>[^"]*)")""")
GRAMMAR = "facts such as `docker`, comparisons such as `cgroup == 2` or `kubernetes >= 1.24`, joined by and, or, not, ( )"


class ConditionError(ValueError):
    """A condition that is not in the language; the message says what was found."""


@dataclass(frozen=True, slots=True)
class Fact:
    """True where the environment has the fact, or where it compares as said.

    Parameters:
        name: The fact.
        operator: ``==``, ``!=``, ``>=``, ``<=``, ``>``, ``<``, or empty.
        value: What to compare with.
    """

    name: str
    operator: str = ""
    value: str = ""

    def holds(self, fingerprint: Fingerprint) -> bool:
        """Tell whether it is true for an environment with this fingerprint."""
        found = fingerprint.get(self.name)
        if not self.operator or not found:
            return bool(found) or self.operator == "!="
        order = compare_versions(found, self.value)
        same = order == 0
        return {"==": same, "!=": not same, ">=": order >= 0, "<=": order <= 0, ">": order > 0, "<": order < 0}[self.operator]


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition in the form in which it was written, and its alternatives.

    Parameters:
        text: As written; empty for the condition that always holds.
        rule: Nested tuples: a Fact, ("not", rule), ("and", rule, rule), ("or", rule, rule); None holds always.
    """

    text: str = ""
    rule: object = None

    def holds(self, fingerprint: Fingerprint) -> bool:
        """Tell whether it is true for an environment with this fingerprint."""
        return _holds(self.rule, fingerprint)

    def facts(self) -> tuple[Fact, ...]:
        """The facts it speaks of, in order."""
        return tuple(_facts(self.rule))


ALWAYS = Condition()


def compare_versions(left: str, right: str) -> int:
    """Order two versions: numbers as numbers, the rest as text; only as many parts as ``right`` has count, so 1.24.3 equals 1.24.

    Returns:
        Negative, zero or positive.
    """
    wanted = _parts(right)
    for one, other in zip_longest(_parts(left)[: len(wanted)], wanted, fillvalue=(0, 0, "")):
        if one != other:
            return -1 if one < other else 1
    return 0


def _parts(version: str) -> list[tuple[int, int, str]]:
    words = re.findall(r"\d+|[^\d.+~_-]+", re.sub(r"^v(?=\d)", "", version))
    return [(1, int(word), "") if word.isdecimal() else (0, 0, word) for word in words]


def parse_condition(text: str) -> Condition:
    """Read a condition.

    Raises:
        ConditionError: With what was found where something else must stand.
    """
    if not text.strip():
        return ALWAYS
    tokens = _tokens(text)
    rule, rest = _either(tokens)
    if rest:
        raise ConditionError(f"{rest[0]!r} after the end of the condition {text!r}")
    return Condition(text.strip(), rule)


def _tokens(text: str) -> list[str]:
    tokens, position, stripped = [], 0, text.rstrip()
    while position < len(stripped):
        match = TOKEN.match(stripped, position)
        if not match:
            raise ConditionError(f"{stripped[position:].strip()!r} in the condition {text!r}")
        tokens.append(match["op"] or match["word"] or f'"{match["quoted"]}')
        position = match.end()
    return tokens


def _either(tokens: list[str]) -> tuple[object, list[str]]:
    rule, rest = _both(tokens)
    while rest and rest[0] == "or":
        other, rest = _both(rest[1:])
        rule = ("or", rule, other)
    return rule, rest


def _both(tokens: list[str]) -> tuple[object, list[str]]:
    rule, rest = _single(tokens)
    while rest and rest[0] == "and":
        other, rest = _single(rest[1:])
        rule = ("and", rule, other)
    return rule, rest


def _single(tokens: list[str]) -> tuple[object, list[str]]:
    if not tokens:
        raise ConditionError("the end of the condition where a fact must stand")
    first, rest = tokens[0], tokens[1:]
    if first == "not":
        rule, rest = _single(rest)
        return ("not", rule), rest
    if first == "(":
        rule, rest = _either(rest)
        if not rest or rest[0] != ")":
            raise ConditionError("an open parenthesis that is never closed")
        return rule, rest[1:]
    if not re.fullmatch(r"[a-z][a-z0-9-]*", first) or first in {"and", "or"}:
        raise ConditionError(f"{first!r} where a fact must stand")
    return _comparison(first, rest)


def _comparison(name: str, rest: list[str]) -> tuple[object, list[str]]:
    if not rest or rest[0] not in {"==", "!=", ">=", "<=", ">", "<"}:
        return Fact(name), rest
    if len(rest) < 2 or rest[1] in {'"', "(", ")", "and", "or", "not", "==", "!=", ">=", "<=", ">", "<"}:
        raise ConditionError(f"nothing to compare {name!r} with")
    return Fact(name, rest[0], rest[1].removeprefix('"')), rest[2:]


def _holds(rule: object, fingerprint: Fingerprint) -> bool:
    match rule:
        case Fact():
            return rule.holds(fingerprint)
        case ("not", inner):
            return not _holds(inner, fingerprint)
        case ("and", left, right):
            return _holds(left, fingerprint) and _holds(right, fingerprint)
        case ("or", left, right):
            return _holds(left, fingerprint) or _holds(right, fingerprint)
    return True


def _facts(rule: object) -> Iterator[Fact]:
    if isinstance(rule, Fact):
        yield rule
    elif isinstance(rule, tuple):
        for part in rule[1:]:
            yield from _facts(part)
