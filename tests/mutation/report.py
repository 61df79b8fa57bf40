"""The whole proof, by kind: ``python -m tests.mutation.report [OF_EACH]``; ``make mutation`` runs it.

Every stored recording is mutated, and every mutant must raise an alarm or have a known reason why it need not; renamed and
permuted, and none may. A reason that excuses nothing in any of them is dead, and must go.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from handbook.book import Book
from handbook.compare import compare
from handbook.recording import Recording

from tests.mutation.allowed import ALLOWED, Allowed, allowed_for, unexplained
from tests.mutation.mutants import Mutant, Mutator
from tests.mutation.permutations import permuted
from tests.mutation.reference import asked_for
from tests.mutation.unseen import unseen
from tests.recordings import REAL, sample

ROOT = Path(__file__).parents[2]
CAUGHT, ENOUGH = 0.99, 1000
SEED = 20260101
UNKNOWN = "nobody knows why"
# Why a mutant of what is looked at may survive: by kind, operator and change. What is hidden has its reasons in allowed.py.
REASONS = (
    ("iptables", "swapped_lines", ".", "the declaration of a chain says the same wherever it stands"),
    ("iptables", "two endpoints swapped", ".", "where rules do not tell addresses, their order as text tells which comes first"),
    ("describe", "line_twice", "Normal|Warning", "of events their reasons count, each once: how often one came is chance"),
    ("systemd_cgls|systemctl", "line_twice", r"[├└]─\d+ ", "how many processes of a group run the same command is chance"),
    ("systemd_cgls", "lost_line", r"\d nginx: worker process", "and so is how many workers a group has"),
    ("table", "a row lost|line_twice", "get events", "an event that came again is the same event"),
)


def recordings() -> Iterator[Recording]:
    """Every recording of the book, and the samples."""
    store = Book(ROOT).store
    for environment in store.environments:
        for name in store.chapters(environment.name):
            recording = store.load(environment.name, name)
            if recording and any(step.output for snippet in recording.snippets for step in snippet.steps):
                yield recording
    yield from (sample(*pair) for pair in REAL)


def survives(recording: Recording, mutant: Mutant) -> bool:
    """Tell whether nobody notices a mutant."""
    return not compare(recording, mutant.recording).means_something


def false_alarms(recording: Recording, seed: int) -> Iterator[str]:
    """What is said of the same chapter in another run, where nothing should be."""
    renamed, exchanged = Mutator(recording, seed).renamed(), Mutator(recording, seed).exchanged()
    runs = {
        "renamed": renamed,
        "permuted": permuted(recording, seed),
        "another run": permuted(renamed, seed),
        "names exchanged": exchanged,
        "names exchanged in another order": permuted(exchanged, seed),
    }
    for what, other in runs.items():
        for drift in compare(recording, other).drifts:
            if drift.means_something:
                where = f"{recording.environment} {recording.chapter} {drift.snippet} {drift.step}"
                yield f"{what}: {where} {drift.command[:60]!r}: {drift.sentence}"


def reason(mutant: Mutant) -> str:
    """Why nobody needs to notice a mutant."""
    for kind, operator, pattern, why in REASONS:
        if re.fullmatch(kind, mutant.kind) and re.fullmatch(operator, mutant.operator) and re.search(pattern, mutant.change):
            return why
    return UNKNOWN


@dataclass
class Tally:
    """What came of all mutants."""

    made: Counter[str] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)
    operators: Counter[str] = field(default_factory=Counter)
    survivors: list[str] = field(default_factory=list)
    unknown: int = 0
    hidden: Counter[Allowed] = field(default_factory=Counter)
    alarms: list[str] = field(default_factory=list)

    def mutate(self, recording: Recording, of_each: int) -> None:
        """Make mutants of a recording and look who notices."""
        for mutant in (*Mutator(recording, SEED).alarms(of_each), *asked_for(recording)):
            self._count(recording, mutant, reason(mutant))
        for one in unseen(recording):
            if allowed := allowed_for(one):
                self.hidden[allowed] += 1
        for mutant in unexplained(recording):
            self._count(recording, mutant, UNKNOWN)
        self.alarms += false_alarms(recording, SEED)

    def _count(self, recording: Recording, mutant: Mutant, why: str) -> None:
        alive = survives(recording, mutant)
        self.made[mutant.kind] += 1
        self.caught[mutant.kind] += not alive
        self.operators[mutant.operator] += 1
        self.unknown += alive and why == UNKNOWN
        if alive:
            self.survivors.append(f"{recording.environment} {recording.chapter} {mutant.operator}: {mutant.change}: {why}")

    @property
    def share(self) -> float:
        """How many were caught."""
        return self.caught.total() / self.made.total()

    @property
    def dead(self) -> tuple[Allowed, ...]:
        """What may be another thing and is nowhere; it would excuse whatever comes to look like it."""
        return tuple(allowed for allowed in ALLOWED if not self.hidden[allowed])

    @property
    def proves(self) -> bool:
        """True where enough mutants were caught, each survivor has a reason, each reason a use, and there was no false alarm."""
        enough = self.share >= CAUGHT and self.made.total() >= ENOUGH
        return enough and not (self.unknown or self.dead or self.alarms)


def main(of_each: int) -> int:
    """Print how many mutants of each kind of output and of each operator were caught, every survivor and every false alarm."""
    tally = Tally()
    for recording in recordings():
        tally.mutate(recording, of_each)
    for kind, count in tally.made.most_common():
        print(f"{kind:16} {tally.caught[kind]:5} of {count:5}  {tally.caught[kind] / count:7.2%}")
    print(", ".join(f"{operator} {count}" for operator, count in tally.operators.most_common()))
    print(f"{tally.caught.total()} of {tally.made.total()} mutants caught, {tally.share:.2%}; {len(tally.alarms)} false alarms")
    print(*tally.survivors, *tally.alarms, sep="\n")
    print(f"{tally.hidden.total()} words and numbers may be others without a word:")
    for allowed in ALLOWED:
        print(f"{tally.hidden[allowed]:6}  {allowed.cover}, {allowed.where or 'anything'}: {allowed.why}")
    if tally.dead:
        print(f"{len(tally.dead)} reasons excuse nothing; remove them from tests/mutation/allowed.py:", *tally.dead, sep="\n")
    if tally.unknown:
        print(
            f"{tally.unknown} survivors have no reason: mend the comparison or the chapter, or give it in tests/mutation/allowed.py"
        )
    return 0 if tally.proves else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10))
