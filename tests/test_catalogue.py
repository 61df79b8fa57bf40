"""The catalogue of known changes, and what it explains."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from itertools import combinations, permutations
from pathlib import Path

import pytest
import yaml
from handbook.book import Book
from handbook.catalogue import KnownChange, read_catalogue
from handbook.changes.between import changed_between
from handbook.changes.blocks import blocks
from handbook.changes.explanation import Explainer, Explanation
from handbook.compare import compare
from handbook.drift import Difference, FactChange
from handbook.errors import InputError
from handbook.kind_names import kind_names

from tests.recordings import recording

ENTRY = "- {name: a, since: '1.22', says: x, sentence: s, source: 'https://x/1'}\n"
BOOK = Book(Path(__file__).parents[1])
ENVIRONMENTS = {environment.name: environment for environment in BOOK.store.environments}
EXPLAINED: dict[str, dict[str, dict[str, str]]] = yaml.safe_load((Path(__file__).parent / "explained.yml").read_text())
LINE_NUMBER = re.compile(r"line (?:\d|\[|\\d)")
WORDLESS = re.compile(r'"\W+"')
GITHUB = r"https://github\.com/[\w.-]+/[\w.-]+/"
CHANGES = (  # of a project; none of these becomes something else tomorrow
    GITHUB + r"(?:issues|pull)/\d+$",
    GITHUB + r"commit/[0-9a-f]{9,40}$",
    GITHUB + r"releases/tag/[\w.-]+$",
    GITHUB + r"blob/[^/]+/CHANGELOG/CHANGELOG-[\d.]+\.md$",
    GITHUB + r"blob/v\d+(?:\.\d+)*/[\w./-]+$",  # a file as it was in a release
    GITHUB + r"blob/[0-9a-f]{40}/[\w./-]+$",  # or at a commit
    r"https://git\.netfilter\.org/\w+/commit/\?id=[0-9a-f]{8,40}$",
    r"https://lore\.kernel\.org/all/[^/]+/$",
    r"https://docs\.docker\.com/(?:engine/release-notes/|reference/api/engine/version-history/)",
    r"https://www\.debian\.org/releases/\w+/release-notes/",
    r"https://kubernetes\.io/blog/\d{4}/\d\d/\d\d/[\w-]+/$",
)
PAGES = (
    r"https://(?:kubernetes\.io/docs|minikube\.sigs\.k8s\.io/docs|www\.cni\.dev/plugins)/",
    r"https://(?:docs\.kernel\.org|man7\.org/linux/man-pages|www\.freedesktop\.org/software/systemd/man)/",
    r"https://(?:docs\.docker\.com/engine|nginx\.org/en/docs|(?:www|wiki|packages)\.debian\.org)/",
)


def known(tmp_path: Path, text: str) -> tuple[KnownChange, ...]:
    (tmp_path / "kubernetes.yml").write_text(text)
    return read_catalogue(tmp_path)


def explained(old: str, new: str, facts: tuple[FactChange, ...], catalogue: tuple[KnownChange, ...]) -> list[Explanation | None]:
    explainer = Explainer(facts, catalogue)
    drifts = compare(recording(("kubectl version", old)), recording(("kubectl version", new))).drifts
    return [explainer.explain(drift, difference) for drift in drifts for difference in drift.differences]


@cache
def told(old: str, new: str) -> list[tuple[str, str, Explanation | None]]:
    """Every difference between two environments of this book that means something: its step, what it says, and why."""
    changed = changed_between(BOOK, ENVIRONMENTS[old], ENVIRONMENTS[new])
    return [
        (f"{drift.snippet} {drift.step}", _said(one, together), changed.explainer.explain(drift, one))
        for drift in changed.drifts
        for together in [blocks(drift)]
        for one in drift.differences
        if one.means_something
    ]


def _said(one: Difference, together: Mapping[Difference, str]) -> str:
    """What a difference says; a line without a word, such as a bracket, says nothing without those that came or went with it."""
    block = together.get(one, "") if WORDLESS.search(one.sentence) else ""
    return f"{one.subject} {one.sentence} {block}"


@pytest.mark.parametrize(
    ("old", "new", "between"),
    [
        ("1.20.2", "1.22.0", True),
        ("1.20.2", "1.34.4", True),
        ("1.22.0", "1.34.4", False),
        ("1.34.4", "1.20.2", False),
        ("", "1.22", False),  # no version makes the difference between some Kubernetes and none
        ("1.34.4", "", False),
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


@pytest.mark.parametrize(
    ("between", "old", "new", "holds"),
    [
        ("from: none", "", "1.37", True),
        ("from: none", "1.20", "1.37", False),
        ("to: none", "1.20", "", True),
        ("from: none, to: none", "", "1.20", False),
        (r"from: '\d+', to: '1'", "12", "1", True),
        (r"from: '\d+', to: '1'", "12", "10", False),
        (r"from: '.*(?<!-node)', to: .*-node", "6.18-fc", "7.2-node", True),
        (r"from: '.*(?<!-node)', to: .*-node", "7.1-node", "7.2-node", False),
        (r"from: '.*(?<!-node)', to: .*-node", "6.18-fc-1", "6.18-fc-2", False),
        (r"from: '.*(?<!-node)', to: .*-node", "", "7.2-node", False),  # a kernel that nobody knows is not another machine's
        ("from: '.*', to: two", "", "two", False),
        ("to: two", "", "two", True),
    ],
)
def test_a_setting_is_an_expression_and_may_be_none(tmp_path: Path, between: str, old: str, new: str, holds: bool) -> None:
    (change,) = known(tmp_path, ENTRY.replace("since: '1.22'", between))
    assert change.lies_between(FactChange("kubernetes", old, new)) is holds
    assert change.when == "kubernetes"


def test_a_known_change_explains_what_matches_in_either_direction(tmp_path: Path) -> None:
    catalogue = known(tmp_path, ENTRY.replace("says: x", "old: master, new: control"))
    forward, backward = (FactChange("kubernetes", "1.20", "1.24"),), (FactChange("kubernetes", "1.24", "1.20"),)
    expected = Explanation("s", "kubernetes 1.22", "https://x/1", "a")
    assert explained("a master b", "a control b", forward, catalogue) == [expected]
    turned = replace(expected, component="kubernetes 1.22, the other way round")
    assert explained("a control b", "a master b", backward, catalogue) == [turned]
    assert explained("a control b", "a master b", forward, catalogue) == [None]
    assert explained("a master b", "a control b", (), catalogue) == [None]


def test_a_setting_is_told_as_it_changed_between_these_two(tmp_path: Path) -> None:
    catalogue = known(tmp_path, ENTRY.replace("since: '1.22'", r"from: '\d+', to: '1'").replace("says: x", "old: two, new: one"))
    forward = explained("a two b", "a one b", (FactChange("kubernetes", "2", "1"),), catalogue)
    backward = explained("a one b", "a two b", (FactChange("kubernetes", "1", "2"),), catalogue)
    assert [reason and reason.component for reason in (*forward, *backward)] == ["kubernetes 2 -> 1", "kubernetes 1 -> 2"]


def test_what_only_one_side_has_is_told_without_a_version(tmp_path: Path) -> None:
    catalogue = known(tmp_path, ENTRY.replace("since: '1.22'", "from: none").replace("says: x", "new: control"))
    (reason,) = explained("a b", "a control b", (FactChange("kubernetes", "", "1.37"),), catalogue)
    assert reason
    assert reason.component == "kubernetes"


def test_a_component_that_one_side_has_not_comes_before_one_that_both_have(tmp_path: Path) -> None:
    (tmp_path / "etcd.yml").write_text(ENTRY.replace("name: a", "name: version").replace("says: x", "new: control"))
    missing = ENTRY.replace("name: a", "name: missing").replace("since: '1.22'", "from: none").replace("says: x", "new: control")
    catalogue = known(tmp_path, missing)
    facts = (FactChange("etcd", "1.20", "1.24"), FactChange("kubernetes", "", "1.37"))
    assert [reason and reason.known for reason in explained("a b", "a control b", facts, catalogue)] == ["missing"]


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


def test_what_came_or_went_together_is_explained_by_what_stands_in_it(tmp_path: Path) -> None:
    (change,) = known(tmp_path, ENTRY.replace("says: x", "block: name"))
    facts = (FactChange("kubernetes", "1.20", "1.24"),)
    few, many = "top {\n}\nlast\n", "top {\n}\nhosts {\n name\n}\nlast\nother {\n}\n"
    assert [reason and reason.known for reason in explained(few, many, facts, (change,))] == ["a"] * 3 + [None] * 2
    turned = (FactChange("kubernetes", "1.24", "1.20"),)
    assert [reason and reason.known for reason in explained(many, few, turned, (change,))] == ["a"] * 3 + [None] * 2
    assert explained("name", "names", facts, (change,)) == [None]  # no line came or went


def test_an_entry_that_tells_what_differs_comes_before_one_that_takes_everything(tmp_path: Path) -> None:
    broad = ENTRY.replace("says: x", "command: version")
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
    catalogue = known(tmp_path, ENTRY.replace("says: x", "command: version"))
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
        (ENTRY.replace("since: '1.22', ", ""), "nothing that tells between which environments it lies"),
        (ENTRY.replace("since: '1.22'", "from: '('"), "unterminated"),
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
    catalogue = BOOK.known_changes
    assert len(catalogue) > 60
    assert len({change.name for change in catalogue}) == len(catalogue)
    for change in catalogue:
        assert change.sentence.endswith("."), change
        assert set(change.kinds) <= set(kind_names()), change
        assert change.says is None or change.says.pattern != ".", f"{change.name}: leave says away where it takes everything"
        assert not (change.says and LINE_NUMBER.search(change.says.pattern)), f"{change.name} holds in one recording only"


@pytest.mark.parametrize(
    ("old", "new", "between"),
    [
        ("6.18.44-fc-v595", "7.2.13-node", True),
        ("6.1.0-18-amd64", "8.0.1-node", True),
        ("7.1.9-amd64", "7.2.0-amd64", True),
        ("6.18.44-fc-v595", "7.0.0-14-generic", False),
        ("7.2.13-node", "8.0.1-node", False),
    ],
)
def test_a_release_of_the_kernel_has_a_patch_or_not(old: str, new: str, between: bool) -> None:
    (change,) = (change for change in BOOK.known_changes if change.name == "timer-list-version")
    assert change.lies_between(FactChange("kernel", old, new)) is between


def test_what_a_version_brought_is_said_by_since() -> None:
    for change in BOOK.known_changes:
        for setting in filter(None, (change.before, change.after)):
            assert not re.match(r"v?\d+\\?\.", setting.pattern), f"{change.name}: say since what version, not {setting.pattern!r}"


def test_every_source_is_public_and_stays_what_it_was() -> None:
    for change in BOOK.known_changes:
        forms = CHANGES if change.since else (*CHANGES, *PAGES)
        assert any(re.match(form, change.source) for form in forms), (
            f"{change.name} cites {change.source}. What a version brought needs an issue, a pull request, a commit, release notes "
            "or a file of a release; a page of documentation will do only for how an environment is made, which from and to say."
        )


@pytest.mark.parametrize("pair", list(permutations(ENVIRONMENTS, 2)), ids="..".join)
def test_every_difference_between_any_two_environments_is_explained(pair: tuple[str, str]) -> None:
    unexplained = [f"{step}: {said}" for step, said, reason in told(*pair) if reason is None]
    assert not unexplained, (
        f"Nobody knows why {len(unexplained)} things differ; look into `handbook diff {' '.join(pair)}`: each is news, which gets "
        "an entry in resources/known-changes/, or a mistake of ours.\n" + "\n".join(unexplained)
    )


@pytest.mark.parametrize("pair", list(combinations(ENVIRONMENTS, 2)), ids="..".join)
def test_the_way_back_has_the_same_reasons(pair: tuple[str, str]) -> None:
    there, back = (_reasons(*way) for way in (pair, pair[::-1]))
    assert there == back


def _reasons(old: str, new: str) -> set[tuple[str, str]]:
    """The entries that explain something in each snippet; a step may have another number on the other side."""
    return {(step.split()[0], reason.known) for step, _, reason in told(old, new) if reason}


@pytest.mark.parametrize(
    ("pair", "step", "expected"),
    [(pair, step, expected) for pair, steps in EXPLAINED.items() for step, expected in steps.items()],
)
def test_the_right_entry_explains(pair: str, step: str, expected: dict[str, str]) -> None:
    """A wrong explanation is worse than none."""
    found = [(said, reason.known) for where, said, reason in told(*pair.split()) if where == step and reason]
    assert {name for _, name in found} == set(expected), (pair, step, found)
    for name, words in expected.items():
        wrong = [said for said, known_as in found if bool(re.search(words, said)) != (known_as == name)]
        assert not wrong, f"{pair}, {step}: tests/explained.yml has {name} for {words!r}, which does not hold for {wrong}"
