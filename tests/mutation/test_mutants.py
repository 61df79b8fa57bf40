"""The comparer proves itself: it notices what means something in real recordings, and nothing else."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from handbook.book import Book
from handbook.compare import compare
from handbook.recording import RecordedStep, Recording

from tests.mutation.allowed import ALLOWED, IGNORES, allowed_for, unexplained
from tests.mutation.mutants import Mutator
from tests.mutation.permutations import permuted
from tests.mutation.reference import RULES, asked_for
from tests.mutation.report import ROOT, UNKNOWN, Tally, reason, recordings, survives
from tests.mutation.unseen import IGNORED, hidden_change, unseen
from tests.recordings import PAIRS, REAL, recording, sample

OF_EACH = 6
# Chapters that show what the rules are about.
CHAPTERS = [("kubernetes-1.37", f"kubernetes/{name}") for name in ("deployments", "kube-proxy", "nftables", "pod-cgroups", "etcd")]


@pytest.fixture(params=REAL, ids="-".join)
def real(request: pytest.FixtureRequest) -> Recording:
    return sample(*request.param)


def test_mutants_raise_an_alarm(real: Recording) -> None:
    mutants = list(Mutator(real, seed=20260101).alarms(OF_EACH))
    survivors = [
        f"{mutant.operator}: {mutant.change}"
        for mutant in mutants
        if not compare(real, mutant.recording).means_something and reason(mutant) == UNKNOWN
    ]
    assert len(Counter(mutant.operator for mutant in mutants)) >= 11  # not every chapter has what each operator needs
    assert len(mutants) > 6 * OF_EACH
    assert survivors == []


def test_what_nobody_notices_has_a_reason_to_be_hidden(real: Recording) -> None:
    mutants = list(unexplained(real))
    chosen = random.Random(20260101).sample(mutants, min(len(mutants), 10 * OF_EACH))
    assert [mutant.change for mutant in chosen if survives(real, mutant)] == []


def test_what_chapters_ignore_has_a_reason_to_vary() -> None:
    steps = (step for stored in recordings() for snippet in stored.snippets for step in snippet.steps)
    ignoring = recording(*(step for step in steps if "ignore=" in step.options))
    ignored = [one for one in unseen(ignoring) if one.cover == IGNORED]
    assert {f"{one.kind}: {one.step.command}: {one.text!r} in {one.line!r}" for one in ignored if not allowed_for(one)} == set()
    assert len(ignored) > len(IGNORES)


def test_an_ignore_that_hides_more_than_it_should_has_none() -> None:
    narrow, wide = (
        RecordedStep("etcdctl compact 9", f"ignore={ignore}", output="compacted revision 9\n") for ignore in (r"\d+", ".*")
    )
    assert list(unexplained(recording(narrow))) == []
    found = list(unexplained(recording(wide)))
    assert [mutant.change for mutant in found] == [
        "'etcdctl compact 9' line 1: 'compacted' -> 'pbzcnpgrq' in 'compacted revision 9', ignored",
        "'etcdctl compact 9' line 1: 'revision' -> 'erivfvba' in 'compacted revision 9', ignored",
    ]
    assert all(survives(recording(wide), mutant) for mutant in found)


def test_a_hidden_number_becomes_a_hundred_times_as_large_and_a_state_another_one() -> None:
    step = RecordedStep("true", "ignore=.*", output="running  0 5 19.7 of  20\nUp\n")
    changed = [hidden_change(recording(step), one).change.split(": ")[1].split(" in ")[0] for one in unseen(recording(step))]
    assert changed[:6] == [
        "'running' -> 'exited'",
        "'0' -> '100'",
        "'5' -> '500'",
        "'19.7' -> '1970.0'",
        "'of' -> 'bs'",
        "'20' -> '2000'",
    ]
    assert changed[6:] == ["'Up' -> 'Exited'"]


def test_a_survivor_without_a_reason_fails_the_proof() -> None:
    tally = Tally(made=Counter(text=1000), caught=Counter(text=999), hidden=Counter(ALLOWED))
    assert tally.proves
    tally.unknown = 1
    assert not tally.proves


def test_a_reason_that_excuses_nothing_fails_it_too() -> None:
    tally = Tally(made=Counter(text=1000), caught=Counter(text=999), hidden=Counter(ALLOWED[1:]))
    assert tally.dead == ALLOWED[:1]
    assert not tally.proves


def test_what_the_reference_asks_for_is_asked_for_and_heard() -> None:
    store, asked, unheard = Book(ROOT).store, Counter[str](), []
    stored = [recording for pair in CHAPTERS if (recording := store.load(*pair))]
    for recording in (*stored, *(sample(*pair) for pair in REAL)):
        for mutant in asked_for(recording):
            asked[mutant.operator] += 1
            if not compare(recording, mutant.recording).means_something:
                unheard.append(f"{recording.environment} {recording.chapter} {mutant.operator}: {mutant.change}")
    assert set(asked) == {rule.name for rule in RULES} | {"a warning on standard output", "another hash of a template"}
    assert unheard == []


@pytest.mark.parametrize("seed", range(3))
def test_another_run_raises_none(real: Recording, seed: int) -> None:
    other = Mutator(real, seed).renamed()
    assert other != real
    comparison = compare(real, other)
    assert [drift.sentence for drift in comparison.drifts if drift.means_something] == []


@pytest.mark.parametrize("seed", range(3))
def test_another_order_where_order_is_free_raises_none(real: Recording, seed: int) -> None:
    other = permuted(real, seed)
    assert other != real
    assert [drift.sentence for drift in compare(real, other).drifts if drift.means_something] == []


@pytest.mark.parametrize("seed", range(3))
def test_other_names_in_another_order_raise_none(real: Recording, seed: int) -> None:
    other = permuted(Mutator(real, seed).renamed(), seed)
    assert [drift.sentence for drift in compare(real, other).drifts if drift.means_something] == []


@pytest.mark.parametrize("seed", range(3))
def test_the_same_names_given_away_otherwise_raise_none(real: Recording, seed: int) -> None:
    other = permuted(Mutator(real, seed).exchanged(), seed)
    assert other != real
    assert [drift.sentence for drift in compare(real, other).drifts if drift.means_something] == []


@pytest.mark.parametrize("environment", PAIRS, ids="-".join)
def test_two_real_runs_agree(environment: tuple[str, str]) -> None:
    first, again = sample(*environment), sample(f"{environment[0]}-again", environment[1])
    for old, new in ((first, again), (again, first)):
        assert [drift.sentence for drift in compare(old, new).drifts if drift.means_something] == []
