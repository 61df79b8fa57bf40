from __future__ import annotations

from urllib.parse import unquote

import pytest
from handbook.render.markup import attribute, escape, inside_quotes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<b>&amp;</b>", "&lt;b&gt;&amp;amp;&lt;/b&gt;"),
        ("a\tb\nc", "a\tb\nc"),
        ("\x1b[31mred", "\u241b[31mred"),
        ("\x02wzxhzdk:0\x03", "\u2402wzxhzdk:0\u2403"),  # what Python-Markdown puts in place of stashed HTML
        ("\x7f\x9b", "\u2421\ufffd"),
        ("grün ☸", "grün ☸"),
    ],
)
def test_nothing_in_an_output_means_anything(text: str, expected: str) -> None:
    assert escape(text) == expected


def test_an_attribute_keeps_quotes_and_line_ends() -> None:
    assert attribute("echo \"a\" 'b'\nls") == "echo &quot;a&quot; &#x27;b&#x27;&#10;ls"


def test_html_inside_an_attribute_holds_nothing_that_ends_it_and_no_entity() -> None:
    markup = '<p title="it\'s">100 % &amp; ü</p>'
    hidden = inside_quotes(markup)
    assert not set("&'") & set(hidden)
    assert unquote(hidden) == markup
