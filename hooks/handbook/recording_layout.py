"""The layout in which this program writes recordings, read step by step: many times as fast as any YAML parser.

Recordings are most of what a build or a replay reads. What is laid out otherwise, or holds anything whose meaning is not plain, is
left to a YAML parser: the answer is the same or none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from handbook.ranges import numbers_of
from handbook.recording import FORMAT, RecordedSnippet, RecordedStep, Recording, Span

# What stands behind a key, then the lines that are indented deeper: those of a literal block, or what only YAML can judge.
VALUE = r"(.*)\n((?:{margin}.*\n|\n)*)"
HEAD = re.compile(rf"format: {FORMAT}\nchapter: (.*)\nsnippets:\n")
SNIPPET = re.compile(r"  - id: (.*)\n    target: (.*)\n    steps:\n")
STEP_VALUE = VALUE.format(margin=" {10}")
STEP = re.compile(
    rf"      - command: {STEP_VALUE}"
    rf"(?:        options: {STEP_VALUE})?"
    r"        exit: (\d+)\n"
    r"        seconds: (\d+\.\d+)\n"
    rf"(?:        output: {STEP_VALUE})?"
    r"(?:        stderr: (\d[\d -]*|\"\d[\d -]*\")\n)?"
    r"(?:        truncated: (\d+)\n)?"
    r"(?:        captured:\n((?: {10}.*\n|\n)+))?"
    r"(?:        spans:\n((?: {10}- .*\n)+))?"
)
CAPTURED = re.compile(rf" {{10}}([A-Za-z_]\w*): {VALUE.format(margin=' {12}')}")
LITERAL = re.compile(r"\|(2?)([-+]?)")
# Line ends and marks that YAML knows, and what it forbids; we never write them as they are.
STRANGE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
# Everything that could be something else than text, or the begin of something else, in some version of YAML.
SPECIAL = re.compile(
    r"""[\s,\[\]{}#&*!|>'"%@`~?:.=<]|-\s|-$|[-+]?[\d.][\d_.:eExXoO+-]*$|(?i:null|true|false|yes|no|on|off|y|n)$|.*(?:\s$|:$|:\s|\s\#)"""
)
ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def span_of(text: str) -> Span:
    """A span as it stands in a recording: ``LINE START-END STYLE``.

    Raises:
        ValueError: Where it is none.
    """
    line, columns, style = text.split(" ", 2)
    start, end = columns.split("-")
    return Span(int(line), int(start), int(end), style)


class _NotPlain(Exception):
    """Something that only a whole parser may judge."""


def read_layout(text: str, environment: str) -> Recording | None:
    """Read the text of a recording; None where it is not laid out as we do.

    Parameters:
        text: The text of the file.
        environment: The environment's name.
    """
    head = HEAD.match(text)
    if not head or STRANGE.search(text):
        return None
    try:
        return Recording(_scalar(head[1]), environment, tuple(_snippets(text, head.end())))
    except (_NotPlain, ValueError):
        return None


def _snippets(text: str, position: int) -> Iterator[RecordedSnippet]:
    while position < len(text):
        head = SNIPPET.match(text, position)
        if not head:
            raise _NotPlain
        steps, position = _steps(text, head.end())
        yield RecordedSnippet(_scalar(head[1]), _scalar(head[2]), steps)


def _steps(text: str, position: int) -> tuple[tuple[RecordedStep, ...], int]:
    steps: list[RecordedStep] = []
    while match := STEP.match(text, position):
        steps.append(_step(match))
        position = match.end()
    if not steps:
        raise _NotPlain
    return tuple(steps), position


def _step(match: re.Match[str]) -> RecordedStep:
    command, more, options, more_options, status, seconds, output, lines, stderr, truncated, captured, spans = match.groups()
    return RecordedStep(
        command=_value(command, more, 10),
        options="" if options is None else _value(options, more_options, 10),
        exit=int(status),
        seconds=float(seconds),
        output="" if output is None else _value(output, lines, 10),
        stderr=numbers_of(stderr.strip('"')) if stderr else (),
        captured=tuple(_captured(captured)) if captured else (),
        truncated=int(truncated or 0),
        spans=tuple(span_of(_scalar(line[12:])) for line in spans.splitlines()) if spans else (),
    )


def _captured(text: str) -> Iterator[tuple[str, str]]:
    position = 0
    seen: set[str] = set()
    while position < len(text):
        match = CAPTURED.match(text, position)
        if not match or match[1] in seen:
            raise _NotPlain
        yield match[1], _value(match[2], match[3], 12)
        seen.add(match[1])
        position = match.end()


def _value(first: str, lines: str, indent: int) -> str:
    return _literal(first, lines, indent) if lines else _scalar(first)


def _literal(first: str, lines: str, indent: int) -> str:
    """The text of a literal block.

    Parameters:
        first: What stands behind the key.
        lines: The lines below it.
        indent: The blanks in front of each.
    """
    header = LITERAL.fullmatch(first)
    margin = " " * indent
    body = lines.replace(f"\n{margin}", "\n").removeprefix(margin)
    content = body.rstrip("\n")
    # Blanks or a blank line at the begin tell YAML how deep the block is, unless its header does.
    if not header or not content or (not header[1] and content[0] in " \n"):
        raise _NotPlain
    if header[2] == "-":
        return content
    return body if header[2] else f"{content}\n"


def _scalar(text: str) -> str:
    if NUMBER.fullmatch(text):
        return text
    if text.startswith('"') and not ESCAPED_SURROGATE.search(text):
        return str(json.loads(text))
    if not text or SPECIAL.match(text):
        raise _NotPlain
    return text
