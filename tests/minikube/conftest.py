"""Laptops for the tests of the provider minikube."""

from pathlib import Path

import pytest

from tests.minikube.stand_in import SAMPLES, StandIn


@pytest.fixture
def laptop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """A laptop with all programs, a user's home and no profile."""
    made = StandIn(tmp_path)
    made.install("minikube", "kubectl", "docker", "ssh")
    made.says("minikube", "status", (SAMPLES / "status-absent.json").read_text(), 85)
    made.says("minikube", "profiles", '{"invalid":[],"valid":[]}')
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/usr/bin:/bin")
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    monkeypatch.setenv("HANDBOOK_CACHE", str(tmp_path / "cache"))
    for name in ("MINIKUBE_HOME", "KUBECONFIG"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "user").mkdir()
    return made
