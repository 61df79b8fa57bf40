"""Requests that were repeated: who answered, how many answers there were, and that everybody had a fair share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import sqrt

from handbook.recognition.checks import Meaning
from handbook.recognition.context import Context
from handbook.recognition.sheet import Sheet
from handbook.recognition.tokens import Token
from handbook.tree import Node, Unordered

LOOP = re.compile(r"\bfor\b.*\bdo\b.*\bcurl\b.*\|\s*sort\s*\|\s*uniq -c", re.DOTALL)
COUNTED = re.compile(r"\s*(\d+) (.+)$")
UNLIKELY = 4.75  # standard deviations: one in a million


class Repeated:
    """Answers in any order; how many each gave is chance within bounds, how many there are is not."""

    name = "repeated"

    def chooses(self, command: str) -> bool:
        return bool(LOOP.search(command))

    def parse(self, output: str, context: Context) -> Node:
        sheet = Sheet(output, context)
        rows = [(number, match) for number, text in sheet.filled() if (match := COUNTED.match(text))]
        counts = [int(match[1]) for _, match in rows]
        told = Meaning("shape", f"{'fair' if _is_fair(counts) else 'unfair'} share of {sum(counts)}")
        return Unordered(tuple(line for number, match in rows for line in sheet.line(number, [Token(*match.span(1), told)])))


def _is_fair(counts: Sequence[int]) -> bool:
    """Tell whether counts could be those of equally likely answers: a chi-squared test by Wilson and Hilferty's approximation."""
    freedom = len(counts) - 1
    if freedom < 1:
        return True
    expected = sum(counts) / len(counts)
    statistic = sum((count - expected) ** 2 / expected for count in counts)
    spread = 2 / (9 * freedom)
    deviation: float = ((statistic / freedom) ** (1 / 3) - (1 - spread)) / sqrt(spread)
    return deviation < UNLIKELY


KIND = Repeated()
