"""Quantities as Kubernetes writes them: the same one in any unit."""

from __future__ import annotations

import re
from fractions import Fraction

QUANTITY = re.compile(r"(\d+(?:\.\d+)?)(m|[kMGTPE]i?|Ki)?")
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
