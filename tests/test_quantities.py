"""Quantities: what is the same in other units."""

from __future__ import annotations

import pytest
from handbook.quantities import duration


@pytest.mark.parametrize(
    ("one", "other"), [("1m0s", "60s"), ("24h0m0s", "1d"), ("0.1s", "100ms"), ("1500µs", "1.5ms"), ("1m30s", "1.5m"), ("2w", "14d")]
)
def test_a_duration_says_the_same_in_other_units(one: str, other: str) -> None:
    assert duration(one) == duration(other) != ""


@pytest.mark.parametrize("text", ["", "5", "s", "1m0h", "5M", "10 ms", "1.5.2s", "1h 5m"])
def test_what_is_none_says_nothing(text: str) -> None:
    assert duration(text) == ""
