"""The folder of recordings: one folder per environment, one file per chapter, one file about each environment."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from handbook.files import write
from handbook.recording import RecordedEnvironment, Recording
from handbook.recording_file import read_environment, read_recording, write_environment, write_recording


class Store:
    """Recordings on disk.

    Parameters:
        folder: The folder, usually ``snippets/``; it need not exist.
        local: True for recordings that were made for this machine only.
    """

    def __init__(self, folder: Path, *, local: bool = False) -> None:
        self.folder = folder
        self.local = local

    @cached_property
    def environments(self) -> tuple[RecordedEnvironment, ...]:
        """Every environment that has recordings here, by name."""
        return tuple(read_environment(path, local=self.local) for path in sorted(self.folder.glob("*.yml")))

    def environment(self, name: str) -> RecordedEnvironment | None:
        """The environment of that name; None where nothing is recorded in it."""
        return next((environment for environment in self.environments if environment.name == name), None)

    def path(self, environment: str, chapter: str) -> Path:
        """Where the recording of a chapter in an environment is, or would be."""
        return self.folder / environment / f"{chapter}.yml"

    def failed_path(self, environment: str, chapter: str) -> Path:
        """Where a run is kept that failed."""
        return self.folder / environment / f"{chapter}.failed.yml"

    def load(self, environment: str, chapter: str) -> Recording | None:
        """The recording of a chapter in an environment; None where there is none.

        Raises:
            InputError: Where the file is broken.
        """
        path = self.path(environment, chapter)
        return read_recording(path, environment) if path.is_file() else None

    def chapters(self, environment: str) -> tuple[str, ...]:
        """Names of the chapters that are recorded in an environment."""
        folder = self.folder / environment
        files = (path for path in folder.rglob("*.yml") if not path.name.endswith(".failed.yml") and path.is_file())
        return tuple(sorted(path.relative_to(folder).with_suffix("").as_posix() for path in files))

    def folders(self) -> tuple[str, ...]:
        """Names of the folders that should each be an environment's."""
        return tuple(sorted(path.name for path in self.folder.glob("*/") if path.is_dir()))

    def save(self, recording: Recording) -> bool:
        """Write a recording; a failed run of the same chapter that was kept beside it goes.

        Returns:
            True where the file changed.
        """
        self.failed_path(recording.environment, recording.chapter).unlink(missing_ok=True)
        return write(self.path(recording.environment, recording.chapter), write_recording(recording))

    def save_failed(self, recording: Recording) -> Path:
        """Keep a run that failed, to look at; returns where."""
        path = self.failed_path(recording.environment, recording.chapter)
        write(path, write_recording(recording))
        return path

    def save_environment(self, environment: RecordedEnvironment) -> bool:
        """Write what is known about an environment; returns True where the file changed."""
        self.__dict__.pop("environments", None)
        return write(self.folder / f"{environment.name}.yml", write_environment(environment))
