"""In the node: its network, then what is asked for over the serial lines, a thread and one session at a time for each.

Runs on Debian's python3-minimal, of any Debian from 12 on.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import threading
from pathlib import Path

from handbook.lab.uml.frames import HEADER, PIECE, READY, RESET, START, Request
from handbook.lab.uml.line import Line, open_line
from handbook.lab.uml.node_session import run

MODULES = Path("/run/outside/modules")
SYSTEM_MODULES = Path("/usr/lib/modules")
OWN_PROCESSORS = Path("/run/cpuinfo")
RATE = Path("/run/outside/rate")
"""The line of the machine's /proc/cpuinfo."""

NETWORK = Path(__file__).with_name("network.sh")


def main() -> None:
    """Serve until the node ends."""
    use_modules()
    tell_clock_rate()
    make_router()
    for number in re.findall(r"\bssl(\d+)=fd:", Path("/proc/cmdline").read_text(encoding="utf-8")):
        threading.Thread(target=serve, args=[f"/dev/ttyS{number}"], daemon=True).start()
    tell_systemd("READY=1")
    while True:
        signal.pause()


def use_modules() -> None:
    """Where the kernel has modules, it is Debian's 6.1: it has nothing of nftables that iptables could use."""
    if MODULES.exists():
        SYSTEM_MODULES.mkdir(exist_ok=True)
        subprocess.run(["mount", "--bind", str(MODULES), str(SYSTEM_MODULES)], check=True)
        for name in ("iptables", "ip6tables"):
            subprocess.run(["update-alternatives", "--quiet", "--set", name, f"/usr/sbin/{name}-legacy"], check=True)


def make_router() -> None:
    """Give the node its network. The router's namespace has no name and no process: it lives in a descriptor that stays open."""
    with subprocess.Popen(["unshare", "--net", "sh", str(NETWORK)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as router:
        assert router.stdin
        assert router.stdout
        if router.stdout.readline() != b"ready\n":
            raise SystemExit("the node's network did not come up")
        os.open(f"/proc/{router.pid}/ns/net", os.O_RDONLY)
        router.stdin.close()


def tell_clock_rate() -> None:
    """Put the clock rate of the machine into /proc/cpuinfo, where this kernel has none: a kubelet does not start without it."""
    processors, rate = Path("/proc/cpuinfo").read_text(encoding="utf-8"), RATE.read_text(encoding="utf-8")
    if rate and "cpu MHz" not in processors:
        OWN_PROCESSORS.write_text(re.sub("(?m)^model name.*$", rf"\g<0>\n{rate}", processors), encoding="utf-8")
        subprocess.run(["mount", "--bind", str(OWN_PROCESSORS), "/proc/cpuinfo"], check=True)


def tell_systemd(message: str) -> None:
    """Send what sd_notify(3) would."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notice:
        notice.sendto(message.encode(), os.environ["NOTIFY_SOCKET"])


def serve(path: str) -> None:
    """Be first, and run what is asked for over a line."""
    be_first()
    run_sessions(open_line(path))


def run_sessions(line: Line) -> None:
    """Run session after session, for as long as the line is there."""
    line.send(READY)
    request = b""
    while True:
        kind, data = line.receive()
        if kind == RESET:
            line.send(READY, data)
        elif kind in {PIECE, START}:
            line.taken(HEADER.size + len(data))
            request += data
        if kind == START:
            run(line, Request.unpack(request))
            request = b""


def be_first() -> None:
    """Run before every other process of the node, so that a write is read before the next one is made: their order stays known."""
    policy = os.SCHED_FIFO | os.SCHED_RESET_ON_FORK
    os.sched_setscheduler(0, policy, os.sched_param(1))
