"""The YAML reader of recordings."""

from __future__ import annotations

import yaml

# libyaml's parser where PyYAML was built with it (its wheels are): ten times as fast on long outputs.
Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
