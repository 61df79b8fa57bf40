"""What control groups must say after what a chapter asks for."""

from __future__ import annotations

import pytest
from handbook.compare import compare
from handbook.computed.limits import Limits, beyond_limits, limits_of
from handbook.recording import RecordedStep

from tests.recordings import recording

MANIFEST = "cat > pod.yml <<'END'\nresources:\n  requests:\n    cpu: 200m\n  limits:\n    memory: 128Mi\nEND"
GROUP = "cat /sys/fs/cgroup/kubepods.slice/kubepods-pod{{ uid }}.slice"


def said(file: str, output: str, *commands: str) -> list[str]:
    step = RecordedStep(f"{GROUP}/{file}", output=output)
    return [difference.sentence for difference in beyond_limits(step, limits_of(commands))]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (MANIFEST, Limits(frozenset({134217728}), frozenset({200}))),
        ('docker run --memory=128m --cpus="0.2" nginx', Limits(frozenset({134217728}), frozenset({200}))),
        ("docker update --memory=256m --memory-swap=256m nginx", Limits(frozenset({268435456}))),
        ("systemd-run -p MemoryMax=64M -p CPUQuota=20% sleep 1", Limits(frozenset({67108864}), frozenset({200}))),
        ('kubectl patch pod nginx -p \'{"limits": {"memory": "192Mi"}}\'', Limits(frozenset({201326592}))),
        ("echo nothing", Limits()),
    ],
)
def test_what_a_chapter_asks_for(command: str, expected: Limits) -> None:
    assert limits_of([command]) == expected


@pytest.mark.parametrize(
    ("file", "output"),
    [("memory.max", "134217728"), ("cpu.weight", "8"), ("cpu.weight", "29"), ("cpu.max", "20000 100000"), ("memory.max", "max")],
)
def test_what_follows_from_it_holds(file: str, output: str) -> None:
    assert said(file, output, MANIFEST) == []


@pytest.mark.parametrize(("file", "output"), [("memory.max", "134217729"), ("cpu.weight", "30"), ("cpu.max", "25000 100000")])
def test_what_does_not_follow_is_told(file: str, output: str) -> None:
    (sentence,) = said(file, output, MANIFEST)
    assert sentence.startswith(f"{file} is {output}, which does not follow from what the chapter asks for: ")
    assert said(file, output, "echo nothing") == []


def test_a_weight_that_does_not_follow_is_drift_in_the_same_run() -> None:
    steps = [(MANIFEST, ""), (f"{GROUP}/cpu.weight", "29")]
    wrong = [(MANIFEST, ""), (f"{GROUP}/cpu.weight", "30")]
    found = compare(recording(*steps), recording(*wrong))
    assert any("does not follow" in difference.sentence for drift in found.drifts for difference in drift.differences)
    assert not compare(recording(*steps), recording(*steps)).means_something
