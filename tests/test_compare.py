from __future__ import annotations

import time
from dataclasses import replace

import pytest
from handbook.compare import Comparison, agrees, compare
from handbook.drift import Change
from handbook.recording import RecordedSnippet, RecordedStep, Recording, Span

from tests.recordings import PAIRS, recording, sample

ONE, OTHER = "08670f3c21c0" + "a" * 52, "f8e826a98ef6" + "b" * 52


def sentences(comparison: Comparison) -> list[str]:
    return [drift.sentence for drift in comparison.drifts if drift.means_something]


def compared(old: RecordedStep, new: RecordedStep) -> Comparison:
    return compare(recording(old), recording(new))


@pytest.mark.parametrize("environment", PAIRS, ids="-".join)
def test_a_recording_agrees_with_itself(environment: tuple[str, str]) -> None:
    real = sample(*environment)
    assert compare(real, real).drifts == ()
    assert agrees(real, real)


def test_new_names_ages_and_times_are_no_drift() -> None:
    old = recording(("docker run -d nginx", ONE), ("docker ps", f"CONTAINER ID   STATUS\n{ONE[:12]}   Up 2 seconds"))
    new = recording(("docker run -d nginx", OTHER), ("docker ps", f"CONTAINER ID   STATUS\n{OTHER[:12]}   Up About a minute"))
    assert agrees(old, new)


def test_a_name_that_is_another_one_later_is_a_broken_relation() -> None:
    old = recording(("docker run -d nginx", ONE), ("docker ps -q", ONE[:12]))
    new = recording(("docker run -d nginx", OTHER), ("docker ps -q", ONE[:12]))
    (drift,) = compare(old, new).drifts
    assert (drift.change, drift.step) == (Change.RELATION, 2)
    assert "in line 1 of step 1 of snippet" in drift.sentence


def test_a_relation_between_a_changed_line_and_one_that_stayed_the_same_breaks_too() -> None:
    old = recording(("docker run -d nginx", ONE), ("echo", "hello"), ("docker ps -q", ONE[:12]))
    for first in (0, 2):
        steps = list(old.snippets[0].steps)
        steps[first] = replace(steps[first], output=steps[first].output.replace(ONE[:12], OTHER[:12]))
        new = replace(old, snippets=(replace(old.snippets[0], steps=tuple(steps)),))
        assert [drift.change for drift in compare(old, new).drifts] == [Change.RELATION]


@pytest.mark.parametrize("digit", [0, 5, 12, 40, 63])
def test_every_digit_of_a_long_id_counts_where_nothing_else_differs(digit: int) -> None:
    other = ONE[:digit] + "7" + ONE[digit + 1 :]
    old = recording(("docker run -d web", ONE), ("docker inspect -f '{{.Id}}' web", ONE))
    new = recording(("docker run -d web", ONE), ("docker inspect -f '{{.Id}}' web", other))
    for before, now in ((old, new), (new, old)):
        assert [drift.change for drift in compare(before, now).drifts] == [Change.RELATION]


@pytest.mark.parametrize(
    ("command", "old", "new"),
    [
        ("grep CapEff /proc/1/status", "CapEff:\t00000000a80421fb", "CapPrm:\t00000000a80421fb"),
        ("docker inspect web | jq -c '.[].A'", '{"text": {}}', '{"test": {}}'),
        ("systemctl show docker -p MainPID", "MainPID=0", "ExecPID=0"),
    ],
)
def test_the_name_of_the_only_field_counts(command: str, old: str, new: str) -> None:
    assert compare(recording((command, old)), recording((command, new))).means_something


def test_the_process_of_a_container_is_the_one_in_its_group() -> None:
    commands = "docker inspect -f '{{.State.Pid}}' web", "cat /sys/fs/cgroup/cpu/docker/web/cgroup.procs"
    old = recording((commands[0], "4711"), (commands[1], "4711\n4712"))
    assert agrees(old, recording((commands[0], "815"), (commands[1], "815\n830")))
    assert not agrees(old, recording((commands[0], "815"), (commands[1], "816\n830")))


