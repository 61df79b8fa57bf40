"""Recordings as files: plain YAML, made to be read in a pull request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml

from handbook.errors import InputError, Mistake
from handbook.files import read
from handbook.fingerprint import Fingerprint
from handbook.ranges import numbers_of, text_of
from handbook.recording import FORMAT, RecordedEnvironment, RecordedSnippet, RecordedStep, Recording, Span
from handbook.recording_layout import read_layout, span_of
from handbook.yaml_loader import error_line, line_of, load
from handbook.yaml_text import scalar

WRONG = (KeyError, TypeError, ValueError, AttributeError)
EXPECTED = f"a recording of format {FORMAT}"
HINT = "take the file from version control again, or record the chapter again"
Place = tuple[str | int, ...]
Read = TypeVar("Read")


class _Wrong(ValueError):
    """Something at a place of a file that is not as it should be."""

    def __init__(self, place: Place, what: str) -> None:
        super().__init__(what)
        self.place = place


def write_recording(recording: Recording) -> str:
    """The text of a recording's file."""
    lines = [f"format: {FORMAT}", f"chapter: {scalar(recording.chapter, 2)}", "snippets:"]
    for snippet in recording.snippets:
        lines += [f"  - id: {scalar(snippet.id, 6)}", f"    target: {scalar(snippet.target, 6)}", "    steps:"]
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
        yield f"        stderr: {scalar(text_of(step.stderr), 10)}"
    if step.truncated:
        yield f"        truncated: {step.truncated}"
    if step.captured:
        yield "        captured:"
        yield from (f"          {scalar(name, 12)}: {scalar(value, 12)}" for name, value in step.captured)
    if step.spans:
        yield "        spans:"
        yield from (f"          - {scalar(_span_text(span), 12)}" for span in step.spans)


def read_recording(path: Path, environment: str) -> Recording:
    """Read a recording's file, written by us or by any other YAML library.

    Raises:
        InputError: Where it is not a recording, or one of a format that this version does not know.
    """
    text = read(path, EXPECTED, HINT)
    return read_layout(text, environment) or parse_recording(text, path, environment)


def parse_recording(text: str, path: Path, environment: str) -> Recording:
    """Read the text of a recording's file in any layout that YAML allows.

    Raises:
        InputError: As ``read_recording``.
    """
    data = _parsed(path, text)
    try:
        return Recording(_text(data, "chapter"), environment, tuple(_each(data["snippets"], ("snippets",), _snippet)))
    except WRONG as error:
        raise _not_so(path, text, error) from None


def _snippet(data: dict[str, Any], place: Place) -> RecordedSnippet:
    return RecordedSnippet(_text(data, "id"), _text(data, "target"), tuple(_each(data["steps"], (*place, "steps"), _step)))


def _step(data: dict[str, Any], place: Place) -> RecordedStep:
    return RecordedStep(
        command=_text(data, "command"),
        options=_text(data, "options", ""),
        exit=_value("exit", int, data["exit"]),
        seconds=_value("seconds", float, data["seconds"]),
        output=_text(data, "output", ""),
        stderr=_value("stderr", numbers_of, _text(data, "stderr", "")),
        captured=_texts(data.get("captured") or {}),
        truncated=_value("truncated", int, data.get("truncated", 0)),
        spans=tuple(_each(data.get("spans") or [], (*place, "spans"), lambda text, _: _value("span", span_of, text))),
    )


def _value(key: str, read: Callable[[Any], Read], text: object) -> Read:
    try:
        return read(text)
    except WRONG:
        raise ValueError(f"{key}: {text}") from None


def _each(items: list[Any], place: Place, read: Callable[[Any, Place], Read]) -> Iterator[Read]:
    """Read the items of a list; what is wrong with one of them is known by its place."""
    if not isinstance(items, list):
        raise _Wrong(place, "no list")
    for number, item in enumerate(items):
        here = (*place, number)
        try:
            yield read(item, here)
        except _Wrong:
            raise
        except WRONG as error:
            raise _Wrong(here, _said(error)) from None


def _text(data: dict[str, Any], key: str, absent: str | None = None) -> str:
    if not isinstance(data, dict):
        raise TypeError(f"{data!r} instead of keys and values")
    value = data[key] if absent is None else data.get(key, absent)
    if not isinstance(value, str):
        raise TypeError(f"{key} that is no text")
    return value


def _texts(data: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    if not isinstance(data, dict):
        raise TypeError(f"{data!r} instead of keys and values")
    return tuple((name, _text(data, name)) for name in data)


def write_environment(recorded: RecordedEnvironment) -> str:
    """The text of an environment's file in snippets/."""
    facts = [f"  {scalar(name, 4)}: {scalar(value, 4)}" for name, value in recorded.fingerprint.facts.items()]
    return "\n".join([f"format: {FORMAT}", f'verified: "{recorded.verified}"', "fingerprint:", *facts]) + "\n"


def read_environment(path: Path, *, local: bool) -> RecordedEnvironment:
    """Read an environment's file in snippets/.

    Raises:
        InputError: Where it is not such a file.
    """
    text = read(path, EXPECTED, HINT)
    data = _parsed(path, text)
    try:
        facts = dict(_texts(data["fingerprint"] or {}))
        return RecordedEnvironment(path.stem, Fingerprint(facts), _text(data, "verified"), local)
    except WRONG as error:
        raise _not_so(path, text, error) from None


def _parsed(path: Path, text: str) -> dict[str, Any]:
    try:
        data = load(text)
    except yaml.YAMLError as error:
        raise _broken(path, f"text that is not YAML ({_problem(error)})", error_line(error, text)) from None
    if not isinstance(data, dict) or data.get("format") != str(FORMAT):
        found = data.get("format") if isinstance(data, dict) else data
        raise _broken(path, f"format {found!r}")
    return data


def _problem(error: yaml.YAMLError) -> str:
    """What a parser complains of, without the picture of the place that it draws below."""
    told = (getattr(error, "context", None), getattr(error, "problem", None) or getattr(error, "reason", None))
    return ", ".join(filter(None, told)) or str(error).splitlines()[0]


def _not_so(path: Path, text: str, error: Exception) -> InputError:
    place = error.place if isinstance(error, _Wrong) else ()
    return _broken(path, _said(error), line_of(text, place))


def _said(error: Exception) -> str:
    return f"no {error.args[0]!r}" if isinstance(error, KeyError) else str(error)


def _broken(path: Path, found: str, line: int = 1) -> InputError:
    return InputError([Mistake(path, line, found, EXPECTED, HINT)])


def _span_text(span: Span) -> str:
    return f"{span.line} {span.start}-{span.end} {span.style}"
