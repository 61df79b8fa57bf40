"""Fetching a large file: what is there already is not fetched again, a cut connection is taken up where it was cut."""

from __future__ import annotations

import time
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import cast
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from handbook.errors import CouldNotRun
from handbook.progress import Progress

SILENCE = 30.0
"""Seconds without a byte after which a connection counts as cut."""

ATTEMPTS = 5
PIECE = 1 << 20
TELL = 10.0
"""Seconds between two words about how far it is."""


def read_text(address: str) -> str:
    """A small file; an empty text where the server has none.

    Raises:
        CouldNotRun: When the server does not answer, or says that it cannot now.
    """
    try:
        with urlopen(address, timeout=SILENCE) as answer:
            return cast("bytes", answer.read(4096)).decode("ascii", "replace")
    except HTTPError as error:
        if error.code != HTTPStatus.NOT_FOUND:
            raise CouldNotRun(_advice(address, error)) from None
        return ""
    except (OSError, HTTPException) as error:
        raise CouldNotRun(_advice(address, error)) from None


def download(address: str, path: Path, progress: Progress) -> None:
    """Fetch a file into ``path``; what an earlier attempt left there is its beginning.

    Raises:
        CouldNotRun: When the server refuses, or the connection is cut several times without a byte more.
    """
    tries = ATTEMPTS
    while tries:
        before = _size(path)
        try:
            return _continue(address, path, progress)
        except HTTPError as error:
            raise CouldNotRun(_advice(address, error)) from None
        except (OSError, HTTPException) as error:
            tries = ATTEMPTS if _size(path) > before else tries - 1
            cause = error
            progress.say(f"cut at {_size(path) >> 20} MB ({error}); taken up there")
            time.sleep(0.2 * (ATTEMPTS - tries))
    raise CouldNotRun(_advice(address, cause))


def _continue(address: str, path: Path, progress: Progress) -> None:
    begin = _size(path)
    request = Request(address, headers={"Range": f"bytes={begin}-"} if begin else {})
    try:
        answer = urlopen(request, timeout=SILENCE)
    except HTTPError as error:
        if error.code == 416:  # nothing is left to fetch; whether it is right its digest tells
            return
        raise
    with answer, path.open("ab" if answer.status == 206 else "wb") as file:
        total = file.tell() + int(answer.headers.get("Content-Length") or 0)
        told = time.monotonic()
        while piece := cast("HTTPResponse", answer).read(PIECE):
            file.write(piece)
            if time.monotonic() - told > TELL:
                told = time.monotonic()
                progress.say(f"{file.tell() >> 20} of {total >> 20} MB")
        if total > file.tell():
            raise ConnectionError(f"{total - file.tell()} bytes less than announced")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _advice(address: str, error: Exception) -> str:
    return f"{address}: {error}\n  next: look at the network, or name a directory that has the programs: --binaries DIR"
