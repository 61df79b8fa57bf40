from __future__ import annotations

import html
import re
from dataclasses import replace

from handbook.recording import RecordedStep
from handbook.render import plain_figure, recorded_figure, unrecorded_figure

from tests.books import FACTS, block, chapter_of, edition_of

OLD = {**FACTS, "distribution": "debian-12", "docker": "20.10.24", "iptables": "1.8.9"}
VARIANTS = '```console {#limits when="docker < 26"}\n$ old\n```\n\n```console {#limits when="docker >= 26"}\n$ new\n```\n'


def panels(figure: str) -> list[tuple[str, bool]]:
    """The environments of a figure, each with whether it is shown; the others lie in an attribute."""
    found = re.findall(r'class="handbook-panel" data-environment="(.*?)" data-order="\d+"( hidden data-content)?', figure)
    return [(name, not hidden) for name, hidden in found]


def copied(figure: str) -> str:
    found = re.search(r'class="handbook-screen" data-copy="(.*?)"', figure)
    assert found
    return html.unescape(found[1])


def text(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


def provenance(figure: str) -> str:
    found = re.search(r'<p class="handbook-provenance".*?</p>', figure)
    assert found
    return text(found[0])


def test_commands_and_output_are_one_figure() -> None:
    chapter = chapter_of(block("# Who am I?\n$ whoami\n$ id -u"))
    figure = recorded_figure(chapter, chapter.snippets[0], [edition_of(chapter, {"one": ["root\n", "0\n"]})])
    assert figure.count("<figure") == figure.count("</figure>") == 1
    assert re.search(r"Who am I\?\s*\$ whoami\s*root\s*\$ id -u\s*0", text(figure))


def test_what_is_copied_is_the_commands_as_they_ran() -> None:
    chapter = chapter_of(
        block("# A comment\n$ echo 4711\n#: capture pid=\\d+\n$ cat <<END\n> {{ pid }}\n> END\n$ secret\n#: hidden")
    )
    step = RecordedStep("echo 4711", "capture pid=\\d+", 0, 0.1, "4711\n", captured=(("pid", "4711"),))
    edition = edition_of(chapter, {"one": [step, "4711\n", ""]})
    assert copied(recorded_figure(chapter, chapter.snippets[0], [edition])) == "echo 4711\ncat <<END\n4711\nEND"


def test_a_hidden_step_leaves_no_trace() -> None:
    chapter = chapter_of(block("$ secret\n#: hidden\n$ shown"))
    figure = recorded_figure(chapter, chapter.snippets[0], [edition_of(chapter, {"one": ["its output\n", ""]})])
    assert "secret" not in figure
    assert "its output" not in figure


def test_every_environment_is_in_the_page_and_the_first_is_shown() -> None:
    chapter = chapter_of(block("$ one"))
    editions = [edition_of(chapter, {"one": ["new\n"]}), edition_of(chapter, {"one": ["old\n"]}, "debian-12", OLD, 12)]
    figure = recorded_figure(chapter, chapter.snippets[0], editions)
    assert panels(figure) == [("debian-13", True), ("debian-12", False)]
    assert "new" in figure
    assert "old" in figure


def test_a_variant_says_whom_it_is_for_and_folds_where_the_first_environment_has_another() -> None:
    chapter = chapter_of(VARIANTS)
    editions = [edition_of(chapter, {"limits": ["n\n"]}), edition_of(chapter, {"limits": ["o\n"]}, "debian-12", OLD, 12)]
    old, new = (recorded_figure(chapter, snippet, editions) for snippet in chapter.snippets)
    assert panels(old) == [("debian-12", True)]
    assert panels(new) == [("debian-13", True)]
    assert '<details class="handbook-variant"><summary>For debian-12 <span>docker &lt; 26</span>' in old
    assert '<details class="handbook-variant" open><summary>For debian-13' in new
    assert 'id="figure-limits"' in old
    assert 'id="figure-limits-2"' in new


def test_a_figure_that_an_environment_lacks_says_where_it_was_recorded() -> None:
    chapter = chapter_of(block("$ one") + block("$ two", "{#two}"))
    editions = [edition_of(chapter, {"one": ["1\n"]}), edition_of(chapter, {"one": ["1\n"], "two": ["2\n"]}, "debian-12", OLD, 12)]
    first, second = (recorded_figure(chapter, snippet, editions) for snippet in chapter.snippets)
    assert "handbook-elsewhere" not in first
    assert '<p class="handbook-elsewhere">Recorded in debian-12 only.</p>' in second


def test_the_line_below_names_machine_versions_day_seconds_and_exit() -> None:
    chapter = chapter_of(block("$ sudo iptables -L"))
    figure = recorded_figure(chapter, chapter.snippets[0], [edition_of(chapter, {"one": ["x\n"]})])
    assert provenance(figure) == "debian-13 · kernel 6.18.44 · iptables 1.8.11 (nf_tables) · verified 2026-11-23 · 0.25 s · exit 0"


def test_the_line_below_names_the_distribution_where_the_environments_name_does_not() -> None:
    chapter = chapter_of(block("$ true", "{#one target=container:web}"))
    figure = recorded_figure(chapter, chapter.snippets[0], [edition_of(chapter, {"one": [""]}, "sandbox", local=True)])
    assert provenance(figure).startswith("sandbox · this machine · Debian 13 · kernel 6.18.44 · docker 26.1.5 · verified")
    assert "in container web" in text(figure)


def test_the_line_below_names_what_its_chapter_is_about_and_no_tool_that_only_others_use() -> None:
    facts = {**FACTS, "jq": "1.7", "cgroup": "1"}
    chapter = chapter_of("---\nrequires: docker and jq and cgroup == 1\n---\n" + block("$ hostname"))
    line = provenance(recorded_figure(chapter, chapter.snippets[0], [edition_of(chapter, {"one": ["x\n"]}, facts=facts)]))
    assert "docker 26.1.5 · cgroup v1" in line
    assert "jq" not in line


def test_a_failed_command_says_so_quietly() -> None:
    chapter = chapter_of(block("$ false\n#: exit=1\n$ true"))
    figure = recorded_figure(chapter, chapter.snippets[0], [edition_of(chapter, {"one": ["", ""]})])
    assert figure.count('<p class="handbook-remark">exit 1</p>') == 1
    assert provenance(figure).endswith("exit 1, 0")


def test_an_endless_command_says_that_it_was_stopped() -> None:
    chapter = chapter_of(block("$ top\n#: tty for=2"))
    step = RecordedStep("top", "tty for=2", 143, 2.0, "x\n")
    assert "stopped after 2 s" in recorded_figure(chapter, chapter.snippets[0], [edition_of(chapter, {"one": [step]})])


def test_a_stale_figure_is_marked_and_shows_no_output_that_is_not_its_own() -> None:
    was, now = chapter_of(block("$ one\n$ two")), chapter_of(block("$ one\n$ deux"))
    edition = edition_of(was, {"one": ["1\n", "2\n"]})
    printed = edition.snippets[0]
    stale = replace(printed, snippet=now.snippets[0], stale=True, steps=(printed.steps[0], replace(printed.steps[1], record=None)))
    figure = recorded_figure(now, now.snippets[0], [replace(edition, snippets=(stale,))])
    assert "changed since it was recorded" in provenance(figure)
    assert "recorded 2026-11-23" in provenance(figure)
    assert "Not recorded since it changed." in figure


def test_a_figure_that_nobody_recorded_shows_its_commands_and_why() -> None:
    chapter = chapter_of(block("$ one <x>"))
    figure = unrecorded_figure(chapter, chapter.snippets[0], "Not recorded & why")
    assert "$ one &lt;x&gt;" in re.sub(r"</?span[^>]*>", "", figure)
    assert '<p class="handbook-note" role="note">Not recorded &amp; why</p>' in figure


def test_a_block_without_id_shows_what_its_author_wrote() -> None:
    snippet = chapter_of(block("$ make site\nIt is in <site>", "")).snippets[0]
    figure = plain_figure(snippet)
    assert "It is in &lt;site&gt;" in figure
    assert copied(figure) == "make site"
    assert "handbook-provenance" not in figure


def test_a_block_without_a_command_shows_its_text() -> None:
    snippet = replace(chapter_of(block("$ x\ny", "")).snippets[0], steps=())
    assert "&lt;just text&gt;" in plain_figure(snippet, text="<just text>")


def test_a_search_finds_commands_and_no_outputs() -> None:
    chapter = chapter_of(block("$ one"))
    figure = recorded_figure(chapter, chapter.snippets[0], [edition_of(chapter, {"one": ["x\n"]})])
    assert re.findall(r'class="(handbook-[a-z]+)"[^>]*data-search-exclude', figure) == ["handbook-output", "handbook-provenance"]
