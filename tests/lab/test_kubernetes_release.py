"""Fetching an official release: whole and right or not at all, from a server that has the layout of the official one."""

import hashlib
import io
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from handbook.errors import CouldNotRun
from handbook.lab.kubernetes import download
from handbook.lab.kubernetes.programs import RELEASED
from handbook.lab.kubernetes.release import VARIABLE, Release
from handbook.progress import Lines, Quiet


def archive() -> bytes:
    """A server archive as releases are, with small programs and some things that nobody wants."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as content:
        for name in (
            *(f"kubernetes/server/bin/{name}" for name in RELEASED),
            "kubernetes/LICENSES",
            "kubernetes/server/bin/mounter",
        ):
            member = tarfile.TarInfo(name)
            member.size = len(name)
            content.addfile(member, io.BytesIO(name.encode()))
    return data.getvalue()


class Server(ThreadingHTTPServer):
    """A server of releases that can be made to misbehave; it notes what it is asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.archive = archive()
        self.digests = {"sha512": hashlib.sha512(self.archive).hexdigest()}
        self.cuts = 0
        self.is_out_of_order = False
        self.asked: list[str] = []


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        name = self.path.rpartition("/")[2]
        begin = int((self.headers.get("Range") or "bytes=0-")[6:-1])
        self.server.asked.append(f"{name} {begin}")
        if self.server.is_out_of_order:
            self._answer(503, b"")
        elif not self.path.startswith("/v1.2.3/kubernetes-server-linux-"):
            self._answer(404, b"")
        elif name.endswith("tar.gz"):
            self._archive(begin)
        elif (kind := name.rpartition(".")[2]) in self.server.digests:
            self._answer(200, self.server.digests[kind].encode())
        else:
            self._answer(404, b"")

    def _archive(self, begin: int) -> None:
        rest = self.server.archive[begin:]
        if not rest:
            self._answer(416, b"")
            return
        cut = self.server.cuts > 0
        self.server.cuts -= cut
        self._answer(206 if begin else 200, rest[: len(rest) // 2] if cut else rest, len(rest))

    def _answer(self, status: int, data: bytes, length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(data) if length is None else length))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with Server() as made:
        threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}).start()
        monkeypatch.setenv(VARIABLE, f"http://127.0.0.1:{made.server_port}/")
        yield made
        made.shutdown()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "v1.2.3/bin"


@pytest.mark.usefixtures("server")
def test_a_release_is_its_programs_and_nothing_else(folder: Path) -> None:
    Release("1.2.3").fetch(folder, Quiet())
    assert sorted(path.name for path in folder.iterdir()) == sorted(RELEASED)
    assert (folder / "kubelet").read_text() == "kubernetes/server/bin/kubelet"
    assert (folder / "kubelet").stat().st_mode & 0o777 == 0o755
    assert not list(folder.parent.glob("*.tar.gz"))


def test_an_older_digest_will_do(server: Server, folder: Path) -> None:
    server.digests = {"sha256": hashlib.sha256(server.archive).hexdigest()}
    Release("1.2.3").fetch(folder, Quiet())
    assert (folder / "kubectl").exists()


def test_a_release_that_is_there_is_not_fetched_again(server: Server, folder: Path) -> None:
    folder.mkdir(parents=True)
    Release("1.2.3").fetch(folder, Quiet())
    assert server.asked == []


def test_a_wrong_digest_is_told_and_nothing_is_kept(server: Server, folder: Path) -> None:
    server.digests = {"sha512": "0" * 128}
    with pytest.raises(CouldNotRun, match=r"found sha512 [0-9a-f]{128}\n  expected 0{128}"):
        Release("1.2.3").fetch(folder, Quiet())
    assert [path.name for path in folder.parent.iterdir() if path.suffix != ".lock"] == []


def test_a_cut_connection_is_taken_up_where_it_was_cut(server: Server, folder: Path) -> None:
    server.cuts = 2
    Release("1.2.3").fetch(folder, Quiet())
    begins = [int(line.split()[1]) for line in server.asked if "tar.gz " in line]
    assert begins == [0, len(server.archive) // 2, begins[2]]
    assert begins[2] > begins[1]
    assert (folder / "kubelet").exists()


def test_a_person_is_told_how_far_it_is_and_where_it_was_cut(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "TELL", 0.0)
    server.archive, server.cuts = bytes(4 << 20), 1
    stream = io.StringIO()
    download.download(Release("1.2.3").address, tmp_path / "archive", Lines(stream))
    lines = stream.getvalue().splitlines()
    cut = next(number for number, line in enumerate(lines) if line.startswith("cut at "))
    assert lines[:cut] == ["1 of 4 MB", "2 of 4 MB"]
    assert lines[cut:] == ["cut at 2 MB (2097152 bytes less than announced); taken up there", "3 of 4 MB", "4 of 4 MB"]
    assert (tmp_path / "archive").read_bytes() == server.archive


def test_a_later_command_goes_on_from_what_an_earlier_one_has(server: Server, folder: Path) -> None:
    folder.parent.mkdir(parents=True)
    (folder.parent / "server.tar.gz").write_bytes(server.archive[:100])
    Release("1.2.3").fetch(folder, Quiet())
    assert [line.split()[1] for line in server.asked if "tar.gz " in line] == ["100"]


def test_what_is_there_as_a_whole_is_only_checked(server: Server, folder: Path) -> None:
    folder.parent.mkdir(parents=True)
    (folder.parent / "server.tar.gz").write_bytes(server.archive)
    Release("1.2.3").fetch(folder, Quiet())
    assert (folder / "kubelet").exists()


@pytest.mark.usefixtures("server")
def test_a_release_that_does_not_exist_is_told_with_its_address(tmp_path: Path) -> None:
    with pytest.raises(CouldNotRun, match=r"/v9\.9\.9/kubernetes-server-linux-\w+\.tar\.gz\.sha512 and no \.sha256"):
        Release("9.9.9").fetch(tmp_path / "bin", Quiet())


def test_a_server_that_is_not_there_is_told_with_the_way_around(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "http://127.0.0.1:1")
    with pytest.raises(CouldNotRun, match=r"Connection refused(.|\n)*--binaries DIR"):
        Release("1.2.3").fetch(folder, Quiet())


def test_a_server_that_is_out_of_order_does_not_lack_the_release(server: Server, folder: Path) -> None:
    server.is_out_of_order = True
    with pytest.raises(CouldNotRun, match=r"\.sha512: HTTP Error 503(.|\n)*--binaries DIR"):
        Release("1.2.3").fetch(folder, Quiet())


def test_a_connection_that_stays_cut_is_given_up(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "ATTEMPTS", 2)
    server.cuts = 1000
    with pytest.raises(CouldNotRun, match="bytes less than announced"):
        download.download(Release("1.2.3").address, tmp_path / "archive", Quiet())
