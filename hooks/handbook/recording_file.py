"""Recordings as files: plain YAML, made to be read in a pull request."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from handbook.errors import InputError, Mistake
from handbook.fingerprint import Fingerprint
from handbook.recording import FORMAT, RecordedEnvironment, RecordedSnippet, RecordedStep, Recording, Span
from handbook.yaml_loader import load
from handbook.yaml_text import scalar


def write_recording(recording: Recording) -> str:
    """The text of a recording's file."""
    lines = [f"format: {FORMAT}", f"chapter: {scalar(recording.chapter, 2)}", "snippets:"]
    for snippet in recording.snippets:
        lines += [f"  - id: {snippet.id}", f"    target: {snippet.target}", "    steps:"]
        for step in snippet.steps:
            lines += _step_lines(step)
    return "\n".join(lines) + "\n"


def _step_lines(step: RecordedStep) -> Iterator[str]:
    yield f"      - command: {scalar(step.command, 10)}"
    if step.options:
        yield f"        options: {scalar(step.options, 10)}"
    yield f"        exit: {step.exit}"
    yield f"        seconds: {step.seconds:.2f}"
    if step.output:
        yield f"        output: {scalar(step.output, 10)}"
    if step.stderr:
        yield f"        stderr: {scalar(_ranges(step.stderr), 10)}"
    if step.truncated:
        yield f"        truncated: {step.truncated}"
    if step.captured:
        yield "        captured:"
        yield from (f"          {name}: {scalar(value, 12)}" for name, value in step.captured)
    if step.spans:
        yield "        spans:"
        yield from (f"          - {span.line} {span.start}-{span.end} {span.style}" for span in step.spans)


def read_recording(path: Path, environment: str) -> Recording:
    """Read a recording's file, written by us or by any other YAML library.

    Raises:
        InputError: Where it is not a recording, or one of a format that this version does not know.
    """
    data = _read(path)
    try:
        snippets = tuple(
            RecordedSnippet(str(snippet["id"]), str(snippet["target"]), tuple(map(_step, snippet["steps"])))
            for snippet in data["snippets"]
        )
        return Recording(str(data["chapter"]), environment, snippets)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _broken(path, f"{type(error).__name__}: {error}") from None


def _step(data: dict[str, Any]) -> RecordedStep:
    return RecordedStep(
        command=str(data["command"]),
        options=str(data.get("options", "")),
        exit=int(data["exit"]),
        seconds=float(data["seconds"]),
        output=str(data.get("output", "")),
        stderr=_numbers(str(data.get("stderr", ""))),
        captured=tuple((str(name), str(value)) for name, value in data.get("captured", {}).items()),
        truncated=int(data.get("truncated", 0)),
        spans=tuple(map(_span, data.get("spans", ()))),
    )


def write_environment(recorded: RecordedEnvironment) -> str:
    """The text of an environment's file in snippets/."""
    facts = [f"  {name}: {scalar(value, 4)}" for name, value in recorded.fingerprint.facts.items()]
    return "\n".join([f"format: {FORMAT}", f'verified: "{recorded.verified}"', "fingerprint:", *facts]) + "\n"


def read_environment(path: Path, *, local: bool) -> RecordedEnvironment:
    """Read an environment's file in snippets/.

    Raises:
        InputError: Where it is not such a file.
    """
    data = _read(path)
    try:
        facts = {str(name): str(value) for name, value in data["fingerprint"].items()}
        return RecordedEnvironment(path.stem, Fingerprint(facts), str(data["verified"]), local)
    except (KeyError, TypeError, AttributeError) as error:
        raise _broken(path, f"{type(error).__name__}: {error}") from None


def _read(path: Path) -> dict[str, Any]:
    try:
        data = load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        raise _broken(path, f"text that is not YAML ({error})", mark.line + 1 if mark else 1) from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        found = data.get("format") if isinstance(data, dict) else data
        raise _broken(path, f"format {found!r}")
    return data


def _broken(path: Path, found: str, line: int = 1) -> InputError:
    hint = "take the file from version control again, or record the chapter again"
    return InputError([Mistake(path, line, found, f"a recording of format {FORMAT}", hint)])


def _ranges(numbers: tuple[int, ...]) -> str:
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][-1] + 1:
            ranges[-1][1:] = [number]
        else:
            ranges.append([number])
    return " ".join("-".join(map(str, part)) for part in ranges)


def _numbers(text: str) -> tuple[int, ...]:
    bounds = ([int(number) for number in part.split("-")] for part in text.split())
    return tuple(number for bound in bounds for number in range(bound[0], bound[-1] + 1))


def _span(text: str) -> Span:
    line, columns, style = text.split(" ", 2)
    start, end = columns.split("-")
    return Span(int(line), int(start), int(end), style)
