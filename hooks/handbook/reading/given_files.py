"""Given files: files of the book that lie in the working directory when a chapter begins.

A chapter gets them by a step of its own before the first block, so that they reach every target by the way of all commands, a
recording holds what they held, and a change of one makes the recording stale.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from shlex import quote

from handbook.reading.console import Complain
from handbook.snippet import Snippet
from handbook.step import Step, StepOptions

HIDDEN = StepOptions(hidden=True, raw=True)
HIDDEN_TEXT = "hidden raw"
MARK = "END_OF_FILE"
LARGEST = 64 * 1024
"""Bytes: what still can be read in a recording."""


def given_files(names: Sequence[str], root: Path, chapter: str, line: int, complain: Complain) -> tuple[Snippet, ...]:
    """The snippets that put files there, and take them away at the end.

    Parameters:
        names: Paths of the files below ``root``; they have the same paths below the working directory.
        root: The folder of the book.
        chapter: Name of the chapter.
        line: Where the chapter names them.
        complain: Called with every mistake.
    """
    texts = [(name, text) for name in names if (text := _read(name, root, line, complain)) is not None]
    if not texts:
        return ()
    steps = tuple(_step(_writing(name, text), line) for name, text in texts)
    # No author can write a colon into an id.
    given = Snippet(f"files:{chapter}", line, steps)
    taken = Snippet("", line, (_step("\n".join(_removing([name for name, _ in texts])), line),), cleanup=True)
    return given, taken


def _step(command: str, line: int) -> Step:
    return Step(command, line, options=HIDDEN, option_text=HIDDEN_TEXT)


def _writing(name: str, text: str) -> str:
    folder = str(PurePosixPath(name).parent)
    return f"mkdir -p {quote(folder)} && cat > {quote(name)} <<'{MARK}'\n{text}{MARK}"


def _removing(names: Sequence[str]) -> Iterator[str]:
    yield f"rm -f {' '.join(map(quote, names))}"
    folders = dict.fromkeys(str(PurePosixPath(name).parent) for name in names)
    # What else is in a folder stays, and the folder with it.
    yield from (f"rmdir -p {quote(folder)} 2>/dev/null || true" for folder in folders if folder != ".")


def _read(name: str, root: Path, line: int, complain: Complain) -> str | None:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        complain(line, f"files: {name!r}", "a path below the book's folder", "")
        return None
    try:
        data = (root / name).read_bytes()
        text = data.decode()
    except OSError:
        complain(line, f"files: {name!r}, which is no file below {root}", "a file of the book", "")
    except UnicodeDecodeError:
        complain(line, f"files: {name!r}, which is not UTF-8", "a file of text", "")
    else:
        if text.endswith("\n") and "\0" not in text and MARK not in text and len(data) <= LARGEST:
            return text
        complain(line, f"files: {name!r}", f"lines of text, at most {LARGEST // 1024} KiB, none of them {MARK}", "")
    return None
