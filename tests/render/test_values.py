from __future__ import annotations

import re

from handbook.render.markup import escape
from handbook.render.values import Values

LONG = "4b1f2c0d9e8a" + "7f" * 26


def marked(text: str, **values: str) -> list[tuple[str, str]]:
    return re.findall(r'data-value="(\w+)">([^<]*)<', Values(values.items()).mark(escape(text)))


def test_a_value_is_marked_wherever_it_stands_alone() -> None:
    assert marked("4711 /proc/4711/cgroup 14711 47110", pid="4711") == [("pid", "4711")] * 2


def test_the_longest_value_wins() -> None:
    assert marked("web-1 web", name="web", pod="web-1") == [("pod", "web-1"), ("name", "web")]


def test_the_short_form_of_a_container_id_is_the_same_value() -> None:
    assert marked(f"{LONG}\n{LONG[:12]}   nginx", web=LONG) == [("web", LONG), ("web", LONG[:12])]


def test_values_that_occur_everywhere_are_left_alone() -> None:
    assert marked("1 lo eth0", index="1", device="lo", link="eth0") == [("link", "eth0")]


def test_a_value_is_not_found_inside_an_entity() -> None:
    assert marked("a < b & amp", name="amp", other="lt") == [("name", "amp")]


def test_a_value_with_signs_of_html_and_regular_expressions_is_found() -> None:
    assert marked("x <a.b>* x", name="<a.b>*") == [("name", "&lt;a.b&gt;*")]
