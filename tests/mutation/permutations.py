"""Permutations of recordings where order is free: what must raise no alarm."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

from handbook.comparison.output_reader import OutputReader
from handbook.comparison.step_pairs import StepPair
from handbook.comparison.walk import Position
from handbook.kinds import kind_of
from handbook.recording import RecordedStep, Recording
from handbook.tree import Node, Place, Table, Unordered, label_of, leaves

from tests.mutation.mutants import with_step

DRAWINGS = frozenset({"systemd_cgls", "text"})  # which branch is the last one is drawn


def permuted(recording: Recording, seed: int) -> Recording:
    """The same recording with every list without an order in another order."""
    chance, reader, made = random.Random(seed), OutputReader(recording, recording), recording
    for at, snippet in enumerate(recording.snippets):
        for number, step in enumerate(snippet.steps):
            # What an author ignores depends on how lines look.
            if not step.stderr and "ignore=" not in step.options and kind_of(step.command).name not in DRAWINGS:
                pair = StepPair(Position(snippet.id, number, number), step, step, (snippet.target, snippet.target))
                tree = reader.read(pair, frozenset()).old.stdout
                made = with_step(made, at, number, lambda old, tree=tree: _permuted(old, tree, chance))  # type: ignore[misc]
    return made


def _permuted(step: RecordedStep, tree: Node, chance: random.Random) -> RecordedStep:
    if kind_of(step.command).name == "json_document":
        return replace(step, output=_json(step.output, chance))
    if kind_of(step.command).name == "http" and "{" in step.output:
        return step  # its lines hold commas and braces that must stay where they are
    lines = step.output.split("\n")
    for spans in _inside_lines(tree):
        line = spans[0].line - 1
        lines[line] = _swapped(lines[line], spans, chance)
    for blocks in _free(tree, Counter(leaf.place.line for leaf in leaves(tree))):
        if len(blocks) > 1 and all(one[1] + 1 == other[0] for one, other in pairwise(blocks)):
            shuffled = chance.sample(blocks, len(blocks))
            text = [line for first, last in shuffled for line in lines[first - 1 : last]]
            lines[blocks[0][0] - 1 : blocks[-1][1]] = text
    return replace(step, output="\n".join(lines))


def _inside_lines(node: Node) -> Iterator[list[Place]]:
    """The parts of a line that have no order: options of a mount, addresses in a cell, elements of a map."""
    children = (node.header, node.rows) if isinstance(node, Table) else getattr(node, "children", ())
    labelled = any(label_of(child) for child in children)  # what is left of a key's name is not its whole entry
    if isinstance(node, Unordered) and not labelled:
        places = [[leaf.place for leaf in leaves(child)] for child in children]
        spans = [Place(found[0].line, found[0].start, found[-1].end) for found in places if found]
        if len(spans) > 1 and len({place.line for found in places for place in found}) == 1:
            yield sorted(spans)
            return
    for child in children:
        yield from _inside_lines(child)


def _swapped(line: str, spans: list[Place], chance: random.Random) -> str:
    """A line with its parts in another order and everything between them where it was."""
    if line[spans[0].start : spans[0].end].strip() in {"rw", "ro"}:  # kernels print that one first
        spans = spans[1:]
    texts = chance.sample([line[span.start : span.end].strip() for span in spans], len(spans))
    for span, text in reversed(list(zip(spans, texts, strict=True))):
        old = line[span.start : span.end]
        lead = len(old) - len(old.lstrip())
        line = line[: span.start + lead] + text + line[span.start + lead + len(old.strip()) :]
    return line


def _free(node: Node, whole: Counter[int]) -> Iterator[list[tuple[int, int]]]:
    """The stretches of lines of every list without an order, the innermost lists left out: their lines move with them.

    Lines that hold something beside the list, of which ``whole`` counts the leaves, stay where they are.
    """
    children = (node.header, node.rows) if isinstance(node, Table) else getattr(node, "children", ())
    if isinstance(node, Unordered):
        spans = [span for child in children if (span := _span(child))]
        found = Counter(leaf.place.line for leaf in leaves(node))
        if len({line for span in spans for line in span}) >= len(spans) and all(found[line] == whole[line] for line in found):
            yield sorted(spans)
        return
    for child in children:
        yield from _free(child, whole)


def _span(node: Node) -> tuple[int, int] | None:
    lines = [leaf.place.line for leaf in leaves(node)]
    return (min(lines), max(lines)) if lines else None


def _json(text: str, chance: random.Random) -> str:
    """JSON with the keys of every object in another order."""
    decoder, position, documents = json.JSONDecoder(), 0, []
    while position < len(text.rstrip()):
        while text[position].isspace():
            position += 1
        value, position = decoder.raw_decode(text, position)
        documents.append(json.dumps(_shuffled(value, chance), ensure_ascii=False, **_written(text)))
    return "\n".join(documents)


def _written(text: str) -> dict[str, Any]:
    """How a program writes JSON: on one line without blanks, or over many lines."""
    return {"indent": 1} if "\n" in text.strip() else {"separators": (",", ":")}


def _shuffled(value: object, chance: random.Random) -> object:
    if isinstance(value, dict):
        return {key: _shuffled(value[key], chance) for key in chance.sample(list(value), len(value))}
    return [_shuffled(one, chance) for one in value] if isinstance(value, list) else value
