"""What goes into the lab: every change of it makes another part, every mistake in it is told with its line."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from handbook.environment import load_environment
from handbook.environments.lab import Lab
from handbook.errors import CouldNotRun, InputError
from handbook.lab.digest import digest
from handbook.lab.files import lay_over
from handbook.lab.host_package import HostPackage
from handbook.lab.mirror import mirror_of_sources
from handbook.lab.packages import version_of
from handbook.lab.parameters import Parameters, read_parameters
from handbook.lab.recipe import load_recipe
from handbook.lab.resources import resources_of
from handbook.lab.root_filesystem import RootFilesystem

from tests.lab.lab_node import BOOK, ENVIRONMENTS

BROKEN = """\
provider: lab
parameters:
  suite: 13
  machine: toaster
  packages: [good, Not-A-Package]
  images: nginx
  colour: red
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    (folder / "etc").mkdir(parents=True)
    (folder / "etc/hostname").write_text("node\n")
    (folder / "run").write_text("#!/bin/sh\n")
    (folder / "run").chmod(0o755)
    return folder


def test_a_digest_is_the_same_for_whoever_cloned(files: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(files, copy)
    (copy / "etc/hostname").chmod(0o600)
    assert digest(["a"], copy) == digest(["a"], files)


@pytest.mark.parametrize("change", ["content", "name", "executable", "word", "split"])
def test_every_change_of_what_goes_in_changes_the_digest(files: Path, change: str) -> None:
    before = digest(["a", "b"], files)
    words = {"word": ["a", "c"], "split": ["ab", ""]}.get(change, ["a", "b"])
    if change == "content":
        (files / "etc/hostname").write_text("other\n")
    if change == "name":
        (files / "etc/hostname").rename(files / "etc/other")
    if change == "executable":
        (files / "run").chmod(0o644)
    assert digest(words, files) != before


def test_packages_in_another_order_make_the_same_root_file_system(files: Path) -> None:
    key = RootFilesystem("trixie", ("b", "a"), (files,)).key
    assert key == RootFilesystem("trixie", ("a", "b"), (files,)).key
    assert key != RootFilesystem("trixie", ("a", "c"), (files,)).key
    assert key != RootFilesystem("bookworm", ("a", "b"), (files,)).key


def test_files_are_laid_over_with_modes_that_git_knows(files: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "etc").mkdir(parents=True)
    (root / "etc/hostname").symlink_to("/etc/hostname")
    (files / "etc/hostname").chmod(0o600)
    lay_over(files, root)
    assert (root / "etc/hostname").read_text() == "node\n"
    assert not (root / "etc/hostname").is_symlink()
    assert [oct((root / name).stat().st_mode & 0o777) for name in ("etc/hostname", "run")] == ["0o644", "0o755"]


def test_every_mistake_in_the_parameters_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.yml"
    path.write_text(BROKEN)
    with pytest.raises(InputError) as raised:
        read_parameters(load_environment(path))
    found = [(mistake.line, mistake.found) for mistake in raised.value.mistakes]
    assert found == [
        (3, "suite: 13"),
        (4, "machine 'toaster'"),
        (5, "'Not-A-Package' in packages"),
        (6, "images: 'nginx'"),
        (7, "parameter 'colour'"),
    ]
    assert "nspawn" in raised.value.mistakes[1].expected


def test_a_missing_suite_is_told(tmp_path: Path) -> None:
    path = tmp_path / "empty.yml"
    path.write_text("provider: lab\nparameters:\n  machine: nspawn\n")
    with pytest.raises(InputError, match=r"empty\.yml:3: found no parameter 'suite'"):
        read_parameters(load_environment(path))


def test_an_environment_of_another_book_says_what_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "resources/environments/mine.yml"
    path.parent.mkdir(parents=True)
    path.write_text("provider: lab\nparameters:\n  suite: trixie\n")
    with pytest.raises(InputError, match=r"the folder \.\./lab with the files of its node"):
        Lab(load_environment(path), "mine")


@pytest.mark.parametrize("name", ["debian-12", "debian-13", "debian-13-uml"])
def test_the_books_environments_can_be_read_and_name_no_mirror(name: str) -> None:
    environment = load_environment(ENVIRONMENTS / f"{name}.yml")
    parameters = read_parameters(environment)
    assert isinstance(parameters, Parameters)
    assert environment.facts == {"cgroup": "2" if parameters.machine == "uml" else "1"}
    assert "docker.io" in resources_of(environment).packages(parameters.machine, ["docker"])
    for image in parameters.images:
        assert load_recipe(resources_of(environment).image(image)).tags
    assert "://" not in environment.path.read_text()


def test_no_file_of_the_lab_names_a_mirror() -> None:
    files = (path for folder in ("lab", "images") for path in (BOOK / "resources" / folder).rglob("*") if path.is_file())
    assert [path for path in files if re.search(r"(?<!unix)://", path.read_text())] == []


def test_what_a_machine_lacks_comes_with_the_command_that_gets_it() -> None:
    assert HostPackage("coreutils", "cat", "reads files").is_there()
    assert not HostPackage("nothing", "/no/such/file", "nothing").is_there()
    missing = HostPackage("magic-tools", "no-such-program", "does magic").missing()
    assert (missing.what, missing.why) == ("no-such-program", "does magic")
    assert missing.remedy == "apt-get install --no-install-recommends magic-tools"


@pytest.mark.parametrize(
    "text",
    ["", "tags: []\n", "- a list\n", "tags: [a]\ncolour: red\n", "tags: [broken\n", "tags: ['web:{colour}']\n", "tags: web\n"],
)
def test_a_broken_recipe_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "image.yml").write_text(text)
    with pytest.raises(InputError, match=r"image\.yml:1: found"):
        load_recipe(tmp_path)


def test_a_recipe_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a recipe of the image 'nowhere'"):
        load_recipe(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "line",
    ["deb http://mirror.example/debian trixie main", "deb [signed-by=/usr/share/key.gpg] http://mirror.example/debian trixie main"],
)
def test_the_mirror_is_read_from_where_apt_has_it(line: str) -> None:
    assert mirror_of_sources(f"# a comment\n{line}\n") == "http://mirror.example/debian"


def test_a_version_is_read_from_a_packages_file(tmp_path: Path) -> None:
    for name in ("nginx_1.22.1-9+deb12u2_amd64.deb", "nginx-common_9.9_all.deb", "busybox_1%3a1.35.0-4_amd64.deb"):
        (tmp_path / name).touch()
    assert version_of("nginx", tmp_path) == "1.22.1"
    assert version_of("busybox", tmp_path) == "1.35.0"
    with pytest.raises(CouldNotRun, match="no package etcd"):
        version_of("etcd", tmp_path)


@pytest.mark.parametrize(("user", "environments"), [("0", "debian-12 debian-13"), ("1001", "debian-13-uml")])
def test_make_lab_takes_the_machine_that_its_user_may_boot(user: str, environments: str, tmp_path: Path) -> None:
    (tmp_path / "id").write_text(f"#!/bin/sh\necho {user}\n")
    (tmp_path / "id").chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    words = ["make", "--dry-run", "--no-print-directory", "lab"]
    said = subprocess.run(words, cwd=BOOK, env={"PATH": path}, capture_output=True, text=True, timeout=60, check=True).stdout
    assert re.findall(r"docs --environment (\S+)", said) == environments.split()
