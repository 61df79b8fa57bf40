"""The grammar of a console block: comments, commands, their continuation, options and expected output."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from handbook.reading.shell_syntax import Walk, is_open
from handbook.reading.step_options import parse_options, spaced
from handbook.step import NO_OPTIONS, Step

Complain = Callable[[int, str, str, str], None]


class _Draft:
    """A step whose lines are still being read."""

    def __init__(self, command: str, line: int, comments: tuple[str, ...]) -> None:
        self.command = command
        self.line = line
        self.comments = comments
        self.options = NO_OPTIONS
        self.option_text: list[str] = []
        self.output: list[str] = []

    def finish(self) -> Step:
        """The step, its expected output without the blank lines around it."""
        output = self.output
        while output and not output[-1].strip():
            output.pop()
        while output and not output[0].strip():
            output.pop(0)
        expected = tuple(output) if output else None
        return Step(self.command, self.line, self.comments, self.options, " ".join(filter(None, self.option_text)), expected)


def parse_console(lines: Sequence[str], first: int, complain: Complain) -> tuple[tuple[Step, ...], tuple[str, ...]]:
    """Read the lines of a console block.

    Parameters:
        lines: The block's content.
        first: Number of the first line in its file.
        complain: Called with line, what was found, what was expected and a hint, for every mistake.

    Returns:
        The steps, and the comments behind the last of them.
    """
    drafts: list[_Draft] = []
    comments: list[str] = []
    position = 0
    while position < len(lines):
        line = lines[position]
        if line.startswith("$ "):
            used, command = _command(lines, position, first, complain)
            if not command.strip():
                complain(first + position, "a '$ ' and nothing behind it", "a command", "")
            drafts.append(_Draft(command, first + position, tuple(comments)))
            comments.clear()
            position += used
            continue
        if line.startswith("#:"):
            _option_line(drafts, line[2:].strip(), first + position, complain)
        elif _is_comment(lines, position, drafts):
            comments.append(line[2:] if line.startswith("# ") else "")
        elif drafts:
            drafts[-1].output.append(line)
        position += 1
    if drafts:
        _check_start(lines[: drafts[0].line - first], first, complain)
    return tuple(draft.finish() for draft in drafts), tuple(comments)


def _check_start(lines: Sequence[str], first: int, complain: Complain) -> None:
    """Above the first command only comments may stand."""
    stray = next((number for number, line in enumerate(lines) if line.strip() and not line.startswith("#")), None)
    if stray is not None:
        hint = "output stands below its command"
        complain(first + stray, repr(lines[stray]), "'$ ' and a command, or '# ' and a comment", hint)


def _command(lines: Sequence[str], position: int, first: int, complain: Complain) -> tuple[int, str]:
    parts = [lines[position][2:]]
    if not is_open(parts[0]):
        return 1, parts[0]
    walk = Walk(parts[0])
    for line in lines[position + 1 :]:
        if not walk.wants_more:
            break
        if not line.startswith(">"):
            hint = "begin the next line of the command with '> ', or close the quote"
            complain(first + position + len(parts), repr(line), "a line that continues the open command above", hint)
            break
        parts.append(line[2:] if line.startswith("> ") else line[1:])
        walk.add(parts[-1])
    else:
        if walk.wants_more:
            hint = "begin the next line of the command with '> ', or close the quote"
            complain(first + position, f"the unfinished command {parts[0]!r}", "a whole command", hint)
    return len(parts), "\n".join(parts)


def _option_line(drafts: list[_Draft], text: str, line: int, complain: Complain) -> None:
    if not drafts:
        complain(line, f"#: {text}", "a command above it", "options belong to the command above them")
        return
    draft = drafts[-1]
    draft.option_text.append(spaced(text))
    draft.options = parse_options(text, draft.options, lambda mistake: complain(line, mistake.found, mistake.expected, ""))


def _is_comment(lines: Sequence[str], position: int, drafts: list[_Draft]) -> bool:
    """A ``# `` line is the author's where a command follows or no output stands before it; else a command printed it."""
    if not (lines[position].startswith("# ") or lines[position] == "#"):
        return False
    for line in map(lines.__getitem__, range(position + 1, len(lines))):
        if line.startswith("$ "):
            return True
        if line.strip() and not line.startswith("#"):
            return not drafts
    return not drafts or not any(line.strip() for line in drafts[-1].output)
