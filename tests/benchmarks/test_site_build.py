"""What the engine costs a site build, against the same pages with plain fences, measured in turn in the same run."""

from __future__ import annotations

import pytest

from tests.benchmarks.site_build import measure, share

pytestmark = pytest.mark.benchmark


def test_the_engine_takes_less_than_a_twentieth_of_a_site_build() -> None:
    given, bare = measure(rounds=9)
    print(f"with the engine {given:.2f} s, without {bare:.2f} s")
    assert share(given, bare) < 0.05
