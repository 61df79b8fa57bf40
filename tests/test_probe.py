"""The questions that a fingerprint comes from."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from handbook.fingerprint import Fingerprint, parse_probe, probe_script


def probed_beside(folder: Path, program: str) -> Fingerprint:
    """What the script finds where this program is what ``crictl`` runs."""
    (folder / "crictl").write_text(f"#!/bin/sh\n{program}\n", encoding="utf-8")
    (folder / "crictl").chmod(0o755)
    variables = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    asked = subprocess.run(["sh"], input=probe_script(), capture_output=True, text=True, check=True, env=variables, timeout=60)
    return parse_probe(asked.stdout)


@pytest.mark.parametrize(
    ("program", "fact"),
    [
        ("echo crictl version 1.36.0", "1.36.0"),
        ("echo crictl version unknown", "yes"),  # what `go install` makes
        ("echo 'cannot execute 1.36.0'; exit 126", ""),
    ],
)
def test_a_program_without_a_version_is_there_and_a_broken_one_is_not(tmp_path: Path, program: str, fact: str) -> None:
    assert probed_beside(tmp_path, program).get("crictl") == fact
