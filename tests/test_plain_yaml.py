"""The quick reader gives the answer of a whole YAML parser, or none."""

from __future__ import annotations

import random

import pytest
import yaml
from handbook.plain_yaml import read_plain
from handbook.recording import RecordedSnippet, RecordedStep, Recording, Span
from handbook.recording_file import write_recording
from handbook.yaml_loader import load

WORDS = [
    "a",
    " ",
    "  ",
    "\n",
    "\n\n",
    "\t",
    "#",
    ": ",
    "- ",
    "|",
    ">",
    "'",
    '"',
    "\\",
    "{{ x }}",
    "&",
    "*",
    "%",
    "@",
    "`",
    "[",
    "]",
    "~",
]
WORDS += ["null", "yes", "0", "007", "1e3", "12:30:45", "2026-11-23", "0x1f", "1_000", ".5", "$ ls"]
WORDS += ["ü", "漢", "\u2028", "\x85", "\x1b", "\r"]


def a_text(source: random.Random) -> str:
    return "".join(source.choice(WORDS) for _ in range(source.randrange(7)))


def a_step(source: random.Random) -> RecordedStep:
    captured = (("name", a_text(source)),) if source.random() < 0.5 else ()
    spans = (Span(1, 0, 3, "bold red"), Span(2, 1, 2, "#ff8700")) if source.random() < 0.3 else ()
    numbers = (1, 2, 5) if source.random() < 0.3 else ()
    return RecordedStep(a_text(source), a_text(source), 2, 0.25, a_text(source), numbers, captured, source.randrange(3), spans)


@pytest.mark.parametrize("seed", range(300))
def test_what_we_write_is_read_as_yaml_reads_it(seed: int) -> None:
    source = random.Random(seed)
    steps = tuple(a_step(source) for _ in range(3))
    text = write_recording(
        Recording("linux/x", "sandbox", (RecordedSnippet("a", "node", steps), RecordedSnippet("b", "node", steps)))
    )
    plain = read_plain(text)
    assert plain is None or plain == yaml.load(text, yaml.BaseLoader)


def test_an_ordinary_recording_takes_the_quick_way() -> None:
    step = RecordedStep(
        "ip netns\nlist", "exit=1 tty", 1, 0.25, "one\n\n  two\n", (1,), (("pid", "4711"),), 0, (Span(1, 0, 3, "red"),)
    )
    text = write_recording(Recording("linux/x", "sandbox", (RecordedSnippet("a", "container:web", (step, step)),)))
    assert read_plain(text) == yaml.load(text, yaml.BaseLoader)


@pytest.mark.parametrize(
    "text",
    [
        "a: 'x'\n",
        "a: [1, 2]\n",
        "a: &b x\n",
        "a: >\n  x\n",
        "a: x # comment\n",
        "# comment\na: x\n",
        "---\na: x\n",
        "a: x\n  continued\n",
        'a: "x\n  continued"\n',
        "a:\n- x\n",
        "a:\nb: x\n",
        "a: x\na: y\n",
        "a: |\n    deeper\nb: x\n",
        "a: |2\n    x\n",
        "a: |\n\nb: x\n",
        "a: ~\n",
        "a: true\n",
        "a: 0777\n",
        "a: 1:30\n",
        "a: 1_0\n",
        "a: 2026-11-23\n",
        'a: "\\x41"\n',
        "a: x\r\nb: y\r\n",
        "a: x",
        "? a\n: b\n",
        "- - a\n",
        "a: - b\n",
        "a: b:\n",
        "a b: c\n",
        "\ta: b\n",
        "",
        "text\n",
    ],
)
def test_other_yaml_is_left_to_a_whole_parser(text: str) -> None:
    try:
        expected = yaml.load(text, yaml.BaseLoader)
    except yaml.YAMLError:
        with pytest.raises(yaml.YAMLError):
            load(text)
        assert read_plain(text) is None
        return
    assert load(text) == expected
    assert read_plain(text) in (None, expected)
