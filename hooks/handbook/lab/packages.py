"""Fetching Debian packages for container images, with this machine's apt in folders of its own: its lists stay as they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from handbook.errors import CouldNotRun
from handbook.lab import host

LONGEST = 900.0
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


@dataclass(frozen=True, slots=True)
class Apt:
    """An apt that sees one suite and one package database.

    Parameters:
        folder: Where its lists are; made by this.
        mirror: Address of the mirror.
        suite: Debian suite.
        installed: The dpkg status file that says what is there already.
    """

    folder: Path
    mirror: str
    suite: str
    installed: str

    def fetch(self, packages: tuple[str, ...], target: Path, log: Path) -> None:
        """Put some packages, and what they need that is not installed, into a directory as ``.deb`` files.

        Raises:
            CouldNotRun: When the mirror does not have them.
        """
        options = self._prepare(target, log)
        words = ("--quiet", "--yes", "--no-install-recommends", "--download-only", "install", *packages)
        host.run("apt-get", *options, *words, timeout=LONGEST, log=log)
        (target / "partial").rmdir()
        (target / "lock").unlink(missing_ok=True)

    def download(self, package: str, target: Path, log: Path) -> Path:
        """Put one package, without what it needs, into a directory. A package that only names another one stands for that.

        Raises:
            CouldNotRun: When the mirror does not have it.
        """
        options = self._prepare(target, log)
        words = ("depends", "--no-recommends", "--no-suggests", package)
        depends = host.run("apt-cache", *options, *words, timeout=LONGEST)
        newest = re.search(rf"Depends: ({re.escape(package)}-\S+)", depends)
        host.run(
            "env",
            f"--chdir={target}",
            "apt-get",
            *options,
            "--quiet",
            "download",
            newest[1] if newest else package,
            timeout=LONGEST,
            log=log,
        )
        return next(target.glob("*.deb"))

    def _prepare(self, target: Path, log: Path) -> list[str]:
        """The options of an apt whose lists are there."""
        (target / "partial").mkdir(parents=True)
        options = self._options(target)
        updated = self.folder / "updated"
        if not updated.exists():
            host.run("apt-get", *options, "--quiet", "update", timeout=LONGEST, log=log)
            updated.touch()
        return options

    def _options(self, target: Path) -> list[str]:
        lists = self.folder / "lists"
        (lists / "partial").mkdir(parents=True, exist_ok=True)
        sources, status = self.folder / "sources.list", self.folder / "status"
        sources.write_text(f"deb [signed-by={KEYRING}] {self.mirror} {self.suite} main\n", encoding="utf-8")
        status.write_text(self.installed, encoding="utf-8")
        settings = {
            "Dir::Etc::sourcelist": sources,
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::Etc::preferencesparts": "/dev/null",
            "Dir::State::lists": lists,
            "Dir::State::extended_states": "/dev/null",
            "Dir::State::status": status,
            "Dir::Cache::archives": target,
            "Dir::Cache::pkgcache": "",
            "Dir::Cache::srcpkgcache": "",
            "APT::Sandbox::User": "root",
            "Acquire::Languages": "none",
        }
        return [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]


def version_of(package: str, folder: Path) -> str:
    """The upstream version of a fetched package, for instance ``1.22.1``, read from its file's name.

    Raises:
        CouldNotRun: When it is not there.
    """
    for path in folder.glob(f"{package}_*.deb"):
        if found := re.match(r"(?:\d+%3a)?(\d+(?:\.\d+)*)", path.name.removeprefix(f"{package}_")):
            return found[1]
    raise CouldNotRun(f"no package {package} among those fetched into {folder}")