def test_an_address_that_was_typed_anywhere_in_the_chapter_is_exact() -> None:
    old = recording(("ip addr add 10.9.0.1/24 dev veth0", ""), ("ip addr show veth0", "inet 10.9.0.1/24"))
    new = recording(("ip addr add 10.9.0.1/24 dev veth0", ""), ("ip addr show veth0", "inet 10.9.0.2/24"))
    assert sentences(compare(old, new)) == ['line 1: "10.9.0.2/24" where "10.9.0.1/24" was']


def test_a_captured_value_is_held_to_its_place() -> None:
    def chapter(first: str, later: str) -> Recording:
        step = RecordedStep("new-token", output=f"token {first}", captured=(("token", first),))
        return recording(step, ("echo {{ token }}", f"it is {later}"))

    assert agrees(chapter("x7k2p", "x7k2p"), chapter("q9d4m", "q9d4m"))
    assert not agrees(chapter("x7k2p", "x7k2p"), chapter("q9d4m", "z3b8t"))


def test_the_exit_status_is_compared() -> None:
    comparison = compared(RecordedStep("x", output="a"), RecordedStep("x", output="a", exit=1))
    assert sentences(comparison) == ["exit status 1 where 0 was"]


def test_a_line_that_moves_to_standard_error_is_drift() -> None:
    comparison = compared(RecordedStep("x", output="a\nb"), RecordedStep("x", output="a\nb", stderr=(2,)))
    (drift,) = comparison.drifts
    assert [difference.sentence for difference in drift.differences] == [
        '"b" is gone (it was line 2)',
        'standard error, line 2 is new: "b"',
    ]


def test_how_the_two_channels_mix_does_not_matter() -> None:
    old = RecordedStep("x", output="a\nwarning\nb", stderr=(2,))
    assert compared(old, RecordedStep("x", output="a\nb\nwarning", stderr=(3,))).means_something is False


def test_an_output_that_is_no_longer_kept_whole_is_drift() -> None:
    comparison = compared(RecordedStep("x", output="a"), RecordedStep("x", output="a", truncated=1_000_000_000))
    assert sentences(comparison) == ["it printed 1000000000 bytes, more than is kept"]
    assert not compared(RecordedStep("x", truncated=10**9), RecordedStep("x", truncated=10**9 + 1)).drifts


def test_other_options_are_no_agreement_but_no_drift_either() -> None:
    old, new = RecordedStep("x"), RecordedStep("x", options="exit=0")
    assert not compared(old, new).drifts
    assert not agrees(recording(old), recording(new))


def test_ignored_parts_are_not_compared() -> None:
    def step(text: str) -> RecordedStep:
        return RecordedStep("x", options="ignore='^progress.*|[0-9]+ turns'", output=text)

    assert not compared(step("17 turns\nend"), step("18 turns\nprogress 50 %\nend")).means_something
    assert compared(step("17 turns\nend"), step("18 steps\nend")).means_something


def test_layout_alone_means_nothing() -> None:
    comparison = compared(RecordedStep("x", output="a   b\n\nc"), RecordedStep("x", output="a b\nc"))
    assert [drift.change for drift in comparison.drifts] == [Change.COSMETIC]
    assert not comparison.means_something
    assert agrees(recording(("x", "a   b")), recording(("x", "a b")))


def test_values_of_other_widths_move_what_stands_beside_them_and_nobody_hears_of_it() -> None:
    old, new = "PID   COMMAND\n4711  nginx", "PID    COMMAND\n11815  nginx"
    assert not compared(RecordedStep("ps", output=old), RecordedStep("ps", output=new)).drifts


def test_other_colours_mean_nothing() -> None:
    old, new = RecordedStep("ip a", output="1: lo"), RecordedStep("ip a", output="1: lo", spans=(Span(1, 3, 5, "cyan"),))
    assert not compared(old, new).means_something


def test_a_list_without_an_order_may_be_empty() -> None:
    (drift,) = compared(RecordedStep("ls", output=""), RecordedStep("ls", output="b\na\n")).drifts
    assert [difference.sentence for difference in drift.differences] == ['line 1 is new: "b a"']


