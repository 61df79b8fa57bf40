"""Quantities: the same one in any unit, and sizes that are of one order."""

from __future__ import annotations

import re
from fractions import Fraction

QUANTITY = re.compile(r"(\d+(?:\.\d+)?)(m|[kMGTPE]i?|Ki)?")
SIZE = re.compile(r"(\d+(?:\.\d+)?) ?([kKMGTPE]?)i?B?")
NUMBER = r"(\d+(?:\.\d+)?)"
# As Go writes and reads them, from the largest unit to the smallest.
UNITS = {
    "w": Fraction(604_800),
    "d": Fraction(86_400),
    "h": Fraction(3_600),
    "m(?!s)": Fraction(60),
    "s": Fraction(1),
    "ms": Fraction(1, 10**3),
    "[uµ]s": Fraction(1, 10**6),
    "ns": Fraction(1, 10**9),
}
DURATION = re.compile("".join(f"(?:{NUMBER}{unit})?" for unit in UNITS))
# A size that is no lesson may be another one, but not ten times as much: then something else is in there.
ORDER = 10
POWERS = {"": 0, "k": 1, "K": 1, "M": 2, "G": 3, "T": 4, "P": 5, "E": 6}


def canonical(text: str) -> str:
    """A quantity as a plain number, so that 264212084Ki is 270553174016; empty where a text is no quantity."""
    match = QUANTITY.fullmatch(text)
    if not match:
        return ""
    number, unit = Fraction(match[1]), match[2] or ""
    if unit == "m":
        return str(number / 1000)
    base = 1024 if unit.endswith("i") else 1000
    return str(number * base ** POWERS[unit.removesuffix("i")])


def duration(text: str) -> str:
    """A duration in seconds, so that 1m0s is 60s; empty where a text is none. Of 0s the unit counts."""
    match = DURATION.fullmatch(text)
    if not match:
        return ""
    seconds = sum(Fraction(number or 0) * unit for number, unit in zip(match.groups(), UNITS.values(), strict=True))
    return f"{seconds} s" if seconds else text


def of_one_order(old: str, new: str) -> bool:
    """Tell whether neither of two sizes is ten times the other; a text that is no size is of one order with an equal text only."""
    if old == new:
        return True
    one, other = SIZE.fullmatch(old), SIZE.fullmatch(new)
    if not one or not other:
        return False
    smaller, larger = sorted((_bytes(one), _bytes(other)))
    return larger < ORDER * max(1.0, smaller)


def _bytes(match: re.Match[str]) -> float:
    return float(match[1]) * 1000.0 ** POWERS[match[2]]
