"""The lines that we send to a shell, and the marks by which it tells that a command has ended.

A mark is a control character, a random word that no command can know, and for standard output the exit status and the time. It
goes to copies of the shell's first streams, so that a command that closes or redirects its own does not swallow it.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import lru_cache

SEPARATOR = b"\x1e"

# Descriptor 3: the lines to run; 6: a sheet of lines to run at once; 7: a terminal for the steps that want one; 8 and 9: the
# streams for marks. With -i a bash that reads a script speaks as at a prompt: "bash: foo: command not found", without line numbers.
BOOT = {
    "bash": "exec 3<&0 0</dev/null 8>&1 9>&2{more}; exec bash --noprofile --norc -i /dev/fd/3 2>/dev/null",
    "sh": "exec 3<&0 0</dev/null 8>&1 9>&2{more}; exec sh /dev/fd/3",
}

# _handbook marks the end of a command whatever that did to its shell, and gives back to the next one tracing (set -x) and streams
# that were closed, and to our own lines the words that they need. _handbook_again lets a command ask for the status of the one
# before it.
# The trap is for programs that an interrupt kills: without it bash takes the interrupt for its own, and complains of its terminal.
PRELUDE = {
    "bash": r"""exec 3<&- 2>&9; set +o histexpand; trap : INT; cd ~ 2>/dev/null
_handbook() {
  local status
  status=${_handbook_state%%[!0-9]*}
  case $_handbook_state in *x*) _handbook_flags='set -x;' ;; *) _handbook_flags= ;; esac
  [ -e /proc/self/fd/1 ] || exec >&8
  [ -e /proc/self/fd/2 ] || exec 2>&9
  unset -f builtin eval exec return set
  [ -z "${2-}" ] || builtin printf '\036%s\036' "$1" >&7
  builtin printf '\036%s %s %s %s\036' "$1" "$status" "${_handbook_state#"$status"}" "$EPOCHREALTIME" >&8
  builtin printf '\036%s\036' "$1" >&9
  return "$status"
}
_handbook_again() { return "$_handbook_state"; }
""",
    "sh": r"""exec 3<&-; cd ~ 2>/dev/null
_handbook() {
  _handbook_status=${_handbook_state%%[!0-9]*}
  case $_handbook_state in *x*) _handbook_flags='set -x;' ;; *) _handbook_flags= ;; esac
  [ -e /proc/self/fd/1 ] || exec >&8
  [ -e /proc/self/fd/2 ] || exec 2>&9
  [ -z "${2-}" ] || printf '\036%s\036' "$1" >&7
  printf '\036%s %s - \036' "$1" "$_handbook_status" >&8
  printf '\036%s\036' "$1" >&9
  return "$_handbook_status"
}
""",
}
# Behind every command: note its status and the shell's flags, stop tracing unseen, and ask for the shell's jobs: of a program that
# a signal has ended bash tells here only in the output of a later command, unless somebody has asked.
NOTE = b"{ _handbook_state=$?$-;set +xv;\\jobs >/dev/null||:;} 2>/dev/null;_handbook "
# Behind a tame command. Each mark is one literal: bash reads, and printf writes, nothing that is shorter. Quotes divide its word,
# so that a command which reads the sheet finds no mark on it.
SHEET_LINE = b"\\eval '%b';\\builtin printf \"\x1e%b $? $- $EPOCHREALTIME\x1e\" >&8;\\builtin printf '\x1e%b\x1e' >&9\n"
# The same, leaving the status to the commands behind it.
ASKED_LINE = (
    b"\\eval '%b';_handbook_state=$?;\\builtin printf \"\x1e%b $_handbook_state $- $EPOCHREALTIME\x1e\" >&8;"
    b"\\builtin printf '\x1e%b\x1e' >&9;[ \"$_handbook_state\" = 0 ]||_handbook_again\n"
)
# Runs a sheet.
RUN_SHEET = b". /proc/self/fd/6\n"
# Words by which a command may change how its shell runs, or end it.
SELF_WILLED = re.compile(
    r"\b(?:set|exec|source|eval|trap|shopt|alias|unalias|enable|builtin|return|break|continue|exit|unset|local|IFS|_handbook\w*)\b"
    r"|(?:^|[\s;&|({])\.\s"
)
# Shell flags under which our own lines need care: errexit, noexec, nounset, verbose, xtrace.
CARE = frozenset(b"enuvx")


@dataclass(frozen=True, slots=True)
class Mark:
    """The end of a command on standard output.

    Parameters:
        exit: The command's exit status.
        time: When it ended, in seconds since the epoch by the shell's clock; 0 where the shell has none.
        care: Whether the shell's flags are such that a sheet would not do.
    """

    exit: int
    time: float
    care: bool


def new_words(count: int) -> list[bytes]:
    """Random words for the marks of so many commands; nobody can guess one."""
    random = os.urandom(12 * count).hex().encode()
    return [random[start : start + 24] for start in range(0, 24 * count, 24)]


def is_tame(command: str) -> bool:
    """Tell whether a command can stand on a sheet: it cannot leave it, nor change how the shell runs what stands behind."""
    return not SELF_WILLED.search(command)


def line(command: str, word: bytes, *, terminal: str = "") -> bytes:
    """The line that makes a shell run a command and then mark its end.

    Parameters:
        command: Any shell source; an open quote in it harms nothing outside.
        word: The mark's word.
        terminal: Run it on the terminal, with these assignments in front.
    """
    # Two lines: where an interrupt ends a command, bash drops the rest of the line that it stands on.
    if not terminal:
        return b"\\eval \"$_handbook_flags\"'%b'\n%b%b\n" % (_quoted(command), NOTE, word)
    return b"%b\\eval \"$_handbook_flags\"'%b' <&7 >&7 2>&7\n%b%b terminal\n" % (terminal.encode(), _quoted(command), NOTE, word)


def sheet_line(command: str, word: bytes, *, asked: bool) -> bytes:
    """The same for a tame command on a sheet, in a shell whose flags need no care; a function would cost as much as a mark.

    Parameters:
        command: A tame command.
        word: The mark's word.
        asked: Whether a command behind it may ask for its status.
    """
    begin, end = word[:12], word[12:]
    return (ASKED_LINE if asked else SHEET_LINE) % (_quoted(command), b'%b""%b' % (begin, end), b"%b''%b" % (begin, end))


def _quoted(command: str) -> bytes:
    return (command.replace("'", "'\\''") if "'" in command else command).encode(errors="surrogateescape")


def parse_mark(rest: bytes) -> Mark | None:
    """Read what stands behind a mark's word on standard output: status, flags, time; None where it is no mark of ours."""
    try:
        status, flags, *moment = rest.split()
        return Mark(int(status), float(moment[0].replace(b",", b".")) if moment else 0.0, _need_care(flags))
    except ValueError:
        return None


@lru_cache(maxsize=64)
def _need_care(flags: bytes) -> bool:
    return not CARE.isdisjoint(flags)
