"""What takes long to make is made again when anything that it is made of is another file, and only then."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from handbook import kept


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in the place of the engine's own."""
    monkeypatch.setattr(kept, "__file__", str(tmp_path / "engine" / "kept.py"))
    kept._engine.cache_clear()
    yield tmp_path / "engine"
    kept._engine.cache_clear()


@pytest.mark.parametrize("name", ["engine/table.py", "engine/assets/change.css", "engine/here.yml", "recordings/page.yml"])
def test_it_is_made_again_when_a_file_is_another_one(engine: Path, name: str) -> None:
    numbers = count(1)

    def make() -> object:
        kept._engine.cache_clear()  # a later command
        return kept.kept(engine.parent / "kept.json", [engine.parent / "recordings"], lambda: next(numbers))

    file = engine.parent / name
    file.parent.mkdir(parents=True)
    file.write_text("old")
    assert [make(), make()] == [1, 1]
    file.write_text("another")
    assert [make(), make()] == [2, 2]
