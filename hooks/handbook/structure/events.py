"""Events of a cluster: which of them come by chance."""

from __future__ import annotations

import re

# The kubelet starts a Pod before it has heard of the Secrets and ConfigMaps that the Pod wants, and tries again at once:
# https://github.com/kubernetes/kubernetes/issues/99475
CHANCE = re.compile(r"failed to sync (?:secret|configmap) cache")


def came_by_chance(line: str) -> bool:
    """Tell whether a line of a table of events is about something that another run of the same commands may not have."""
    return bool(CHANCE.search(line))
