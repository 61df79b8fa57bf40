"""Real outputs of every kind, with the names, the noise and the forms that are in them and nothing else that varies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from handbook.book import Book
from handbook.comparison.output_reader import OutputReader
from handbook.comparison.step_pairs import StepPair
from handbook.comparison.walk import Position
from handbook.kind_names import kind_names
from handbook.kinds import kind_named, kind_of
from handbook.recognition.context import Context, typed_values
from handbook.recording import Recording
from handbook.tree import Leaf, Name, Noise, Shape, leaves

ROOT = Path(__file__).parents[2]
SAMPLES = {path.stem: yaml.safe_load(path.read_text()) for path in (ROOT / "tests" / "samples" / "outputs").glob("*.yml")}
EACH = [(kind, number) for kind, samples in sorted(SAMPLES.items()) for number in range(len(samples))]


def read(kind: str, sample: dict[str, Any]) -> list[Leaf]:
    tree = kind_named(kind).parse(sample["output"], Context(sample["command"], typed=typed_values([sample["command"]])))
    return list(leaves(tree))


def stored() -> Iterator[Recording]:
    store = Book(ROOT).store
    for environment in store.environments:
        for name in store.chapters(environment.name):
            recording = store.load(environment.name, name)
            assert recording
            yield recording


def test_every_kind_has_real_samples() -> None:
    assert set(SAMPLES) == set(kind_names())


@pytest.mark.parametrize(("kind", "number"), EACH)
def test_a_command_tells_what_it_prints_and_its_kind_what_varies_in_it(kind: str, number: int) -> None:
    sample = SAMPLES[kind][number]
    assert kind_of(sample["command"]).name == kind
    found = read(kind, sample)
    names: dict[str, list[str]] = {}
    for leaf in found:
        if isinstance(leaf, Name) and leaf.text not in names.setdefault(leaf.role, []):
            names[leaf.role].append(leaf.text)
    assert names == sample.get("names", {})
    assert list(dict.fromkeys(leaf.text for leaf in found if isinstance(leaf, Noise))) == sample.get("noise", [])
    assert list(dict.fromkeys(leaf.text for leaf in found if isinstance(leaf, Shape))) == sample.get("shapes", [])


def test_every_recorded_output_is_read_by_its_kind() -> None:
    refused = []
    for recording in stored():
        reader = OutputReader(recording, recording)
        for snippet in recording.snippets:
            for number, step in enumerate(snippet.steps, 1):
                pair = StepPair(Position(snippet.id, number, number), step, step, (snippet.target, snippet.target))
                if note := reader.read(pair, frozenset()).note:
                    refused.append(f"{recording.environment} {recording.chapter} {snippet.id} {step.command}: {note}")
    assert refused == []
