from __future__ import annotations

import html
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from handbook.changes.explanation import Explainer
from handbook.changes.gathering import gathered
from handbook.changes.markdown import plain, report_markdown
from handbook.changes.report import drift_lines, report_data, report_text
from handbook.compare import Alone, compare
from handbook.drift import Change, Difference, Drift, FactChange, differing_facts
from handbook.fingerprint import Fingerprint
from handbook.recording import RecordedStep
from handbook.tree import Place
from markdown import markdown

from tests.recordings import recording

OLD = recording(
    ("docker version", "Client:\n Version: 20.10.24\n API version: 1.41\n Go version: go1.19\n Built: today"),
    ("brctl show", "bridge"),
    environment="debian-12",
)
NEW = recording(
    ("docker version", "Client:\n Version: 26.1.5\n API version: 1.45\n Go version: go1.19\n Plugins: none\n Built: today"),
    ("bridge link", "link"),
    environment="debian-13",
)
FACTS = (FactChange("docker", "20.10.24", "26.1.5"),)


def only_drift(command: str, old: str, new: str) -> Drift:
    (drift,) = compare(recording((command, old)), recording((command, new))).drifts
    return drift


def test_a_report_shows_the_lines_that_differ_old_above_new() -> None:
    assert report_text([compare(OLD, NEW)], Explainer(FACTS)).splitlines() == [
        "chapter: debian-12 -> debian-13",
        "  snippet, step 1: $ docker version",
        "    because of docker 20.10.24 -> 26.1.5: the version of docker is printed",
        '      value: line 2: "26.1.5" where "20.10.24" was',
        "    unexplained",
        '      value: line 3: "1.45" where "1.41" was',
        '      structural: line 5 is new: "Plugins: none"',
        "         1  Client:",
        "    -    2   Version: 20.10.24",
        "    +    2   Version: 26.1.5",
        "    -    3   API version: 1.41",
        "    +    3   API version: 1.45",
        "         4   Go version: go1.19",
        "    +    5   Plugins: none",
        "  only in debian-12: 1 step of snippet",
        "  only in debian-13: 1 step of snippet",
        "",
        "the environments differ in docker 20.10.24 -> 26.1.5",
        "0 chapters agreed, 1 step of 1 chapter drifted, 2 steps of 1 chapter only in one of them",
    ]


def test_a_report_of_agreement_is_one_line() -> None:
    assert report_text([compare(OLD, OLD)]) == "1 chapter agreed"


def test_layout_is_mentioned_and_not_shown() -> None:
    text = report_text([compare(recording(("x", "a  b")), recording(("x", "a b")))])
    assert "1 step with another layout only" in text
    assert "1 chapter agreed" in text


def test_a_command_of_several_lines_is_shown_by_its_first() -> None:
    text = report_text([compare(recording(("cat <<END\na\nEND", "a")), recording(("cat <<END\na\nEND", "b")))])
    assert "$ cat <<END ..." in text


def test_a_long_line_is_cut_around_what_differs() -> None:
    old, new = ("word " * 100 + f"{end} " + "word " * 100 for end in ("here", "there"))
    drift = only_drift("x", old, new)
    lines = drift_lines(drift)
    assert max(map(len, lines)) < 150
    assert "here" in lines[1]
    assert "there" in lines[2]


def test_a_long_list_of_differences_ends() -> None:
    old, new = ("\n".join(f"line {row} {end}{row}{end}" for row in range(100)) for end in "ab")
    drift = only_drift("x", old, new)
    lines = drift_lines(drift)
    assert "... and 88 more" in lines
    assert len(lines) < 50


def test_what_came_or_went_together_is_told_together() -> None:
    listing = [f"-rw-r--r-- 1 root root 0 Nov 23 21:45 cgroup.{row}\n" for row in range(20)]
    drift = only_drift("ls -l", "".join(listing), "".join(listing[:2]))
    first, *_ = drift_lines(drift)
    names = ", ".join(f"cgroup.{row}" for row in range(2, 18))
    assert first == f"structural: 18 entries are gone: {names} and 2 more"
    assert sum(difference.means_something for difference in drift.differences) == 18


