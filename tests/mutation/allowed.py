"""What may be another thing in another run without a word of the comparison, and why: one line for each, by command and text.

A change that nobody notices must lie in text that one of these describes. They say nothing of how a chapter or a rule for noise is
written, so that an ``ignore=`` or a rule that hides more than it should finds no reason here. One that describes nothing of any
recording fails the whole proof, ``make mutation``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from handbook.recording import Recording

from tests.mutation.mutants import Mutant
from tests.mutation.unseen import IGNORED, NOT_READ, Unseen, hidden_change, unseen

NUMBER = r"\d+(?:\.\d+)?"
SIZE = rf"{NUMBER} ?[kKMGT]?i?B?"
SPAN = rf"(?:{NUMBER} ?(?:ns|us|µs|ms|min|[smhdy]) ?)+"
LONG = r"(?:\d+|About an?|Less than an?) (?:second|minute|hour|day|week|month|year)s?"
DAY, MONTH = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)", r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
DATE = rf"(?:\b(?:{DAY},?|{MONTH}|[\d:.,/T+-]+|UTC|GMT|Z)(?: +|/|(?=Z)|\b|$))+"
POD = r"go-webserver-[0-9a-z]+-[0-9a-z]+"


class Allowed(NamedTuple):
    """Text that may be another one.

    Parameters:
        cover: Why the comparison lets it pass: what a noise or a form is called, ``ignored``, ``not read``.
        where: A regular expression, found in the kind and the command: ``table: kubectl get pods``.
        text: A regular expression; what it matches in a line may be another text of any sort.
        why: The reason.
    """

    cover: str
    where: str
    text: str
    why: str


# What chapters ignore.
IGNORES = (
    ("text: etcdctl compact", r"\d+", "the revision of a database counts what everybody has written"),
    ("text: cat /proc/.*/mounts", r"\d+", "how many mounts a machine has is its own business"),
    ("text: .*brctl showmacs", r"\d+\.\d\d", "seconds since the last packet"),
    ("text: .*brctl show$", r"8000\.[0-9a-f]{12}", "a bridge that is called by an address that the kernel makes up"),
    ("text: ipcs --queues", r"0x[0-9a-f]{8}", "the key of a queue is made up"),
    ("text: head -n 1 /proc/meminfo", r"\d+", "how much memory a machine has is its own business"),
    ("text: sudo unshare --pid --fork", r"me \d+$", "a process as /proc of another namespace numbers it"),
    ("text: .*conntrack -L$", r"\d+ (?=src=)|\b(?:id|use)=\d+", "seconds that are left, the id of a packet, who looks at it"),
    ("text: .*conntrack -L$", r"(?<=conntrack v)[\d.]+", "the program says its version, which is that of the node's Debian"),
    ("text: .*conntrack -L -p", r"port=\d+|(?:src|dst)=10\.244\S+", "the port of the caller, and the Pod that chance chose"),
    (
        "text: .*--unit=hungry",
        r"\.service(?:; invocation ID: [0-9a-f]{32})?",
        "an invocation has an id of its own, told in time or not",
    ),
    ("text: .*--unit=hungry", rf"(?:runtime|consumed): {SPAN}", "how long it takes to use up the memory"),
    ("text: etcdctl get --rev", r'"ts":.*?(?="msg")', "when a client said it, and which line of which version of it"),
    ("text: etcdctl get --rev", r'"target":.*?(?="attempt")', "a client makes up its own name, and takes any port"),
    ("text: kubectl wait --for=delete", r"pod/\S+ condition met", "one that is gone already is not waited for"),
    ("text: watch -n", rf"http://\S+ +\S+: {DATE}", "the address, the machine and the time in the title of watch"),
    ("text: watch -n|http: curl", POD, "chance chooses who answers"),
    ("http: curl", r"after \d+ ms", "how long it took to be refused"),
    ("http: .*etcd_debugging_mvcc_watcher_total", r"\d+$", "how many watchers there are depends on what has started so far"),
    ("json_document: .*stats/self", SPAN, "how long it has been running"),
    ("json_document: .*stats/store", r'"gets\w+": \d+', "others ask too: how often, is chance"),
    ("json_document: .*raft_term", r'raft_term":\d+', "a term more for every start"),
    (
        "nft: .*list chain ip kube-proxy",
        r"10\.244\.\d+\.\d+|endpoint-[A-Z2-7]{8}-default/my-nginx/tcp/\S+",
        "the Pod that chance leaves",
    ),
    ("cgroup_files: .*memory.events", r"^max \d+", "how often it ran into its limit before it was killed"),
    ("cgroup_files: .*cpu.stat", r"\d+$", "how far it has come"),
    ("systemd_cgls: ", r"\(#\d+\)", "the inode of a group"),
    ("table: .*kubectl get pod again", r"(?<=CrashLoopBackOff   )\d+(?: \(\d+s ago\))?", "how often it has been tried so far"),
    ("template: .*kubectl get pod again", r"back-off \d+m?\d*s", "how often it has been tried so far"),
)
# What the rules of kinds take for noise, or for something of which only the form counts.
NOISE = (
    ("age", "", rf"{LONG}(?: ago)?|{SPAN}(?:ago)?|\d+(?::\d\d)+|\d+-\d\d:\S+|{MONTH}\d\d", "how long ago it was"),
    ("age", "text: brctl showmacs", r"\d+\.\d\d", "seconds since the last packet"),
    ("date", "", DATE, "when it was"),
    ("duration", "", rf"{SPAN}|(?<=time ){SPAN}|[\d./]+ ms", "how long it took"),
    ("load", "", r"load average: [\d., ]+", "how busy the machine is"),
    ("uptime", "", r"up +.*?,", "how long the machine has been up"),
    ("count", "", r"\d+[KMG]?", "how many others there are: links, blocks, processes, groups, signals, descriptors"),
    ("counter", "", r"(?:\d+[KMGTP]? packets, \d+[KMGTP]? bytes|\d+[KMGTP]?)", "packets, descriptors and revisions count up"),
    ("usage", "", SIZE + "%?", "what is used at a moment"),
    (
        "usage",
        "systemctl: ",
        rf"(?:limit|peak|swap|available|high|max|min): \S+|CPU: {SPAN}|Invocation: [0-9a-f]+",
        "what is used at a moment, and which start it is",
    ),
    ("size", "", SIZE, "a size of the same order"),
    ("size of a directory", "", SIZE, "how many names fit into a directory as the file system made it"),
    ("share of the memory", "", r"\d+k?,nr_inodes=\d+k?", "a share of the memory that the machine has"),
    ("references", "", r"\d+", "how many rules point to a chain follows from the rules"),
    ("hops", "", r"ttl=\d+", "how far away it is"),
    ("handle", "", r"handle \d+", "numbers that nft gives away in the order in which it is told"),
    ("ETag", "", r'"[0-9a-f]+-[0-9a-f]+"', "when a file changed, and its size"),
    ("device", "", r"Device: \S+", "which device the kernel gave it"),
    ("inode", "", r"\(#\d+\)", "the inode of a group"),
    ("cut off", "systemd_cgls: ", r".*…$", "how much of a command fits on a line, behind a number of however many digits"),
)
# What the rules of kinds do not read at all.
UNREAD = (
    ("http: ", r"^[*{}] .*", "what curl remarks is another thing in every version of it"),
    ("iptables: iptables-save", r"^#.*", "iptables-save says in a remark when it ran, and its version"),
    (
        "stream: kubectl .*rollout status",
        r"^Waiting for .*",
        "of a rollout its end counts: how often it waited, and for how many, is chance",
    ),
    ("describe: ", r"^ +(?:Type|----) .*", "the titles of the columns of events"),
    (
        "describe: ",
        r"(?<=\S) {2,}(?:\S+ )*\(?(?:\d\S*|<\w+>).*$|^Events: +<none>",
        "of events their types and reasons count, each once",
    ),
    ("systemctl: systemctl status", rf"^{MONTH} .*", "a log"),
    ("nft: .*-a", r"# handle \d+", "numbers that nft gives away in the order in which it is told"),
    ("systemd_cgls: ", r"[├└]─\d+ .*", "who runs the same command counts once, and who only passes not at all"),
)


def allowed_for(one: Unseen) -> Allowed | None:
    """Why a word or a number may be another one; None where nobody knows."""
    _, start, end = one.found.leaf.place
    for allowed in ALLOWED:
        if allowed.cover == one.cover and re.search(allowed.where, f"{one.kind}: {one.step.command}"):
            spans = (match.span() for match in re.finditer(allowed.text, one.line))
            if any(low <= start and end <= high for low, high in spans):
                return allowed
    return None


def unexplained(recording: Recording) -> Iterator[Mutant]:
    """Mutants of what seems to be hidden and has no reason to be: each word of a step once, of numbers each length."""
    known = set()
    for one in unseen(recording):
        size = one.text if one.text.isalpha() else str(len(one.text))
        sort = (one.found.snippet, one.found.step, one.cover, size)
        if sort not in known and not allowed_for(one):
            known.add(sort)
            yield hidden_change(recording, one)


ALLOWED = (
    *(Allowed(IGNORED, *each) for each in IGNORES),
    *(Allowed(*each) for each in NOISE),
    *(Allowed(NOT_READ, *each) for each in UNREAD),
)
