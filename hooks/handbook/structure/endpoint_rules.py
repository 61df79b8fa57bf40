"""Rules of a Service that lead to its endpoints: the proxy writes them in the order of the endpoints' addresses as text.

So 10.244.0.10 stands before 10.244.0.9, and which rule is whose is for the names to tell; what is shared out has an order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from handbook.tree import Exact, Leaf, Line, Node, Ordered, Unordered

SHARE = re.compile(r"(?:-m )?statistic (?:--)?mode random (?:--)?probability [\d.]+")
LEADING = "KUBE-SEP-"
AFFINITY = re.compile(r"--rcheck\b|recent: CHECK\b")


def by_endpoint(rules: Iterable[Line], target: Callable[[Line], str], chain: str) -> Iterator[Node]:
    """The rules in order, but those that lead to endpoints in any order, and beside them the shares in theirs.

    Parameters:
        rules: Of one chain.
        target: Tells a rule's text from its target on.
        chain: What the chain is called.
    """
    for sort, group in groupby(rules, lambda rule: _sort(rule, target(rule))):
        found = list(group)
        yield from (_shared(found, f"{sort} of {chain}"),) if sort else found


def _sort(rule: Line, target: str) -> str:
    """What an endpoint is to a rule that leads to it, empty for all other rules."""
    if not target.startswith(LEADING):
        return ""
    return "recent endpoints" if any(AFFINITY.search(leaf.text) for leaf in rule.leaves) else "endpoints"


def _shared(rules: Iterable[Line], label: str) -> Node:
    shares: list[Node] = []
    endpoints: list[Node] = []
    for rule in rules:
        rest = tuple(_without_share(rule.leaves, shares))
        endpoints.append(Line(rest, rule.level))
    return Ordered((Ordered(tuple(shares)), Unordered(tuple(endpoints))), label)


def _without_share(leaves: Iterable[Leaf], shares: list[Node]) -> Iterator[Leaf]:
    """The leaves of a rule with blanks in the place of its share, which is put to the others."""
    for leaf in leaves:
        match = SHARE.search(leaf.text) if isinstance(leaf, Exact) else None
        if not match:
            yield leaf
            continue
        start = leaf.place.start + match.start()
        shares.append(Line((Exact(match[0], leaf.place._replace(start=start, end=start + len(match[0]))),)))
        yield leaf._replace(text=f"{leaf.text[: match.start()]}{' ' * len(match[0])}{leaf.text[match.end() :]}")