def test_what_is_the_same_in_several_lines_is_told_once() -> None:
    kinds = "pod", "service", "pod", "secret", "pod"
    old = "".join(f'{kind} "{number}" deleted\n' for number, kind in enumerate(kinds))
    new = old.replace("deleted", "deleted from default namespace", 3).replace('"4" deleted', '"4" deleted from default namespace')
    drift = only_drift("kubectl delete", old, new)
    assert drift_lines(drift)[0] == 'structural: lines 1-3, 5: "from default namespace" is new'
    drift = only_drift("kubectl delete", new, old)
    assert drift_lines(drift)[0] == 'structural: "from default namespace" is gone (it was in lines 1-3, 5)'


def test_what_is_the_same_of_several_subjects_is_told_once() -> None:
    spaces = "cgroup", "ipc", "mnt"
    row = "lrwxrwxrwx 1 root root 0 Nov 24 02:44 {0} -> {0}:[4026533840]\n"
    old = "total 0\n" + "".join(map(row.format, spaces))
    drift = only_drift("ls -l /proc/$$/ns", old, old.replace("root root", "docker docker"))
    assert drift_lines(drift)[0] == 'value, entries cgroup, ipc, mnt: lines 2-4: "docker docker" where "root root" was'
    masks = "CapInh:\t0000000000000000\nCapPrm:\t000001fffeffffff\nCapEff:\t000001fffeffffff\n"
    drift = only_drift("grep Cap /proc/self/status", masks, masks.replace("000001fffeffffff", "0000000000000000"))
    assert drift_lines(drift)[0] == (
        'value, fields CapPrm, CapEff: lines 2-3: "0000000000000000" where "000001fffeffffff" was, without any'
    )


def test_what_has_no_subject_is_told_apart_from_what_has_one() -> None:
    def told(*subjects: str) -> list[str]:
        differences = (
            Difference(Change.VALUE, f'line {number}: "narrow" where "x" was', Place(number, 0, 1), Place(number, 0, 6), subject)
            for number, subject in enumerate(subjects, 2)
        )
        return [group.sentence for group in gathered(differences)]

    alone = 'value: line 3: "narrow" where "x" was'
    assert told("row a", "") == ['value, row a: line 2: "narrow" where "x" was', alone]
    assert told("row a", "", "row b") == ['value, rows a, b: lines 2, 4: "narrow" where "x" was', alone]
    assert told("", "") == ['value: lines 2-3: "narrow" where "x" was']
    assert told("column IP", "column") == [
        'value, column IP: line 2: "narrow" where "x" was',
        'value, column: line 3: "narrow" where "x" was',
    ]


def test_what_stands_in_one_line_is_no_line() -> None:
    command = "sudo nft list chain ip kube-proxy my-nginx"
    table = "table ip kube-proxy {{\n\tchain my-nginx {{\n\t\tnumgen random mod 3 {}\n\t}}\n}}\n"
    old = table.format("vmap { 0 : goto endpoint-a, 1 : goto endpoint-b, 2 : goto endpoint-c }")
    new = table.format("map { 0 : 10.244.0.4 . 80, 1 : 10.244.0.5 . 80, 2 : 10.244.0.6 . 80 }")
    drift = only_drift(command, old, new)
    assert drift_lines(drift)[:3] == [
        'value, chain my-nginx: line 3: "map" where "vmap" was',
        "structural, chain my-nginx: 3 elements are gone (they were in line 3)",
        "structural, chain my-nginx: line 3: 3 elements are new",
    ]


def test_one_or_two_are_told_by_themselves() -> None:
    old, new = "a\nb\nc\nd\ne\n", "a\nb\nc\n"
    drift = only_drift("x", old, new)
    assert drift_lines(drift)[:2] == ['structural: "d" is gone (it was line 4)', 'structural: "e" is gone (it was line 5)']
    drift = only_drift("x", old, "a\n")
    assert drift_lines(drift)[0] == "structural: 4 lines are gone"


def test_an_exit_status_needs_no_excerpt() -> None:
    (drift,) = compare(recording(RecordedStep("x", output="a")), recording(RecordedStep("x", output="a", exit=1))).drifts
    assert drift_lines(drift) == ["value: exit status 1 where 0 was"]


def test_programs_get_everything_as_json() -> None:
    data = json.loads(json.dumps(report_data([compare(OLD, NEW)], Explainer(FACTS))))
    assert data["facts"] == [{"name": "docker", "old": "20.10.24", "new": "26.1.5"}]
    (chapter,) = data["chapters"]
    assert chapter["drifts"][0]["change"] == "value"
    assert chapter["drifts"][0]["differences"][0]["new"] == {"line": 2, "start": 10, "end": 16}
    assert chapter["only_old"] == [{"snippet": "snippet", "step": 2, "command": "brctl show"}]


