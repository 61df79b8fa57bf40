"""One figure's content: comments, commands and their output."""

from __future__ import annotations

from collections.abc import Sequence

from handbook.edition import PrintedStep
from handbook.render.markup import attribute, escape
from handbook.render.output import expected, output
from handbook.render.values import Values

NO_VALUES = Values()


def screen(
    steps: Sequence[PrintedStep], trailing: Sequence[str] = (), target: str = "", values: Values = NO_VALUES, missing: str = ""
) -> str:
    """Steps as HTML, hidden ones left out.

    Parameters:
        steps: The steps of one snippet.
        trailing: Comments behind the last of them.
        target: Where they run; said where it is neither the node nor the reader's own machine.
        values: Captured values to mark.
        missing: What to say below a step that is not recorded; by default nothing.
    """
    shown = [step for step in steps if not step.step.options.hidden]
    body = "".join(_step(step, _result(step, values, missing), values, alone=len(shown) == 1) for step in shown) + _comments(
        trailing
    )
    return f'<div class="handbook-screen" data-copy="{attribute(commands(shown))}">{_place(target)}{body}</div>'


def commands(steps: Sequence[PrintedStep]) -> str:
    """What the copy button copies: the commands as they really ran, one below the other."""
    return "\n".join(step.command for step in steps)


def _place(target: str) -> str:
    kind, _, name = target.partition(":")
    return f'<p class="handbook-place">in {escape(kind)} <b>{escape(name)}</b></p>' if name else ""


def _step(step: PrintedStep, result: str, values: Values, *, alone: bool) -> str:
    copy = "" if alone else f' data-copy="{attribute(step.command)}"'
    command = f'<pre class="handbook-command"{copy}>{_prompted(values.mark(escape(step.command)))}</pre>'
    return f'<div class="handbook-typed">{_comments(step.step.comments)}{command}</div>{result}'


def _comments(lines: Sequence[str]) -> str:
    return f'<p class="handbook-comment">{"<br>".join(map(escape, lines))}</p>' if any(lines) else ""


def _prompted(command: str) -> str:
    """A command with its prompts. Lines of a long command are blocks, so that each is indented on its own where it wraps."""
    if "\n" not in command:
        return _prompt("$") + command
    lines = (_prompt("&gt;" if number else "$") + line for number, line in enumerate(command.split("\n")))
    return "".join(f'<span class="handbook-line">{line}\n</span>' for line in lines)


def _prompt(mark: str) -> str:
    return f'<span class="handbook-prompt" aria-hidden="true">{mark} </span>'


def _result(step: PrintedStep, values: Values, missing: str) -> str:
    if step.record:
        return output(step.record, values) + _remark(_how_it_ended(step))
    return (expected(step.step.expected) if step.step.expected else "") + _remark(missing)


def _remark(text: str) -> str:
    return f'<p class="handbook-remark">{escape(text)}</p>' if text else ""


def _how_it_ended(step: PrintedStep) -> str:
    duration = step.step.options.duration
    stopped = f"stopped after {duration:g} s" if duration else ""
    failed = f"exit {step.record.exit}" if step.record and step.record.exit and not duration else ""
    return " · ".join(filter(None, (stopped, failed)))
