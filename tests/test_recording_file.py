"""Recordings as files: what is written reads back as the same, whoever wrote it last; what is broken is told with its line."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import yaml
from handbook.errors import InputError
from handbook.fingerprint import Fingerprint
from handbook.recording import RecordedEnvironment, RecordedSnippet, RecordedStep, Recording, Span
from handbook.recording_file import read_environment, read_recording, write_environment, write_recording

from tests.yaml_words import WORDS

AWKWARD = [
    "yes",
    "null",
    "~",
    "1.10",
    "0o17",
    "1e3",
    "2026-11-23",
    " a",
    "a ",
    "\n",
    "\n\n",
    " \n",
    "\na",
    "a\n\n\n",
    "\t\n",
    "a\n \n",
    "",
]
AWKWARD += [
    "a: b",
    "a #b",
    "- a",
    "#",
    "---",
    "...",
    "%YAML",
    "\ta",
    "a\tb",
    "'a'",
    '"',
    "\\",
    "  a\nb\n",
    "a\n\n  \n\nb",
    "k:\n- v\n",
    "|\n",
]


def recording(*texts: str) -> Recording:
    steps = [
        RecordedStep(text or "-", text.replace("\n", " "), number % 200, number / 4, text, (), (("on", "1.10"), ("yes", text)))
        for number, text in enumerate(texts)
    ]
    coloured = RecordedStep("true", spans=(Span(1, 0, 3, "#ff8700"), Span(12, 3, 9, "bold red on-#000000")), stderr=(1, 2, 3, 9))
    wordy = RecordedSnippet("yes", "container:web", (*steps, coloured, RecordedStep("yes", "", -1, 0.01, "y\n", truncated=1 << 40)))
    return Recording("linux/null", "debian-12", (RecordedSnippet("no", "node", tuple(steps)), wordy))


def read(text: str, tmp_path: Path) -> Recording:
    path = tmp_path / "a.yml"
    path.write_text(text, encoding="utf-8", newline="")
    return read_recording(path, "debian-12")


def random_texts(seed: int) -> list[str]:
    source = random.Random(seed)
    return ["".join(source.choices(WORDS, k=source.randrange(9))) for _ in range(12)]


@pytest.mark.parametrize("texts", [AWKWARD, *(random_texts(seed) for seed in range(30))])
def test_what_is_written_reads_back_as_the_same(texts: list[str], tmp_path: Path) -> None:
    assert read(write_recording(recording(*texts)), tmp_path) == recording(*texts)


@pytest.mark.parametrize("texts", [AWKWARD, *(random_texts(seed) for seed in range(40, 46))])
@pytest.mark.parametrize("style", [{}, {"default_style": '"'}, {"default_flow_style": True}, {"allow_unicode": True, "width": 20}])
def test_a_copy_that_another_program_wrote_is_the_same_recording(texts: list[str], style: dict[str, Any], tmp_path: Path) -> None:
    copy = yaml.dump(yaml.load(write_recording(recording(*texts)), yaml.CSafeLoader), Dumper=yaml.CSafeDumper, **style)
    assert read(copy, tmp_path) == recording(*texts)


def test_a_copy_in_the_other_version_of_yaml_is_the_same_recording(tmp_path: Path) -> None:
    library = pytest.importorskip("ruamel.yaml", reason="ruamel.yaml is not installed").YAML()
    path = tmp_path / "a.yml"
    for texts in (AWKWARD, *(random_texts(seed) for seed in range(60, 70))):
        printed = [text.replace("\x85", "") for text in texts]  # a line end in one version only; in an output it stands escaped
        with path.open("w", encoding="utf-8") as file:
            library.dump(library.load(write_recording(recording(*printed))), file)
        assert read_recording(path, "debian-12") == recording(*printed)


def test_a_program_that_takes_yaml_for_what_it_says_may_leave_out_quotes(tmp_path: Path) -> None:
    text = "format: 1\nchapter: 'on'\nsnippets:\n- id: yes\n  target: node\n  steps:\n"
    text += "  - {command: 0o17, exit: 0, seconds: 1, output: 1.10, captured: {y: null}}\n"
    step = RecordedStep("0o17", exit=0, seconds=1, output="1.10", captured=(("y", "null"),))
    assert read(text, tmp_path) == Recording("on", "debian-12", (RecordedSnippet("yes", "node", (step,)),))


def test_an_output_stands_in_its_file_as_it_was_printed() -> None:
    step = RecordedStep("ip netns", output="one  \n\n  two: #\n", stderr=(1, 3), seconds=0.126, exit=1)
    assert write_recording(Recording("a", "sandbox", (RecordedSnippet("one", "node", (step,)),))) == (
        "format: 1\nchapter: a\nsnippets:\n  - id: one\n    target: node\n    steps:\n      - command: ip netns\n        exit: 1\n"
        "        seconds: 0.13\n        output: |\n          one  \n\n            two: #\n        stderr: 1 3\n"
    )


def test_the_facts_of_an_environment_read_back_as_the_same(tmp_path: Path) -> None:
    facts = {"kernel": "6.10", "root": "yes", "on": "off", "docker": "20.10.24+dfsg1", "note": "a: b # c"}
    known = RecordedEnvironment("kubernetes-1.20", Fingerprint(facts), "2026-11-23", local=True)
    path = tmp_path / "kubernetes-1.20.yml"
    path.write_text(write_environment(known))
    assert read_environment(path, local=True) == known
    path.write_text(yaml.safe_dump(yaml.safe_load(write_environment(known))))
    assert read_environment(path, local=True) == known
    path.write_text("format: 1\nverified: 2026-11-23\nfingerprint:\n  kernel: 6.10\n  root: yes\n")
    assert read_environment(path, local=True).fingerprint == Fingerprint({"kernel": "6.10", "root": "yes"})
    path.write_text("format: 1\nverified: 2026-11-23\nfingerprint:\n")
    assert read_environment(path, local=True).fingerprint == Fingerprint({})


WHOLE = write_recording(recording("a\n", "b\n"))


@pytest.mark.parametrize(
    ("old", "new", "line", "found"),
    [
        ("format: 1", "format: 2", 1, "format '2'"),
        ("format: 1\n", "", 1, "format None"),
        (WHOLE, "", 1, "format None"),
        (WHOLE, "- a\n", 1, "format ['a']"),
        (WHOLE, "a: [", 1, "text that is not YAML"),
        ("    target: node", "    target: [", 7, "text that is not YAML"),
        ("chapter:", "chapters:", 1, "no 'chapter'"),
        ("snippets:", "snippet:", 1, "no 'snippets'"),
        ("    target: node\n", "", 4, "no 'target'"),
        ("        exit: 1\n", "", 18, "no 'exit'"),
        ("exit: 1\n", "exit: one\n", 18, "exit: one"),
        ("exit: 1\n", "exit: [1]\n", 18, "exit: ['1']"),
        ("seconds: 0.25", "seconds: fast", 18, "seconds: fast"),
        ("seconds: 0.25", "seconds: 0.\x192", 22, "text that is not YAML"),
        ("stderr: 1-3 9", "stderr: first", 54, "stderr: first"),
        ("1 0-3 #ff8700", "1 red", 59, "span: 1 red"),
        ("      - command: |\n          b", "      - command: [b]", 18, "command that is no text"),
        (WHOLE, "format: 1\nchapter: a\nsnippets: 7\n", 3, "no list"),
        (WHOLE, "format: 1\nchapter: a\nsnippets:\n- 7\n", 4, "'7' instead of keys and values"),
    ],
)
def test_a_broken_file_is_told_with_its_line(old: str, new: str, line: int, found: str, tmp_path: Path) -> None:
    assert old in WHOLE
    with pytest.raises(InputError) as caught:
        read(WHOLE.replace(old, new, 1), tmp_path)
    (mistake,) = caught.value.mistakes
    assert (mistake.path, mistake.line) == (tmp_path / "a.yml", line)
    assert found in mistake.found
    assert "\n" not in mistake.found
    assert str(mistake).endswith("next: take the file from version control again, or record the chapter again")


def test_a_broken_file_about_an_environment_is_told_too(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.yml"
    for text in ("format: 1\n", "format: 1\nverified: x\nfingerprint: 7\n", "{", "format: 1\nverified: x\nfingerprint: {a: [b]}\n"):
        path.write_text(text)
        with pytest.raises(InputError, match=r"sandbox\.yml:[12]: found"):
            read_environment(path, local=False)


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_bytes(b"format: 1\nchapter: \xff\n")
    with pytest.raises(InputError, match=r"a\.yml:2: found bytes that are not UTF-8"):
        read_recording(path, "sandbox")
