"""What a step printed, as HTML."""

from __future__ import annotations

from collections.abc import Sequence

from handbook.recording import RecordedStep
from handbook.render.colours import coloured_lines
from handbook.render.markup import escape
from handbook.render.values import Values

LONGEST = 25  # lines that are shown whole
SHOWN = 16  # lines of a longer output that are shown before the fold


def output(record: RecordedStep, values: Values) -> str:
    """The output of a step; an empty string where it printed nothing.

    Parameters:
        record: The step.
        values: What to mark in it.
    """
    text = record.output.removesuffix("\n")
    if not text:
        return ""
    lines = coloured_lines(text.split("\n"), record.spans) if record.spans else values.mark(escape(text)).split("\n")
    return block(_with_stderr(lines, record.stderr) if record.stderr else lines) + _truncated(record.truncated)


def expected(lines: Sequence[str]) -> str:
    """Output that an author wrote below a command."""
    return block([escape(line) for line in lines])


def block(lines: Sequence[str]) -> str:
    """Lines of HTML as an output that scrolls on its own and folds where it is long."""
    # A search finds words and commands; outputs say the same once per environment, in ids and addresses that nobody looks for.
    look = 'class="handbook-output" data-search-exclude'
    if len(lines) <= LONGEST:
        return f"<pre {look}>{_joined(lines)}</pre>"
    head, rest = lines[:SHOWN], lines[SHOWN:]
    folded = f"<details><summary>{len(rest)} more lines</summary><pre>{_joined(rest)}</pre></details>"
    return f"<div {look}><pre>{_joined(head)}</pre>{folded}</div>"


def _joined(lines: Sequence[str]) -> str:
    # A parser drops the first line end after <pre>.
    return "\n" + "\n".join(lines)


def _with_stderr(lines: Sequence[str], numbers: Sequence[int]) -> list[str]:
    wanted = set(numbers)
    return [_marked(line) if number in wanted else line for number, line in enumerate(lines, 1)]


def _marked(line: str) -> str:
    return f'<span class="handbook-stderr" title="standard error">{line}</span>'


def _truncated(size: int) -> str:
    return f'<p class="handbook-remark">The command printed {_size(size)}; this is the part that is kept.</p>' if size else ""


def _size(count: float) -> str:
    for unit in ("bytes", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"