def test_every_key_of_the_document_is_described() -> None:
    page = (Path(__file__).parents[2] / "docs" / "engine" / "recordings.md").read_text(encoding="utf-8")
    data = json.loads(json.dumps(report_data([compare(OLD, NEW)], Explainer(FACTS), [Alone("debian-12", ("c",))])))
    undescribed = {key for key in _keys(data) if f"`{key}`" not in page.partition("The document that `--json` prints")[2]}
    assert not undescribed


def _keys(data: object) -> Iterator[str]:
    if isinstance(data, dict):
        yield from data
    for value in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _keys(value)


def test_facts_that_differ_are_found_in_order() -> None:
    old = Fingerprint({"kernel": "6.18", "docker": "20.10.24", "runc": "1.1.5"})
    new = Fingerprint({"kernel": "6.18", "docker": "26.1.5", "curl": "8.14"})
    assert [str(fact) for fact in differing_facts(old, new)] == [
        "docker 20.10.24 -> 26.1.5",
        "runc 1.1.5 -> (absent)",
        "curl (absent) -> 8.14",
    ]


@pytest.mark.parametrize("text", ["<none>", "a & b &lt; c", r"\*_{}[]()#|>~ `x` **b**", "![l](x) <b>"])
def test_text_in_a_report_reads_as_it_is(text: str) -> None:
    assert html.unescape(markdown(plain(text), extensions=["tables"])) == f"<p>{text}</p>"


def test_github_tells_no_user_and_strikes_nothing_through() -> None:
    assert "@<!-- -->cluster-ips" in plain("ip daddr @cluster-ips")
    assert "~" not in plain("1.6.20~ds1 -> 1.7.24~ds1")


def test_what_came_in_a_line_is_no_new_line() -> None:
    drift = only_drift("kubectl get --raw /healthz", '{"health":"true"}', '{"health":"true","reason":""}')
    assert drift_lines(drift) == [
        "structural: line 1: the key .reason is new",
        '-    1  {"health":"true"}',
        '+    1  {"health":"true","reason":""}',
    ]
    drift = only_drift("kubectl get --raw /healthz", '{"health":"true","reason":""}', '{"health":"true"}')
    assert drift_lines(drift)[0] == "structural: the key .reason is gone (it was in line 1)"


def test_a_new_column_is_shown_with_its_cells() -> None:
    old = "NAME   READY\nweb    1/1\ndns    1/1\n"
    new = "NAME   READY   QOS\nweb    1/1     Burstable\ndns    1/1     Guaranteed\n"
    assert drift_lines(only_drift("kubectl get pods", old, new)) == [
        "structural: line 1: the column QOS is new",
        "-    1  NAME   READY",
        "+    1  NAME   READY   QOS",
        "+    2  web    1/1     Burstable",
        "+    3  dns    1/1     Guaranteed",
    ]


def test_what_fills_several_lines_is_shown_with_all_of_them() -> None:
    old = "spec:\n  nodeName: node\n"
    new = "spec:\n  nodeName: node\n  securityContext:\n    runAsUser: 0\n    runAsGroup: 0\n"
    assert drift_lines(only_drift("kubectl get pod web -o yaml", old, new))[1:] == [
        "+    3    securityContext:",
        "+    4      runAsUser: 0",
        "+    5      runAsGroup: 0",
    ]


def test_who_reads_an_excerpt_knows_that_there_is_more() -> None:
    old, new = ("".join(f"{sort} {row}\n" for row in range(100)) for sort in ("cat", "dog"))
    drift = only_drift("x", old, new)
    assert drift_lines(drift)[-1] == "... and 176 lines more"
    compared = compare(recording(("x", old)), recording(("x", new)))
    assert "\n\nAnd 176 lines more." in report_markdown([compared], Explainer())


def test_a_report_for_a_pull_request_is_as_long_as_one_may_be() -> None:
    text = "\n".join(f"{row} " + "word " * 200 for row in range(12))
    sides = recording(("x", text)), recording(("x", text.replace("word", "term")))
    chapters = [compare(*(replace(side, chapter=f"chapter-{number}") for side in sides)) for number in range(9)]
    told = report_markdown(chapters, Explainer())
    assert len(told) < 65_536
    assert "Too long to be shown here: chapter-" in told
