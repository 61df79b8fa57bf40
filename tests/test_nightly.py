"""The workflow that records every night: its own shell steps, run on a small book."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
WORKFLOW = ROOT / ".github/workflows/nightly.yml"
CHAPTER = "# Chapter\n\n```console {{#greeting}}\n$ cat {file}\n```\n"


@pytest.fixture(scope="module")
def scripts() -> dict[str, str]:
    """The shell steps by name."""
    steps = yaml.safe_load(WORKFLOW.read_text())["jobs"]["record"]["steps"]
    return {step["name"]: step["run"] for step in steps if "run" in step}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A book with one recorded chapter, pushed to a remote of its own."""
    folder = tmp_path / "book"
    (folder / "docs").mkdir(parents=True)
    (folder / "mkdocs.yml").write_text("site_name: A book\n")
    (folder / ".venv").symlink_to(Path(sys.executable).parents[1])
    (folder / ".gitignore").write_text("/.venv\n/before\n/drift.md\n/output\n/summary\n")
    (tmp_path / "greeting").write_text("good morning\n")
    (folder / "docs/chapter.md").write_text(CHAPTER.format(file=tmp_path / "greeting"))
    run(folder, ".venv/bin/handbook record here\ngit init --quiet\ngit add .\ngit commit --quiet --message start\n")
    run(folder, "git clone --quiet --bare . ../remote\ngit remote add origin ../remote\n")
    return folder


def run(folder: Path, script: str) -> None:
    """Run a step as the workflow's machine does: bash that ends at the first failure."""
    names = {f"GIT_{who}_{what}": "nightly@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    more = {"ENVIRONMENT": "here", "GITHUB_OUTPUT": str(folder / "output"), "GITHUB_STEP_SUMMARY": str(folder / "summary")}
    words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    done = subprocess.run(
        words, cwd=folder, env={**os.environ, **names, **more}, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_night_without_news_changes_nothing(book: Path, scripts: dict[str, str]) -> None:
    run(book, scripts["Look"])
    run(book, scripts["Record"])
    run(book, scripts["Compare"])
    assert (book / "output").read_text() == "drift=0\n"
    run(book, "git diff --exit-code -- snippets/here")


def test_what_means_something_new_is_told_and_proposed(book: Path, scripts: dict[str, str]) -> None:
    (book.parent / "greeting").write_text("good evening\n")
    run(book, scripts["Record"])
    run(book, scripts["Compare"])
    assert (book / "output").read_text() == "drift=1\n"
    assert "greeting" in (book / "summary").read_text()
    proposal, _, request = scripts["Propose"].partition("gh pr create")
    assert "--body-file drift.md" in request  # the one part that needs GitHub itself
    run(book, proposal)
    run(book, 'test "$(git -C ../remote show nightly/here:snippets/here/chapter.yml | grep -c "good evening")" = 1')


def test_every_environment_that_it_names_is_one_of_the_book() -> None:
    text = WORKFLOW.read_text()
    named = yaml.safe_load(text.partition("vars.ENVIRONMENTS || '")[2].partition("'")[0])
    known = {path.stem for path in (ROOT / "resources/environments").glob("*.yml")}
    assert named
    assert set(named) <= known


def test_its_machine_has_the_tools_of_the_gate_and_may_make_a_sandbox(scripts: dict[str, str]) -> None:
    gate = re.search(r"^tools=\((.*)\)$", (ROOT / ".ci/run").read_text(), re.MULTILINE)
    assert gate
    prepared = set(scripts["Prepare"].split())
    assert set(gate[1].split()) - prepared == {"chromium"}  # the browser, which a recording does not need
    assert "kernel.apparmor_restrict_unprivileged_userns=0" in prepared


def test_git_trusts_a_checkout_that_belongs_to_somebody_else(
    book: Path, scripts: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(book.parent))
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(AssertionError, match="dubious ownership"):
        run(book, "git status")
    run(book, scripts["Trust"])
    run(book, "git status")


def test_a_machine_of_ones_own_works_without_a_container() -> None:
    image = yaml.safe_load(WORKFLOW.read_text())["jobs"]["record"]["container"]["image"]
    # An empty text is false to GitHub: it can only stand behind the last `||`.
    assert re.fullmatch(r"\$\{\{ !vars\.RUNNER && '\S+' \|\| '' \}\}", image)


def test_it_needs_no_secret() -> None:
    assert "secrets." not in WORKFLOW.read_text()
