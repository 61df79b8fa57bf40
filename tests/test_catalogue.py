"""The catalogue of known changes, and what it explains."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from handbook.book import Book
from handbook.catalogue import KnownChange, read_catalogue
from handbook.changes import changed_between
from handbook.compare import compare
from handbook.drift import FactChange
from handbook.errors import InputError
from handbook.explanation import Explainer, Explanation
from handbook.kind_names import kind_names

from tests.recordings import recording

ENTRY = "- {name: a, since: '1.22', says: x, sentence: s, source: 'https://x/1'}\n"
ROOT = Path(__file__).parents[1]


def known(tmp_path: Path, text: str) -> tuple[KnownChange, ...]:
    (tmp_path / "kubernetes.yml").write_text(text)
    return read_catalogue(tmp_path)


def explained(old: str, new: str, facts: tuple[FactChange, ...], catalogue: tuple[KnownChange, ...]) -> list[Explanation | None]:
    explainer = Explainer(facts, catalogue)
    drifts = compare(recording(("kubectl version", old)), recording(("kubectl version", new))).drifts
    return [explainer.explain(drift, difference) for drift in drifts for difference in drift.differences]


@pytest.mark.parametrize(
    ("old", "new", "between"),
    [
        ("1.20.2", "1.22.0", True),
        ("1.20.2", "1.34.4", True),
        ("1.22.0", "1.34.4", False),
        ("1.34.4", "1.20.2", False),
        ("", "1.22", True),
    ],
)
def test_a_change_lies_between_versions(tmp_path: Path, old: str, new: str, between: bool) -> None:
    (change,) = known(tmp_path, ENTRY)
    assert change.lies_between(FactChange("kubernetes", old, new)) is between
    assert not change.lies_between(FactChange("etcd", old, new))


def test_a_change_lies_between_settings(tmp_path: Path) -> None:
    (change,) = known(tmp_path, ENTRY.replace("since: '1.22'", "from: '1', to: '2'"))
    assert change.lies_between(FactChange("kubernetes", "1", "2"))
    assert not change.lies_between(FactChange("kubernetes", "2", "1"))
    assert (change.when, change.component) == ("kubernetes 1 -> 2", "kubernetes")


def test_a_known_change_explains_what_matches_in_either_direction(tmp_path: Path) -> None:
    catalogue = known(tmp_path, ENTRY.replace("says: x", "old: master, new: control"))
    forward, backward = (FactChange("kubernetes", "1.20", "1.24"),), (FactChange("kubernetes", "1.24", "1.20"),)
    expected = [Explanation("s", "kubernetes 1.22", "https://x/1", "a")]
    assert explained("a master b", "a control b", forward, catalogue) == expected
    assert explained("a control b", "a master b", backward, catalogue) == expected
    assert explained("a control b", "a master b", forward, catalogue) == [None]
    always = known(tmp_path, ENTRY.replace("says: x", "old: master, new: control").replace("since: '1.22', ", ""))
    either = [explained(*outputs, forward, always) for outputs in (("a master b", "a control b"), ("a control b", "a master b"))]
    assert [[reason and reason.known for reason in reasons] for reasons in either] == [["a"], ["a"]]
    assert explained("a master b", "a control b", (), catalogue) == [None]


def test_what_only_one_side_has_is_told_without_a_version(tmp_path: Path) -> None:
    catalogue = known(tmp_path, ENTRY.replace("says: x", "new: control"))
    (reason,) = explained("a b", "a control b", (FactChange("kubernetes", "", "1.37"),), catalogue)
    assert reason
    assert reason.component == "kubernetes"


def test_an_entry_looks_at_what_differs_and_not_at_the_rest_of_its_line(tmp_path: Path) -> None:
    facts = (FactChange("kubernetes", "1.20", "1.24"),)
    protocol, comment = "says: x", "old: ^0$, new: ^all$"
    catalogue = known(tmp_path, ENTRY.replace(protocol, comment))
    lines = "RETURN 0 -- anywhere /* web */", "RETURN all -- anywhere /* web -> 10.0.0.1 */"
    assert [reason and reason.known for reason in explained(*lines, facts, catalogue)] == ["a", None]
    catalogue = known(tmp_path, ENTRY.replace(protocol, "line: web, new: ->"))
    assert [reason and reason.known for reason in explained(*lines, facts, catalogue)] == [None, "a"]
    catalogue = known(tmp_path, ENTRY.replace(protocol, "line: other, new: ->"))
    assert [reason and reason.known for reason in explained(*lines, facts, catalogue)] == [None, None]


def test_an_entry_that_tells_what_differs_comes_before_one_that_takes_everything(tmp_path: Path) -> None:
    broad = ENTRY.replace("says: x", "command: version, says: .")
    catalogue = known(tmp_path, broad + ENTRY.replace("name: a", "name: b").replace("says: x", "says: control"))
    facts = (FactChange("kubernetes", "1.20", "1.24"),)
    assert [reason and reason.known for reason in explained("a master b", "a control b", facts, catalogue)] == ["b"]
    assert [reason and reason.known for reason in explained("a master b", "a main b", facts, catalogue)] == ["a"]


def test_a_printed_version_explains_itself() -> None:
    facts = (FactChange("docker", "20.10.24+dfsg1", "26.1.5+dfsg1"),)
    (reason,) = explained("Version: 20.10.24", "Version: 26.1.5", facts, ())
    assert reason
    assert str(reason) == "docker 20.10.24+dfsg1 -> 26.1.5+dfsg1: the version of docker is printed"
    assert explained("Version: 20.10.24", "Version: 26.2.0", facts, ()) == [None]
    (reason,) = explained("API version: 20.10", "API version: 26.1", facts, ())
    assert reason
    assert reason.sentence == "the version of docker is printed"


def test_a_version_that_is_all_that_differs_needs_no_entry(tmp_path: Path) -> None:
    catalogue = known(tmp_path, ENTRY.replace("says: x", "command: version, says: ."))
    facts = (FactChange("kubernetes", "1.20.2", "1.34.4"),)
    found = explained("client v1.20.2 of old", "client v1.34.4 of new", facts, catalogue)
    assert [reason and reason.known for reason in found] == ["", "a"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: b", "dict"),
        ("- [", "broken YAML"),
        ("- text", "'text'"),
        (ENTRY.replace("since", "sinse"), "key 'sinse'"),
        (ENTRY.replace("sentence: s, ", ""), "no key 'sentence'"),
        (ENTRY.replace("says: x, ", ""), "nothing that tells which difference it explains"),
        (ENTRY.replace("says: x", "says: '('"), "unterminated"),
        (ENTRY.replace("name: a", "name: A B"), "the name 'A B'"),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path: Path, text: str, found: str) -> None:
    with pytest.raises(InputError) as error:
        known(tmp_path, text if text == "a: b" else ENTRY + text)
    assert found in str(error.value)
    assert f"kubernetes.yml:{1 if text == 'a: b' else 2}" in str(error.value)


def test_the_catalogue_of_this_book_is_one() -> None:
    catalogue = Book(ROOT).known_changes
    assert len(catalogue) > 60
    assert len({change.name for change in catalogue}) == len(catalogue)
    for change in catalogue:
        assert change.source.startswith("https://"), change
        assert change.sentence.endswith("."), change
        assert set(change.kinds) <= set(kind_names()), change


def test_nearly_every_drift_between_any_two_environments_is_explained() -> None:
    """New recordings may show what nobody has looked into yet."""
    book = Book(ROOT)
    pairs = tuple(combinations(book.store.environments, 2))
    assert len(pairs) > 1
    for changed in (changed_between(book, old, new) for old, new in pairs):
        meaningful = [(drift, one) for drift in changed.drifts for one in drift.differences if one.means_something]
        unexplained = [one.sentence for drift, one in meaningful if not changed.explainer.explain(drift, one)]
        assert len(unexplained) <= len(meaningful) / 20, (changed.name, unexplained)
