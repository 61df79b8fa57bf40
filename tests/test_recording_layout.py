"""The quick reader gives the answer of a whole YAML parser, or none."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from handbook.errors import InputError
from handbook.recording import RecordedSnippet, RecordedStep, Recording, Span
from handbook.recording_file import parse_recording, read_recording, write_recording
from handbook.recording_layout import read_layout

from tests.recordings import SAMPLES
from tests.yaml_words import WORDS


def a_text(source: random.Random) -> str:
    return "".join(source.choice(WORDS) for _ in range(source.randrange(7)))


def a_step(source: random.Random) -> RecordedStep:
    captured = (("name", a_text(source)),) if source.random() < 0.5 else ()
    spans = (Span(1, 0, 3, "bold red"), Span(2, 1, 2, "#ff8700")) if source.random() < 0.3 else ()
    numbers = (1, 2, 5) if source.random() < 0.3 else ()
    return RecordedStep(a_text(source), a_text(source), 2, 0.25, a_text(source), numbers, captured, source.randrange(3), spans)


def by_parser(text: str) -> Recording:
    return parse_recording(text, Path("x.yml"), "sandbox")


@pytest.mark.parametrize("seed", range(300))
def test_what_we_write_is_read_as_yaml_reads_it(seed: int) -> None:
    source = random.Random(seed)
    steps = tuple(a_step(source) for _ in range(3))
    recording = Recording("linux/x", "sandbox", (RecordedSnippet("a", "node", steps), RecordedSnippet("b", "node", steps)))
    text = write_recording(recording)
    assert read_layout(text, "sandbox") in (None, recording)
    assert by_parser(text) == recording


@pytest.mark.parametrize("path", sorted(SAMPLES.rglob("*/*.yml")), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_real_recording_takes_the_quick_way(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert read_layout(text, "sandbox") == by_parser(text)


def test_every_field_takes_the_quick_way() -> None:
    captured = (("pid", "4711"), ("lines", "one\n two\n"))
    spans = (Span(1, 0, 3, "bold red"), Span(2, 1, 2, "#ff8700"))
    step = RecordedStep("ip netns\nlist", "exit=1 tty", 1, 0.25, "one\n\n  two\n", (1, 2, 3), captured, 70000, spans)
    recording = Recording("linux/x", "sandbox", (RecordedSnippet("a", "container:web", (step, step)),))
    assert read_layout(write_recording(recording), "sandbox") == recording


ORDINARY = write_recording(Recording("x", "sandbox", (RecordedSnippet("a", "node", (RecordedStep("ls", output="x\ny\n"),)),)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("command: ls", "command: 'ls'"),
        ("command: ls", "command: &b ls"),
        ("command: ls", "command: ls # comment"),
        ("command: ls", "command: ls\n          continued"),
        ("command: ls", "command: ls\n"),
        ("command: ls", "command: ~"),
        ("command: ls", "command: true"),
        ("command: ls", "command: 0777"),
        ("command: ls", "command: 1:30"),
        ("command: ls", "command: a: b"),
        ("command: ls", 'command: "\\x41"'),
        ("command: ls", 'command: "a\n          b"'),
        ("command: ls", "command: ls\n        command: ls"),
        ("command: ls", "command: >\n          folded\n          text"),
        ("command: ls", "command: |\n            deeper"),
        ("command: ls", "command: |\n\n          later"),
        ("command: ls", "command: |\n             \n          blanks"),
        ("command: ls", "command: |2\n            deeper"),
        ("output: |", "output: |-"),
        ("output: |", "output: |+"),
        ("output: |", "output: |1"),
        ("          x", "         x"),
        ("          x", "           x"),
        ("exit: 0", "exit: -1"),
        ("exit: 0", 'exit: "0"'),
        ("seconds: 0.00", "seconds: 1"),
        ("target: node", "target: [node]"),
        ("steps:", "steps: []"),
        ("format: 1", "format: 2"),
        ("format: 1", "# comment\nformat: 1"),
        ("format: 1\n", "format: 1\r\n"),
        ("          y\n", "          y"),
        ("          y\n", "          y\n          "),
        ("          y\n", "          y\n\n\n"),
        ("          y\n", "          y\n        captured:\n          name: one\n          name: two\n"),
        ("          y\n", "          y\n        captured:\n          name: one\n            two\n"),
        ("          y\n", "          y\n        captured: {}\n"),
        ("          y\n", "          y\n        stderr: 1-2\n"),
        ("          y\n", "          y\n        stderr: x\n"),
        ("          y\n", "          y\n        spans:\n          - 1 2-3 bold\n          - 1 2-3 a: b\n"),
        ("          y\n", "          y\n        later: 1\n"),
        ("          y\n", "          y\nlater: 1\n"),
    ],
)
def test_another_layout_means_what_a_whole_parser_says(old: str, new: str) -> None:
    text = ORDINARY.replace(old, new, 1)
    assert text != ORDINARY
    try:
        expected = by_parser(text)
    except InputError:
        assert read_layout(text, "sandbox") is None
        return
    assert read_layout(text, "sandbox") in (None, expected)


def test_a_file_in_another_layout_is_read_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_text(ORDINARY.replace("command: ls", "command: 'ls'"), encoding="utf-8")
    assert read_layout(path.read_text(encoding="utf-8"), "sandbox") is None
    assert read_recording(path, "sandbox") == read_layout(ORDINARY, "sandbox")
