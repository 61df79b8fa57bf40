"""YAML as people review it: every output a literal block, whatever blanks its lines end with.

The emitters of PyYAML and ruamel.yaml fall back to one long quoted line for such text, though YAML 1.2 section 8.1.2 allows it.
"""

from __future__ import annotations

import json
import re

import yaml

from handbook.yaml_loader import SafeLoader

# YAML 1.2 knows numbers that YAML 1.1 takes for text.
NUMBER = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?")
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def scalar(text: str, indent: int) -> str:
    """Write a string as a YAML scalar that reads back as exactly this string.

    Parameters:
        text: Any string.
        indent: Blanks in front of the lines of a literal block.
    """
    if UNPRINTABLE.search(text):
        return quoted(text)
    if "\n" in text:
        return literal(text, indent)
    return text if _is_plain(text) else quoted(text)


def literal(text: str, indent: int) -> str:
    """Write a string of several lines as a literal block."""
    body = text.rstrip("\n")
    ends = len(text) - len(body)
    if not body:
        return quoted(text)
    chomping = {0: "-", 1: ""}.get(ends, "+")
    # An explicit indentation where YAML would take the text's own blanks for it.
    explicit = "2" if body[0] in " \n\t" else ""
    lines = [" " * indent + line if line else "" for line in body.split("\n")] + [""] * (ends - 1)
    return "\n".join([f"|{explicit}{chomping}", *lines])


def quoted(text: str) -> str:
    """Write a string in double quotes."""
    return UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))


def _is_plain(text: str) -> bool:
    # libyaml takes a tab inside a plain scalar, others do not.
    if not text or "\t" in text or NUMBER.fullmatch(text):
        return False
    try:
        return bool(yaml.load(f"key: {text}", SafeLoader) == {"key": text})
    except yaml.YAMLError:
        return False
