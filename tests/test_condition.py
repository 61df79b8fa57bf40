"""The language of conditions: facts, versions, and, or, not."""

from __future__ import annotations

import pytest
from handbook.condition import ConditionError, compare_versions, parse_condition
from handbook.fingerprint import Fingerprint

FACTS = Fingerprint(
    {
        "kernel": "6.1.0-18-amd64",
        "distribution": "debian-12",
        "cgroup": "1",
        "docker": "20.10.24+dfsg1",
        "kubernetes": "v1.24.3",
        "iptables-backend": "nf_tables",
        "runtime": "containerd",
        "root": "yes",
    }
)


@pytest.mark.parametrize(
    ("left", "right", "order"),
    [
        ("1.24", "1.24", 0),
        ("1.24.3", "1.24", 0),
        ("1.24", "1.24.3", -1),
        ("1.9", "1.10", -1),
        ("20.10.24+dfsg1", "20.10", 0),
        ("26.1.5+dfsg1", "20.10", 1),
        ("6.18.44", "6.2", 1),
        ("6.1.0-18-amd64", "6.1.0-9", 1),
        ("6.18.44-fc-v595", "7.2", -1),
        ("7.0.0-14-generic", "7.2", -1),
        ("7.2.13-node", "7.2", 0),
        ("7.10.1-node", "7.2", 1),
        ("v1.24.3", "1.24.3", 0),
        ("1.24.3", "v1.24", 0),
        ("2", "10", -1),
        ("01", "1", 0),
        ("252", "257", -1),
        ("252.19-1~deb12u1", "252.20", -1),
        ("1.1.1n", "1.1.1", 0),
        ("debian-12", "debian-13", -1),
        ("debian-12", "debian", 0),
        ("nf_tables", "legacy", 1),
        ("vfs", "fs", 1),
        ("container", "containerd", -1),
        ("1.²", "1.2", -1),
    ],
)
def test_versions_compare_as_versions(left: str, right: str, order: int) -> None:
    assert compare_versions(left, right) == order


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("", True),
        ("  ", True),
        ("docker", True),
        ("root", True),
        ("podman", False),
        ("not podman", True),
        ("not not docker", True),
        ("cgroup == 1", True),
        ("cgroup==2", False),
        ("cgroup != 2", True),
        ("kubernetes >= 1.24", True),
        ("kubernetes > 1.24", False),
        ("kubernetes < 1.24", False),
        ("kubernetes <= 1.24", True),
        ("kubernetes >= 1.25", False),
        ("docker >= 20.10 and docker < 23", True),
        ('distribution == "debian-12"', True),
        ("iptables-backend == nf_tables", True),
        ("podman == 4", False),
        ("podman < 4", False),
        ("podman != 4", True),
        ("not podman == 4", True),
        ("docker or podman and cgroup == 2", True),
        ("(docker or podman) and cgroup == 2", False),
        ("not docker or root", True),
        ("not (docker or root)", False),
        ("runtime == containerd and not (cgroup == 2 or kernel < 5)", True),
    ],
)
def test_a_condition_holds_or_not(text: str, holds: bool) -> None:
    assert parse_condition(text).holds(FACTS) is holds


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cgroup = 2", "'= 2' in the condition"),
        ("cgroup ==", "nothing to compare 'cgroup' with"),
        ('cgroup == ""', "nothing to compare 'cgroup' with"),
        ("cgroup == and docker", "nothing to compare 'cgroup' with"),
        ("== 2", "'==' where a fact must stand"),
        ("docker podman", "'podman' after the end"),
        ("docker and", "the end of the condition where a fact must stand"),
        ("and docker", "'and' where a fact must stand"),
        ("not", "the end of the condition where a fact must stand"),
        ("(docker", "an open parenthesis that is never closed"),
        ("docker)", "')' after the end"),
        ("Docker", "'Docker' where a fact must stand"),
        ("docker && root", "'&& root' in the condition"),
        ("docker >= '20'", "\"'20'\" in the condition"),
        ('docker >= "20', "'\"20' in the condition"),
        ("docker >= 20 21", "'21' after the end"),
    ],
)
def test_what_is_no_condition_is_said_with_what_was_found(text: str, said: str) -> None:
    with pytest.raises(ConditionError) as caught:
        parse_condition(text)
    assert said in str(caught.value)


def test_the_facts_that_a_condition_speaks_of_come_in_order() -> None:
    facts = parse_condition("kernel >= 5 and not (docker or cgroup == 2)").facts()
    assert [(fact.name, fact.operator, fact.value) for fact in facts] == [
        ("kernel", ">=", "5"),
        ("docker", "", ""),
        ("cgroup", "==", "2"),
    ]


def test_a_program_without_a_version_is_there_and_older_than_all() -> None:
    fingerprint = Fingerprint({"crictl": "yes"})
    assert parse_condition("crictl and crictl < 1.0").holds(fingerprint)
    assert not parse_condition("crictl >= 1.0").holds(fingerprint)
