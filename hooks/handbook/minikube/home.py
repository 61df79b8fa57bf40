"""The home directory of a minikube environment: its own minikube, kubeconfig and files, away from the reader's."""

from __future__ import annotations

import json
import os
import re
import tempfile
from pathlib import Path

from handbook.errors import CouldNotRun
from handbook.home_directory import end_processes, remove
from handbook.lab.cache import Cache
from handbook.minikube.parameters import Parameters
from handbook.runtime import Runtime
from handbook.search_path import search_path

OWNER = ".instance"
# We have started the reader's own profile, and have to stop it.
STARTED = ".started"
# What of our own variables reaches minikube and the shells of the laptop: how to reach the driver, and settings of minikube.
PASSED = re.compile(r"(?i)USER|LOGNAME|XDG_RUNTIME_DIR|DBUS_SESSION_BUS_ADDRESS|(DOCKER|LIBVIRT|MINIKUBE)_\w+|\w+_proxy")
NOT_PASSED = ("MINIKUBE_HOME", "MINIKUBE_PROFILE", "MINIKUBE_ACTIVE_DOCKERD")


class Home:
    """The home directory of one profile; who holds it holds the profile.

    Parameters:
        parameters: Of the environment.
        instance: The running copy that wants it.
    """

    def __init__(self, parameters: Parameters, instance: str) -> None:
        self._parameters = parameters
        self._instance = instance
        self.path = Cache().root / "minikube" / parameters.profile

    @property
    def is_there(self) -> bool:
        """Whether anybody holds it."""
        return self.path.exists()

    @property
    def is_ours(self) -> bool:
        """Whether we hold it, or whoever held it is gone without a trace, as after a reboot."""
        owner = self._owner()
        return bool(owner) and (owner == self._instance or not Runtime(owner).path.exists())

    def claim(self) -> None:
        """Make it.

        Raises:
            CouldNotRun: When another running copy holds it: one profile serves one at a time.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(dir=self.path.parent, prefix=f"{self.path.name}."))
        (new / OWNER).write_text(self._instance, encoding="utf-8")
        try:
            new.rename(self.path)  # with its owner in it, or not at all
        except OSError:
            remove(new)
            if (owner := self._owner()) != self._instance:
                raise CouldNotRun(f"minikube profile {self._parameters.profile} is in use by {owner}; wait for it") from None

    def furnish(self) -> None:
        """Put the reader's settings of minikube into it, and share what minikube has downloaded already, but nothing else."""
        theirs, ours = their_minikube(), self.path / ".minikube"
        (theirs / "cache").mkdir(parents=True, exist_ok=True)
        (ours / "config").mkdir(parents=True)
        (ours / "cache").symlink_to(theirs / "cache")
        settings = _settings(theirs / "config" / "config.json") | {"WantUpdateNotification": False}
        (ours / "config" / "config.json").write_text(json.dumps(settings, indent=2), encoding="utf-8")

    def variables(self) -> dict[str, str]:
        """The whole environment of every program on the laptop."""
        passed = {name: value for name, value in os.environ.items() if PASSED.fullmatch(name) and name not in NOT_PASSED}
        if (docker := Path.home() / ".docker").is_dir():
            passed.setdefault("DOCKER_CONFIG", str(docker))
        if self._parameters.reuse:
            passed["MINIKUBE_HOME"] = str(their_minikube())
        own = {"HOME": str(self.path), "MINIKUBE_PROFILE": self._parameters.profile, "PATH": search_path(), "SHELL": "/bin/bash"}
        return {**passed, **own, "LC_ALL": "C.UTF-8", "TZ": "UTC", "TERM": "dumb"}

    @property
    def is_furnished(self) -> bool:
        """Whether there is a minikube in it."""
        return (self.path / ".minikube").exists()

    def profiles(self) -> list[str]:
        """Our profile, and those that chapters have made beside it."""
        made = (path.name for path in (self.path / ".minikube" / "profiles").glob("*/"))
        return list(dict.fromkeys([self._parameters.profile, *sorted(made)]))

    def note_start(self) -> None:
        """Note, before it happens, that the reader's own profile is started by us."""
        (self.path / STARTED).touch()

    @property
    def has_started(self) -> bool:
        """Whether it was."""
        return (self.path / STARTED).exists()

    def write_kubeconfig(self, text: str) -> None:
        """Give kubectl on the laptop its clusters."""
        (self.path / ".kube").mkdir(exist_ok=True)
        (self.path / ".kube" / "config").write_text(text, encoding="utf-8")

    def end_processes(self) -> None:
        """End what was started with it."""
        end_processes(self.path)

    def remove(self) -> None:
        """Delete it."""
        remove(self.path)

    def _owner(self) -> str:
        try:
            return (self.path / OWNER).read_text(encoding="utf-8")
        except OSError:
            return ""


def their_minikube() -> Path:
    """The reader's own directory of minikube."""
    given = os.environ.get("MINIKUBE_HOME")
    if not given:
        return Path.home() / ".minikube"
    return Path(given) if given.rstrip("/").endswith(".minikube") else Path(given) / ".minikube"


def their_kubeconfig() -> str:
    """The reader's own kubeconfig, in the form of ``KUBECONFIG``."""
    return os.environ.get("KUBECONFIG") or str(Path.home() / ".kube" / "config")


def _settings(path: Path) -> dict[str, object]:
    """What the reader has set with ``minikube config``; the profile is ours to choose."""
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise CouldNotRun(f"{path} is no JSON ({error}); mend it, or delete it") from None
    return {key: value for key, value in given.items() if key != "profile"}
