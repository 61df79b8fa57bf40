from __future__ import annotations

import re

import pytest
from handbook.recording import RecordedStep, Span
from handbook.render.output import LONGEST, SHOWN, output
from handbook.render.values import Values

NONE = Values()


def shown(text: str = "", **given: object) -> str:
    return output(RecordedStep("command", output=text, **given), NONE)  # type: ignore[arg-type]


def test_no_output_is_nothing() -> None:
    assert not shown("")
    assert not shown("\n")


def test_blank_lines_within_an_output_stay() -> None:
    assert ">\n\na\n\nb\n</pre>" in shown("\na\n\nb\n\n")


def test_lines_of_standard_error_are_marked_and_no_others() -> None:
    markup = shown("one\ntwo\nthree\n", stderr=(2,))
    assert re.findall(r'<span class="handbook-stderr"[^>]*>(.*?)</span>', markup) == ["two"]


def test_output_up_to_the_limit_is_shown_whole() -> None:
    assert "<details" not in shown("line\n" * LONGEST)


def test_longer_output_folds_behind_its_first_lines_and_loses_none() -> None:
    lines = [f"line {number}" for number in range(LONGEST + 15)]
    head, fold, rest = shown("\n".join(lines)).partition("<details>")
    assert fold
    assert re.findall(r"line \d+", head) == lines[:SHOWN]
    assert re.findall(r"line \d+(?=\n|<)", rest.split("</summary>")[1]) == lines[SHOWN:]
    assert f"<summary>{len(lines) - SHOWN} more lines</summary>" in rest


@pytest.mark.parametrize(("size", "words"), [(1_000_000_000, "1.0 GB"), (250_000, "250 kB"), (12, "12 bytes")])
def test_output_that_was_cut_says_how_much_there_was(size: int, words: str) -> None:
    assert words in shown("the beginning\n", truncated=size)


def test_colours_of_a_terminal_are_where_they_were() -> None:
    markup = shown("a red word\nplain\n", spans=(Span(1, 2, 5, "bold red"),))
    assert 'a <span class="handbook-bold handbook-fore" style="--fore:var(--handbook-red)">red</span> word\nplain' in markup


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("reverse", 'class="handbook-reverse"'),
        ("brightblue", 'style="--fore:var(--handbook-blue)"'),
        ("#ff8700", 'class="handbook-rgb" style="--fore:#ff8700"'),
        ("on-green", 'class="handbook-ground" style="--ground:var(--handbook-green)"'),
        ("on-#00005f", 'style="--ground:#00005f"'),
        ('red" onclick="x', 'class=""'),
    ],
)
def test_a_style_becomes_classes_and_nothing_else(style: str, expected: str) -> None:
    markup = shown("word\n", spans=(Span(1, 0, 4, style),))
    assert expected in markup
    assert "onclick" not in markup


def test_cells_are_counted_as_a_terminal_counts_them() -> None:
    # Two wide characters take four cells; a combining one takes none.
    markup = shown("漢字 e\u0301 x\n", spans=(Span(1, 5, 6, "red"), Span(1, 7, 8, "blue")))
    assert ">e\u0301</span> <span" in markup
    assert ">x</span>" in markup


def test_output_with_colours_is_escaped_too() -> None:
    assert "&lt;b&gt;" in shown("<b>x\n", spans=(Span(1, 0, 3, "red"),))
