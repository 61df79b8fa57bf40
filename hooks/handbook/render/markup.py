"""Text on its way into HTML: nothing that a machine printed is ever parsed as anything."""

from __future__ import annotations

import html
import re

# C0 and C1 controls have no place in HTML, and Markdown processors use some of them as marks of their own.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# Most of a figure's pieces hold none of these, and one look is quicker than one replacement for each.
MARKUP = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f&<>]")
IN_ATTRIBUTES = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f&<>\"']")


def escape(text: str) -> str:
    """Text as HTML content; control characters as the pictures that Unicode has for them."""
    return html.escape(visible(text), quote=False) if MARKUP.search(text) else text


def attribute(text: str) -> str:
    """Text as the value of an attribute in double quotes."""
    return html.escape(visible(text)).replace("\n", "&#10;") if IN_ATTRIBUTES.search(text) else text


def inside_quotes(markup: str) -> str:
    """HTML as the value of an attribute in single quotes, for ``decodeURIComponent`` to read.

    Entities would do as well, but a parser in Python resolves them one by one, and a site's search parses every page.
    """
    return markup.replace("%", "%25").replace("&", "%26").replace("'", "%27")


def visible(text: str) -> str:
    """Text with its control characters, line ends and tabs apart, replaced by pictures."""
    return CONTROL.sub(_picture, text)


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"
