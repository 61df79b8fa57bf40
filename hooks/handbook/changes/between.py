"""What changed between environments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from handbook.book import Book
from handbook.changes.explanation import Explainer
from handbook.changes.neighbours import neighbours
from handbook.compare import Alone, Comparison, compare
from handbook.drift import Drift, FactChange, differing_facts
from handbook.recording import RecordedEnvironment


@dataclass(frozen=True)
class Changed:
    """Two environments, compared.

    Parameters:
        old: The older one.
        new: The newer one.
        comparisons: One for each chapter that both recorded.
        explainer: Knows in what the two differ.
        alone: The chapters that only the older one recorded, and those that only the newer one did.
    """

    old: RecordedEnvironment
    new: RecordedEnvironment
    comparisons: tuple[Comparison, ...]
    explainer: Explainer
    alone: tuple[Alone, Alone]

    @property
    def name(self) -> str:
        """What its page is called."""
        return f"{self.old.name}-to-{self.new.name}"

    @cached_property
    def drifts(self) -> tuple[Drift, ...]:
        """Every step that differs in more than its layout."""
        return tuple(drift for comparison in self.comparisons for drift in comparison.drifts if drift.means_something)

    @property
    def shown(self) -> set[str]:
        """Names of the entries of the catalogue that explain something here."""
        reasons = (self.explainer.explain(drift, difference) for drift in self.drifts for difference in drift.differences)
        return {reason.known for reason in reasons if reason and reason.known}

    @property
    def unexplained(self) -> int:
        """How many differences nobody knows the reason of."""
        return sum(self.explainer.explain(drift, difference) is None for drift in self.drifts for difference in drift.meaningful)


def all_changes(book: Book) -> Iterator[Changed]:
    """Compare every pair of neighbouring environments of a book.

    Raises:
        InputError: Where a recording or the catalogue is broken.
    """
    environments = {environment.name: environment for environment in book.store.environments}
    for old, new in neighbours({name: environment.fingerprint for name, environment in environments.items()}):
        if (changed := changed_between(book, environments[old], environments[new])).comparisons:
            yield changed


def changed_between(book: Book, old: RecordedEnvironment, new: RecordedEnvironment) -> Changed:
    """Compare any two environments of a book, chapter by chapter.

    Raises:
        InputError: Where a recording or the catalogue is broken.
    """
    store = book.store
    sides = [book.in_order(store.chapters(side.name)) for side in (old, new)]
    both, alone = in_both_and_alone(old.name, sides[0], new.name, sides[1])
    pairs = ((store.load(old.name, name), store.load(new.name, name)) for name in both)
    comparisons = tuple(compare(before, now) for before, now in pairs if before and now)
    explainer = Explainer(differing_facts(old.fingerprint, new.fingerprint), book.known_changes)
    return Changed(old, new, comparisons, explainer, alone)


def explainer_since(book: Book, facts: Sequence[FactChange]) -> Explainer | None:
    """Who explains what drifted in an environment since it was recorded; None where it is the same as then.

    Parameters:
        book: The book.
        facts: In what the environment is another one.

    Raises:
        InputError: Where the catalogue is broken.
    """
    return Explainer(facts, book.known_changes) if facts else None


def in_both_and_alone(
    old: str, old_chapters: Sequence[str], new: str, new_chapters: Sequence[str]
) -> tuple[tuple[str, ...], tuple[Alone, Alone]]:
    """Tell which chapters two environments both recorded, and which only one of them did.

    Parameters:
        old: The older environment.
        old_chapters: What it recorded, in the order of the book.
        new: The newer one.
        new_chapters: The same of it.
    """
    both = tuple(name for name in old_chapters if name in new_chapters)
    sides = ((old, old_chapters), (new, new_chapters))
    only_old, only_new = (Alone(side, tuple(name for name in chapters if name not in both)) for side, chapters in sides)
    return both, (only_old, only_new)


def anchor(drift: Drift) -> str:
    """Where a page shows a step."""
    return f"{drift.snippet}-{drift.step}"
