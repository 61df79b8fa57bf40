"""Books with many recorded steps, no two of which print the same."""

from __future__ import annotations

from pathlib import Path

from handbook.book import Book

from tests import books

CHAPTER = 100  # steps of one chapter
OLD, NEW = {"docker": "20.10.24"}, {"docker": "26.1.5"}
POD = "my-nginx-6d897b74dc-{suffix}   1/1     Running   0          {age}m   10.244.{high}.{low}"
TEMPLATES = (
    (
        "kubectl get pods -o wide -l step={n}",
        f"NAME                        READY   STATUS    RESTARTS   AGE   IP\n{POD}\n",
    ),
    (
        "docker inspect web{n}",
        '{{\n  "Id": "{hex}",\n  "Pid": {n},\n  "Memory": 13421{n},\n  "IPAddress": "10.1.{high}.{low}"\n}}\n',
    ),
    (
        "sudo iptables -t nat -S CHAIN{n}",
        "-N CHAIN{n}\n-A CHAIN{n} -d 10.1.{high}.{low}/32 -p tcp -j DNAT --to-destination 10.2.{high}.{low}:80\n",
    ),
    (
        "ip addr show dev eth{n}",
        "{n}: eth{n}: <UP> mtu 1500\n    link/ether 02:42:ac:11:{h}:{l}\n    inet 10.3.{high}.{low}/24 scope global\n",
    ),
    ("ls -l /tmp/{n}", "total {n}\n-rw-r--r-- 1 root root {n} Nov 23 2{clock} file{n}\n"),
    ("cat /proc/{n}/status", "Name:\tsleep{n}\nPid:\t{n}\nVmRSS:\t {n} kB\n"),
    ("echo step {n}", "step {n} took 1.{n} seconds, {hex}\n"),
)


def printed(number: int, run: int) -> tuple[str, str]:
    """The command of a step, and what it printed in a run."""
    command, output = TEMPLATES[number % len(TEMPLATES)]
    high, low = divmod(number + run, 250)
    values = {
        "n": 1000 + number,
        "suffix": "".join("bcdfghjklmnpqrstvwxz"[(number // 20**place + run) % 20] for place in range(4)) + "2",
        "age": 1 + (number + run) % 59,
        "high": high % 250,
        "low": 1 + low,
        "h": f"{high % 256:02x}",
        "l": f"{low % 256:02x}",
        "hex": f"{number * 7 + run:08x}" * 8,
        "clock": f"{run}:{number % 60:02d}",
    }
    return command.format(**values), output.format(**values)


def write(root: Path, steps: int) -> Book:
    """A book of so many steps in chapters of a hundred, recorded in ``old`` and ``new``."""
    chapters = range(0, steps, CHAPTER)
    pages = {f"chapter{first}": _page(range(first, first + CHAPTER)) for first in chapters}
    book = books.write_book(root, pages)
    for first in chapters:
        for run, (environment, facts) in enumerate((("old", OLD), ("new", NEW))):
            outputs = [printed(number, run)[1] for number in range(first, first + CHAPTER)]
            books.record(book, f"chapter{first}", environment, {f"snippet{first}": outputs}, facts)
    return book


def _page(numbers: range) -> str:
    return books.block("\n".join(f"$ {printed(number, 0)[0]}" for number in numbers), f"{{#snippet{numbers[0]}}}")
