from __future__ import annotations

import pytest
from handbook.tree import Exact, Leaf, Line, Name, Noise, Ordered, Place, Shape, Unordered, alike, first_line, leaves, squeeze

HERE, THERE = Place(1, 0, 4), Place(2, 3, 9)


@pytest.mark.parametrize(
    ("old", "new", "agree"),
    [
        (Exact("DNAT", HERE), Exact("DNAT", THERE), True),
        (Exact("DNAT", HERE), Exact("SNAT", HERE), False),
        (Exact("all  --", HERE), Exact("all --", HERE), True),
        (Name("process", "17", HERE), Name("process", "23", HERE), True),
        (Name("process", "17", HERE), Name("port", "17", HERE), False),
        (Shape("size", "4K", HERE), Shape("size", "39.9K", HERE), True),
        (Shape("size", "990 kB", HERE), Shape("size", "1.1 MB", HERE), True),
        (Shape("size", "4K", HERE), Shape("size", "4.0M", HERE), False),
        (Shape("size", "5 EB", HERE), Shape("size", "6 EB", HERE), True),
        (Shape("size", "5 EB", HERE), Shape("size", "5 kB", HERE), False),
        (Shape("size", "512 bytes", HERE), Shape("size", "512 bytes", HERE), True),
        (Shape("size", "512 bytes", HERE), Shape("size", "512 GB", HERE), False),
        (Shape("size", "1,024 kB", HERE), Shape("size", "1 kB", HERE), False),
        (Shape("size", "4g", HERE), Shape("size", "4k", HERE), False),
        (Shape("size", "12.5MB", HERE), Shape("size", "1.2e8", HERE), False),
        (Shape("count", "4", HERE), Shape("count", "4000", HERE), True),
        (Shape("size", "4K", HERE), Shape("count", "4", HERE), False),
        (Noise("age", "3 seconds", HERE), Noise("date", "Monday", HERE), True),
        (Noise("age", "3 seconds", HERE), Exact("3 seconds", HERE), False),
        (Name("address", "172.17.0.2", HERE), Exact("null", HERE), False),
    ],
)
def test_leaves_agree_by_what_they_are(old: Leaf, new: Leaf, agree: bool) -> None:
    assert alike(old, new) is agree
    assert alike(new, old) is agree


def test_leaves_come_in_the_order_of_the_output() -> None:
    one, two, three = Exact("a", HERE), Noise("age", "b", THERE), Exact("c", Place(3, 0, 1))
    tree = Ordered((Line((one, two)), Unordered((three,), label="key")))
    assert list(leaves(tree)) == [one, two, three]
    assert first_line(tree) == HERE
    assert first_line(Ordered(())) is None
    share, rule = Exact("mode random", Place(7, 20, 31)), Exact("-A CHAIN", Place(7, 0, 8))
    assert first_line(Ordered((Line((share,)), Line((rule,))))) == Place(7, 0, 31)
    assert first_line(Line((one, Exact("d", Place(1, 6, 9))))) == Place(1, 0, 9)


def test_white_space_runs_count_as_one_space() -> None:
    assert squeeze("  all   --\tanywhere ") == "all -- anywhere"
