"""What holds for any two recordings, whatever they print."""

from __future__ import annotations

from functools import cache
from itertools import islice, permutations

from handbook.compare import compare
from handbook.comparison.renaming import Occurrence, Renaming
from handbook.recording import RecordedStep, Recording
from handbook.tree import Name, Noise, Place
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mutation.mutants import Mutator, with_text
from tests.recordings import REAL, recording, sample

settings.register_profile("gate", max_examples=60, deadline=None, derandomize=True, database=None)
settings.load_profile("gate")

COMMANDS = st.sampled_from(
    ["cat file", "kubectl get pods", "docker inspect web", "iptables -S", "ip a s", "ls -l", "curl -sv http://x", "mount"]
)
WORDS = st.sampled_from(
    [
        "web",
        "Running",
        "READY",
        "10.244.0.4",
        "10.244.0.5",
        "my-nginx-6d897b74dc-4xk2p",
        "08670f3c21c0",
        "17",
        "{",
        "}",
        '"a": 1,',
        "net:[4026532281]",
        "5m",
    ]
)
LINES = st.lists(st.lists(WORDS, min_size=1, max_size=5).map(" ".join), max_size=6)
TEXT = st.one_of(LINES.map("\n".join), st.text(max_size=40).filter(lambda text: "\r" not in text))
STEPS = st.lists(st.builds(RecordedStep, command=COMMANDS, output=TEXT, exit=st.integers(0, 1)), min_size=1, max_size=4)
RECORDINGS = STEPS.map(lambda steps: recording(*steps))
NAMES = st.sampled_from("abcde")


def drifts(old: Recording, new: Recording) -> bool:
    return compare(old, new).means_something


@given(RECORDINGS)
def test_a_recording_agrees_with_itself(one: Recording) -> None:
    assert not drifts(one, one)


@given(RECORDINGS, RECORDINGS)
def test_the_verdict_is_the_same_in_both_directions(one: Recording, other: Recording) -> None:
    assert drifts(one, other) == drifts(other, one)


@given(STEPS, st.data())
def test_the_order_of_characters_in_noise_changes_nothing(steps: list[RecordedStep], data: st.DataObject) -> None:
    age, other = (data.draw(st.sampled_from(["3 seconds", "5 minutes", "About an hour", "2 weeks"])) for _ in range(2))
    noisy = [recording(*steps, ("docker ps | grep web", f"web Up {text}")) for text in (age, other)]
    assert not drifts(*noisy)


@cache
def mutator(environment: str, chapter: str) -> Mutator:
    return Mutator(sample(environment, chapter), 0)


@given(st.sampled_from(REAL), st.integers(0, 10_000))
@settings(max_examples=10, deadline=None, derandomize=True, database=None)
def test_a_mutant_is_as_far_from_its_origin_as_that_is_from_it(which: tuple[str, str], seed: int) -> None:
    made = mutator(*which)
    made.random.seed(seed)
    for mutant in islice(made.alarms(1), seed % 7, seed % 7 + 2):
        assert drifts(made.recording, mutant.recording) == drifts(mutant.recording, made.recording)


@given(st.sampled_from(REAL), st.data())
@settings(max_examples=10, deadline=None, derandomize=True, database=None)
def test_any_of_the_noise_of_a_real_chapter_may_be_other_noise(which: tuple[str, str], data: st.DataObject) -> None:
    made = mutator(*which)
    noise = [one for one in made.found if isinstance(one.leaf, Noise)]
    other = made.recording
    for one in data.draw(st.lists(st.sampled_from(noise), max_size=5, unique_by=lambda one: (one.step, one.leaf.place.line))):
        digits = data.draw(st.text("123456789", min_size=len(one.leaf.text), max_size=len(one.leaf.text)))
        text = "".join(digit if old.isdigit() else old for old, digit in zip(one.leaf.text, digits, strict=True))
        other = with_text(other, one, text)
    assert not drifts(made.recording, other)


@given(
    st.lists(st.sampled_from(["10.9.0.1", "10.9.0.2", "10.9.0.3"]), min_size=1, max_size=8),
    st.sampled_from(list(permutations(range(3)))),
)
def test_addresses_that_are_renamed_everywhere_agree(seen: list[str], order: tuple[int, ...]) -> None:
    renamed = {f"10.9.0.{number}": f"10.77.1.{order[number - 1] + 1}" for number in (1, 2, 3)}
    old = recording(*(("cat log", f"from {address} port") for address in seen))
    new = recording(*(("cat log", f"from {renamed[address]} port") for address in seen))
    assert not drifts(old, new)


@given(st.lists(st.sampled_from(["10.9.0.1", "10.9.0.2", "10.9.0.3"]), min_size=2, max_size=8), st.data())
def test_one_of_several_that_is_renamed_does_not(seen: list[str], data: st.DataObject) -> None:
    seen = [*seen, seen[0]]
    at = data.draw(st.sampled_from([number for number, address in enumerate(seen) if seen.count(address) > 1]))
    other = [*seen[:at], "10.9.0.99", *seen[at + 1 :]]
    old, new = (recording(*(("cat log", f"from {address} port") for address in addresses)) for addresses in (seen, other))
    assert drifts(old, new)


@given(st.lists(st.tuples(NAMES, NAMES), max_size=20))
def test_a_renaming_is_one_to_one(pairs: list[tuple[str, str]]) -> None:
    renaming, forward, backward = Renaming(), dict[str, str](), dict[str, str]()
    place = Occurrence("snippet", 1, Place(1, 0, 1))
    for old, new in pairs:
        fits = forward.get(old, new) == new and backward.get(new, old) == old
        before, now = Name("thing", old, place.place), Name("thing", new, place.place)
        assert renaming.allows(before, now) == fits
        renaming.bind(before, now, (place, place))
        if fits:
            forward[old], backward[new] = new, old
