"""The YAML reader of recordings."""

from __future__ import annotations

from typing import Any

import yaml

from handbook.plain_yaml import read_plain

# libyaml's parser where PyYAML was built with it (its wheels are): ten times as fast on long outputs.
Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(text: str) -> Any:
    """Read a YAML document, written by us or by anybody else.

    Raises:
        yaml.YAMLError: Where it is none.
    """
    plain = read_plain(text)
    return yaml.load(text, Loader) if plain is None else plain
