"""Layers of images: what a stack of them is called follows from their digests.

The rule is that of the Open Container Initiative's image specification, "Layer ChainID".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256

DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
SHORT_ID = 12  # digits of a digest that docker shows
MOST = 60  # digests of a chapter of which each pair is tried


def chain_id(layers: Sequence[str]) -> str:
    """What a stack of layers is called; of a single one its own digest.

    Parameters:
        layers: The digests of their uncompressed archives, 64 hexadecimal digits each, the lowest first.
    """
    below, *others = layers
    for layer in others:
        below = sha256(f"sha256:{below} sha256:{layer}".encode()).hexdigest()
    return below


def stacks(outputs: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """The digests of a chapter that others of its digests explain, each with the layers that it is made of.

    Parameters:
        outputs: What the chapter's steps printed.
    """
    runs: list[list[str]] = []
    for output in outputs:
        found = [DIGEST.findall(line) for line in output.split("\n")]
        runs += _runs(found)
    digests = {digest for run in runs for digest in run}
    tried = [tuple(run[:count]) for run in runs for count in range(2, len(run) + 1)]
    if len(digests) <= MOST:
        tried += [(below, layer) for below in digests for layer in digests]
    return {name: layers for layers in tried if (name := chain_id(layers)) in digests}


def wrong_stacks(outputs: Iterable[str], became: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Stacks of another run that are not called what follows from what became of their layers.

    Parameters:
        outputs: What the chapter's steps printed in the one run.
        became: Tells what a digest of it is in the other one.

    Returns:
        What such a stack is called there, and what is wrong with that.
    """
    for name, layers in stacks(outputs).items():
        now, parts = became(name), [became(layer) for layer in layers]
        right = chain_id(parts)
        if not right.startswith(now):
            what = " and ".join(part[:SHORT_ID] for part in parts)
            yield now, f"{now[:SHORT_ID]} is not what the layers {what} are called together, which is {right[:SHORT_ID]}"


def _runs(lines: Iterable[list[str]]) -> list[list[str]]:
    """Digests of lines that follow each other, one in each: a list of layers."""
    runs: list[list[str]] = [[]]
    for found in lines:
        if len(found) == 1:
            runs[-1] += found
        elif found:
            runs += [[digest] for digest in found]
            runs.append([])
        else:
            runs.append([])
    return [run for run in runs if run]