def test_steps_that_one_recording_alone_has_are_no_drift_and_no_agreement() -> None:
    old, new = recording(("a", "1"), ("b", "2")), recording(("a", "1"), ("c", "3"), ("d", "4"))
    comparison = compare(old, new)
    assert not comparison.means_something
    assert [step.command for step in comparison.only_old] == ["b"]
    assert [(step.step, step.command) for step in comparison.only_new] == [(2, "c"), (3, "d")]
    assert not agrees(old, new)


def test_a_step_that_moved_is_compared_with_itself() -> None:
    old, new = recording(("a", "1"), ("b", "2")), recording(("x", "0"), ("a", "1"), ("b", "3"))
    (drift,) = compare(old, new).drifts
    assert (drift.step, drift.command) == (3, "b")


def test_snippets_are_found_by_their_id() -> None:
    def chapter(*snippets: str) -> Recording:
        return Recording("c", "e", tuple(RecordedSnippet(name, "node", (RecordedStep("x", output=name),)) for name in snippets))

    assert not compare(chapter("one", "two"), chapter("two", "one")).drifts
    assert not agrees(chapter("one", "two"), chapter("two", "one"))
    assert [step.snippet for step in compare(chapter("one", "two"), chapter("two")).only_old] == ["one"]


def test_another_target_is_drift() -> None:
    def chapter(target: str) -> Recording:
        return Recording("c", "e", (RecordedSnippet("s", target, (RecordedStep("x"),)),))

    assert sentences(compare(chapter("node"), chapter("container:web"))) == ["it runs on container:web and no longer on node"]


def test_debian_12_and_13_differ_in_what_their_release_notes_say() -> None:
    drifts = compare(sample("debian-12", "docker"), sample("debian-13", "docker")).drifts
    told = {(drift.command, difference.sentence) for drift in drifts for difference in drift.differences}
    assert ("iptables -t nat -L -n", 'line 3: "all" where "0" was') in told
    assert ("systemd-cgls --no-pager /docker", 'line 1: "CGroup" where "Control group" was') in told
    assert ("docker version", 'line 2: "26.1.5+dfsg1" where "20.10.24+dfsg1" was') in told
    same = {"docker port web3", "docker stats --no-stream web", "cat /sys/fs/cgroup/memory/docker/{{ cid }}/memory.limit_in_bytes"}
    assert not same & {drift.command for drift in drifts if drift.means_something}


def test_the_verdict_is_the_same_both_ways() -> None:
    old, new = sample("debian-12", "docker"), sample("debian-13", "docker")
    forth = {drift.command for drift in compare(old, new).drifts if drift.means_something}
    back = {drift.command for drift in compare(new, old).drifts if drift.means_something}
    assert forth == back


def test_ten_thousand_steps_are_compared_in_a_blink() -> None:
    output = "NAME   STATUS   PORT\n" + "\n".join(f"web-{row}   running   {8000 + row}" for row in range(5))
    steps = [RecordedStep(f"list {number}", output=output) for number in range(10_000)]
    old = recording(("docker run", ONE), *steps[:5000], ("docker ps -q", ONE[:12]), *steps[5000:])
    new = recording(("docker run", OTHER), *steps[:5000], ("docker ps -q", OTHER[:12]), *steps[5000:])
    start = time.process_time()
    assert not compare(old, new).drifts
    assert time.process_time() - start < 2.0


def test_large_outputs_that_have_little_in_common_do_not_hang() -> None:
    def lines(word: str) -> str:
        return "\n".join(f"{word} {number} of {number * 7 % 1000} {word}" for number in range(1000))

    one_line = lines("a").replace("\n", ","), lines("b").replace("\n", ",")
    for old, new in ((lines("a"), lines("b")), one_line):
        start = time.process_time()
        assert compared(RecordedStep("x", output=old), RecordedStep("x", output=new)).means_something
        assert time.process_time() - start < 10.0
