"""Line numbers as people write them: ``1-3 5``."""

from __future__ import annotations

from collections.abc import Iterable


def text_of(numbers: Iterable[int]) -> str:
    """Ascending numbers as text."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][-1] + 1:
            ranges[-1][1:] = [number]
        else:
            ranges.append([number])
    return " ".join("-".join(map(str, part)) for part in ranges)


def numbers_of(text: str) -> tuple[int, ...]:
    """The numbers that such a text means.

    Raises:
        ValueError: Where it is no such text.
    """
    bounds = ([int(number) for number in part.split("-")] for part in text.split())
    return tuple(number for bound in bounds for number in range(bound[0], bound[-1] + 1))
