"""The lines that we send to a shell, and the marks by which it tells that a command has ended.

A mark is a control character, a random word that no command can know, and for standard output the exit status and the time. It
goes to copies of the shell's first streams, so that a command that closes or redirects its own does not swallow it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

SEPARATOR = b"\x1e"

# Descriptor 3: the lines to run; 7: a terminal for the steps that want one; 8 and 9: the streams for marks.
# With -i a bash that reads a script speaks as at a prompt: "bash: foo: command not found", without line numbers; aliases work.
BOOT = {
    "bash": "exec 3<&0 0</dev/null 8>&1 9>&2{terminal}; exec bash --noprofile --norc -i /dev/fd/3 2>/dev/null",
    "sh": "exec 3<&0 0</dev/null 8>&1 9>&2{terminal}; exec sh /dev/fd/3",
}

# The next command gets its tracing (set -x) back, and streams where the last one closed them.
PRELUDE = {
    "bash": r"""exec 3<&- 2>&9; set +o histexpand; cd ~ 2>/dev/null
_handbook() {
  local status=${_handbook_state%%[!0-9]*}
  case $_handbook_state in *x*) _handbook_flags='set -x;' ;; *) _handbook_flags= ;; esac
  [ -e /proc/self/fd/1 ] || exec >&8
  [ -e /proc/self/fd/2 ] || exec 2>&9
  [ -z "${2-}" ] || builtin printf '\036%s\036' "$1" >&7
  builtin printf '\036%s %s %s\036' "$1" "$status" "$EPOCHREALTIME" >&8
  builtin printf '\036%s\036' "$1" >&9
  return "$status"
}
""",
    "sh": r"""exec 3<&-; cd ~ 2>/dev/null
_handbook() {
  _handbook_status=${_handbook_state%%[!0-9]*}
  case $_handbook_state in *x*) _handbook_flags='set -x;' ;; *) _handbook_flags= ;; esac
  [ -e /proc/self/fd/1 ] || exec >&8
  [ -e /proc/self/fd/2 ] || exec 2>&9
  [ -z "${2-}" ] || printf '\036%s\036' "$1" >&7
  printf '\036%s %s \036' "$1" "$_handbook_status" >&8
  printf '\036%s\036' "$1" >&9
  return "$_handbook_status"
}
""",
}
# Behind every command: note its status and the shell's flags, and stop tracing (set -x) unseen.
NOTE = b"{ _handbook_state=$?$-;set +xv;} 2>/dev/null;_handbook "


@dataclass(frozen=True, slots=True)
class Mark:
    """The end of a command on standard output.

    Parameters:
        exit: The command's exit status.
        time: When it ended, in seconds since the epoch by the shell's clock; 0 where the shell has none.
    """

    exit: int
    time: float


def new_words(count: int) -> list[bytes]:
    """Random words for the marks of so many commands; nobody can guess one."""
    random = os.urandom(12 * count).hex().encode()
    return [random[start : start + 24] for start in range(0, 24 * count, 24)]


def line(command: str, word: bytes, *, terminal: str = "") -> bytes:
    """The line that makes a shell run a command and then mark its end.

    Parameters:
        command: Any shell source; an open quote in it harms nothing outside.
        word: The mark's word.
        terminal: Run it on the terminal, with these assignments in front.
    """
    quoted = (command.replace("'", "'\\''") if "'" in command else command).encode(errors="surrogateescape")
    if not terminal:
        return b"eval \"$_handbook_flags\"'%b';%b%b\n" % (quoted, NOTE, word)
    return b"%beval \"$_handbook_flags\"'%b' <&7 >&7 2>&7;%b%b terminal\n" % (terminal.encode(), quoted, NOTE, word)


def parse_mark(rest: bytes) -> Mark:
    """Read what stands behind a mark's word on standard output."""
    status, _, moment = rest.strip().partition(b" ")
    return Mark(int(status), float(moment.replace(b",", b".")) if moment.strip() else 0.0)
