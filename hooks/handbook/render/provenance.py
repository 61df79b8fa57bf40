"""The line under a figure: what printed it, when, how long it took, and whether it still holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from handbook.changes.pages import ChangePages
from handbook.chapter import Chapter
from handbook.edition import Edition, PrintedSnippet
from handbook.fingerprint import Fingerprint
from handbook.render.markup import attribute, escape

# The facts that explain what a tool prints; the environment's name, kernel and distribution are said anyway.
FACTS_OF_TOOLS = {
    "bridge": ("iproute2",),
    "brctl": ("bridge-utils",),
    "containerd": ("containerd",),
    "crictl": ("containerd",),
    "ctr": ("containerd",),
    "docker": ("docker",),
    "dockerd": ("docker",),
    "etcd": ("etcd",),
    "etcdctl": ("etcd",),
    "findmnt": ("util-linux",),
    "ip": ("iproute2",),
    "iptables": ("iptables", "iptables-backend"),
    "iptables-save": ("iptables", "iptables-backend"),
    "kubectl": ("kubernetes",),
    "lsns": ("util-linux",),
    "nft": ("nftables",),
    "nsenter": ("util-linux",),
    "runc": ("runc",),
    "ss": ("iproute2",),
    "systemctl": ("systemd", "cgroup"),
    "systemd-cgls": ("systemd", "cgroup"),
    "systemd-cgtop": ("systemd", "cgroup"),
    "systemd-run": ("systemd", "cgroup"),
    "unshare": ("util-linux",),
}
# What a chapter is about when it requires it.
SYSTEMS = ("docker", "containerd", "kubernetes", "etcd")
SAID_ANYWAY = ("kernel", "distribution", "iptables-backend")
MOST = 4  # facts in one line
WORD = re.compile(r"[a-z][\w-]*")


def provenance(
    chapter: Chapter, edition: Edition, printed: PrintedSnippet, facts: Iterable[str], changes: ChangePages | None = None
) -> str:
    """The line as HTML.

    Parameters:
        chapter: The snippet's chapter.
        edition: The chapter as one environment printed it.
        printed: The snippet as that environment printed it.
        facts: What ``facts_that_matter`` says of the snippet.
        changes: The site's pages about what changed; None where it has none.
    """
    environment = edition.environment
    remarks = [f"<b>{escape(environment.name)}</b>"]
    if environment.local:
        remarks.append('<b class="handbook-local">this machine</b>')
    remarks += map(escape, _words(edition, facts))
    if environment.verified:
        remarks.append(escape(f"{'recorded' if printed.stale else 'verified'} {environment.verified}"))
    remarks += [_seconds(printed.seconds), _exits(printed)]
    if printed.stale:
        remarks.append('<b class="handbook-stale">changed since it was recorded</b>')
    if changes and not environment.local and (link := changes.link(chapter.name, environment.name, printed.snippet.id)):
        before, address = link
        remarks.append(f'<a href="{attribute(address)}">changed since {escape(before)}</a>')
    *others, last = remarks
    spans = (*(f"<span>{remark} ·</span>" for remark in others), f"<span>{last}</span>")  # no line begins with a dot
    return f'<p class="handbook-provenance" data-search-exclude>{" ".join(spans)}</p>'


def _words(edition: Edition, facts: Iterable[str]) -> Iterator[str]:
    fingerprint = edition.environment.fingerprint
    distribution = fingerprint.get("distribution")
    if distribution and distribution != edition.environment.name:
        yield distribution.replace("-", " ").capitalize()
    if kernel := fingerprint.get("kernel"):
        yield f"kernel {kernel}"
    known = (name for name in facts if fingerprint.get(name) not in ("", "yes"))
    yield from (_fact(name, fingerprint) for name in islice(known, MOST))


def facts_that_matter(chapter: Chapter, printed: PrintedSnippet) -> tuple[str, ...]:
    """The facts that could explain an output: those that conditions speak of, and the versions of the tools that ran.

    Parameters:
        chapter: The snippet's chapter.
        printed: The snippet as any environment printed it.
    """
    asked = [fact.name for fact in printed.snippet.when.facts()]
    # A chapter requires many a tool that this snippet does not use.
    asked += [fact.name for fact in chapter.requires.facts() if fact.operator or fact.name in SYSTEMS]
    tools = [fact for word in _tools(printed) for fact in FACTS_OF_TOOLS.get(word, ())]
    return tuple(name for name in dict.fromkeys((*asked, *tools)) if name not in SAID_ANYWAY)


def _tools(printed: PrintedSnippet) -> Iterable[str]:
    commands = " ".join(step.command for step in printed.steps if not step.step.options.hidden)
    words = WORD.findall(commands)
    if printed.snippet.target.startswith("container:"):
        words.append("docker")
    if "/sys/fs/cgroup" in commands:
        words.append("systemctl")
    return words


def _fact(name: str, fingerprint: Fingerprint) -> str:
    value = fingerprint.get(name)
    if name == "cgroup":
        return f"cgroup v{value}"
    backend = fingerprint.get("iptables-backend") if name == "iptables" else ""
    return f"{name} {value} ({backend})" if backend else f"{name} {value}"


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.0f} s"


def _exits(printed: PrintedSnippet) -> str:
    statuses = dict.fromkeys(str(step.record.exit) for step in printed.steps if step.record)
    return f"exit {', '.join(statuses)}"
