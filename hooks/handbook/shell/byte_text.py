"""Bytes that commands print, as text that people can read."""

from __future__ import annotations

import re

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
CARRIAGE = re.compile(r"\r+\n")


def readable(data: bytes) -> str:
    """Decode UTF-8; what is no text or would move a cursor stands as ``\\xNN``.

    Returns:
        Text of printable characters, tabs and newlines; a carriage return before a newline is dropped, as a terminal would.
    """
    text = data.decode("utf-8", errors="backslashreplace")
    if "\r" in text:
        text = CARRIAGE.sub("\n", text).replace("\r", "\\r")
    return CONTROL.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
