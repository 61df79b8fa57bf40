"""Control groups of pods."""

from __future__ import annotations

import pytest
from handbook.computed.control_groups import cpu_shares, linear_weight, pod_path, probability, quadratic_weight

UID = "5aaf719d-bb4d-11e8-bd46-080027e3a1c7"
SLICE = "5aaf719d_bb4d_11e8_bd46_080027e3a1c7"


@pytest.mark.parametrize(
    ("request_", "shares", "linear", "quadratic"),
    [
        (100, 102, 4, 17),
        (200, 204, 8, 29),
        (500, 512, 20, 59),
        (1000, 1024, 39, 100),
        (2000, 2048, 79, 174),
        (8000, 8192, 313, 532),
    ],
)
def test_weights(request_: int, shares: int, linear: int, quadratic: int) -> None:
    assert (cpu_shares(request_), linear_weight(shares), quadratic_weight(shares)) == (shares, linear, quadratic)


@pytest.mark.parametrize(
    ("quality", "driver", "expected"),
    [
        ("Guaranteed", "cgroupfs", f"/kubepods/pod{UID}"),
        ("Burstable", "cgroupfs", f"/kubepods/burstable/pod{UID}"),
        ("Guaranteed", "systemd", f"/kubepods.slice/kubepods-pod{SLICE}.slice"),
        ("BestEffort", "systemd", f"/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod{SLICE}.slice"),
    ],
)
def test_paths(quality: str, driver: str, expected: str) -> None:
    assert pod_path(UID, quality, driver) == expected


def test_every_endpoint_gets_its_share() -> None:
    assert [round(probability(rule, 3), 5) for rule in range(3)] == [0.33333, 0.5, 1.0]
