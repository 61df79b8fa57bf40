from __future__ import annotations

import os
from pathlib import Path

import pytest
from handbook.book import Book
from handbook.environments import make_provider

from tests.commands.desk import Desk


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(tmp_path, monkeypatch)


@pytest.fixture
def sandbox() -> str:
    """The name of the built-in sandbox; skips, or fails in CI, where this machine cannot run one."""
    environment = Book.find().environment("sandbox")
    if missing := make_provider(environment).missing():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"no sandbox here: {missing[0].what}")
    return environment.name
