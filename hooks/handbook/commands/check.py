"""``handbook check``: stored recordings against the chapters, or a live run against what is stored."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import click

from handbook.book import Book
from handbook.changes.between import explainer_since
from handbook.changes.explanation import Explainer
from handbook.changes.report import counted, drift_data, drift_lines, facts_data, since_line
from handbook.chapter import Chapter, recorded
from handbook.checker import Finding, judge, not_recorded, orphans, replay
from handbook.environment import Environment
from handbook.errors import ExitStatus, InputError, UsageError
from handbook.live import sweep
from handbook.performer import Performer
from handbook.progress import Lines
from handbook.site.exercise_pages import exercise_mistakes


def check_stored(book: Book, chapters: Sequence[Chapter], *, named: bool, as_json: bool) -> int:
    """Check the recordings of chapters without running anything.

    Parameters:
        book: The book.
        chapters: Which.
        named: True where a person named them: each must then hold something to check, and nothing else is looked at.
        as_json: Print one document for programs.
    """
    for chapter in chapters:
        if named and not recorded(chapter.snippets):
            hint = f"next: handbook check sandbox {chapter.path}, which runs them; or give a console block an id"
            raise UsageError(f"{chapter.path}:1: found no step that is recorded\n  {hint}")
    findings = list(_stored(book, chapters))
    if not named:
        if mistakes := list(exercise_mistakes(book)):
            raise InputError(mistakes)
        findings += orphans(book.store, {chapter.name for chapter in chapters} | {path.stem for path in book.root.glob("*.md")})
    checked = f"{counted(len(chapters), 'chapter')} in {counted(len(book.store.environments), 'environment')}"
    return _report(book, findings, checked, as_json=as_json)


def _stored(book: Book, chapters: Sequence[Chapter]) -> Iterator[Finding]:
    targets = {environment.name: environment.target for environment in book.environments}
    for chapter in chapters:
        store = book.store_of(chapter)
        yield from not_recorded(chapter, store)
        for environment in store.environments:
            yield from replay(chapter, store, environment, targets.get(environment.name, "node"))


def check_live(book: Book, environment: Environment, chapters: Sequence[Chapter], *, as_json: bool) -> int:
    """Run chapters and compare with what is stored; writes nothing."""
    progress = Lines()
    sweep(progress)
    findings: list[Finding] = []
    ran = steps = 0
    with Performer(environment, progress) as performer:
        for chapter in chapters:
            if not chapter.applies(performer.fingerprint):
                progress.say(f"{chapter.name}: not applicable, requires {chapter.requires.text}")
                continue
            with progress.step(chapter.name):
                performance = performer.perform(chapter)
            ran, steps = ran + 1, steps + len(performance.steps)
            findings += judge(performance, book.stores_of(chapter), environment.target, performer.fingerprint)
    if not steps:
        raise UsageError(f"no step of these chapters is for {environment.name}")
    return _report(book, findings, f"{counted(steps, 'step')} of {counted(ran, 'chapter')} in {environment.name}", as_json=as_json)


def _report(book: Book, findings: Sequence[Finding], checked: str, *, as_json: bool) -> int:
    if as_json:
        click.echo(json.dumps([_data(book, finding) for finding in findings], indent=2))
    else:
        click.echo("\n".join(_text(book, findings)) if findings else f"agreed: {checked}")
    return ExitStatus.DRIFT if findings else ExitStatus.AGREED


def _text(book: Book, findings: Sequence[Finding]) -> Iterator[str]:
    for finding in findings:
        yield str(finding)
        yield from (f"  {line}" for line in finding.shown)
        if finding.drift:
            yield from (f"  {line}" for line in drift_lines(finding.drift, explainer_since(book, finding.facts)))
    if changed := since_line(dict.fromkeys(fact for finding in findings for fact in finding.facts)):
        yield changed


def _data(book: Book, finding: Finding) -> dict[str, object]:
    why = explainer_since(book, finding.facts) or Explainer()
    return {
        "path": str(finding.path),
        "line": finding.line,
        "chapter": finding.chapter,
        "environment": finding.environment,
        "snippet": finding.snippet,
        "step": finding.step,
        "problem": finding.problem,
        "next": finding.remedy,
        "facts": facts_data(finding.facts),
        "drift": finding.drift and drift_data(finding.drift, why),
    }
