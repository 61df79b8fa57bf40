"""Which parts of a system a sandbox shows, and how."""

from pathlib import Path

import pytest
from handbook.sandbox.system import Directory, Layer, Link, homes, layers, mount_points, script, system_parts


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small system."""
    for directory in ("usr/bin", "usr/local/bin", "etc/apt", "var/lib/docker/overlay2/a/merged", "var/tmp", "home/me", "data"):
        (tmp_path / directory).mkdir(parents=True)
    (tmp_path / "bin").symlink_to("usr/bin")
    (tmp_path / "var/tmp").chmod(0o1777)
    (tmp_path / "etc/hosts").touch()
    return tmp_path


def test_system_directories_are_layers_and_the_rest_is_not_shown(root: Path) -> None:
    assert system_parts((), root) == (
        Link(root / "bin"),
        Layer(root / "etc", 0o755, ("apt",)),
        Layer(root / "usr", 0o755, ("bin", "local", "local/bin")),
        Layer(root / "var", 0o755, ("lib", "tmp")),
    )


def test_a_file_system_of_its_own_is_a_layer_like_others(root: Path) -> None:
    assert system_parts({root / "usr", root}, root) == system_parts((), root)


def test_above_a_mount_point_the_directories_are_made_anew(root: Path) -> None:
    assert system_parts({root / "usr/local"}, root)[2:-1] == (
        Directory(root / "usr", 0o755),
        Layer(root / "usr/bin", 0o755),
        Layer(root / "usr/local", 0o755),
    )


def test_a_file_that_is_mounted_counts_like_a_directory(root: Path) -> None:
    assert system_parts({root / "etc/hosts"}, root)[1:3] == (Directory(root / "etc", 0o755), Layer(root / "etc/apt", 0o755))


def test_the_mounts_of_others_containers_are_not_followed_for_ever(root: Path) -> None:
    parts = system_parts({root / "var/lib/docker/overlay2/a/merged"}, root)
    assert [part for part in parts if part.path.is_relative_to(root / "var")] == [
        Directory(root / "var", 0o755),
        Directory(root / "var/lib", 0o755),
        Directory(root / "var/lib/docker", 0o755),
        Directory(root / "var/lib/docker/overlay2", 0o755),
        Layer(root / "var/tmp", 0o1777),
    ]


def test_a_name_that_mount_would_misread_is_an_empty_directory(root: Path) -> None:
    (root / "usr/odd,name").mkdir()
    assert Directory(root / "usr/odd,name", 0o755) in system_parts({root / "usr/local"}, root)


def test_the_script_numbers_layers_in_their_order_and_quotes() -> None:
    etc, var = Layer(Path("/etc"), 0o755, ("it's",)), Layer(Path("/var/a"), 0o1777)
    parts = (Link(Path("/bin")), etc, Directory(Path("/var"), 0o755), var)
    assert script(parts, [Path("/var/a/b c")]).splitlines() == [
        "link /bin",
        """layer 0 755 /etc 'it'"'"'s'""",
        "directory 755 /var",
        "files /var",
        "layer 1 1777 /var/a",
        "hide '/var/a/b c'",
    ]
    assert layers(parts) == (etc, var)


@pytest.mark.parametrize("home", ["", "/", "/usr", "/root", "/nonexistent", "/usr/sbin", "relative"])
def test_homes_that_are_not_ours_to_hide(home: str) -> None:
    assert homes([home]) == ()


def test_the_mount_points_of_this_machine_are_known() -> None:
    assert {Path("/"), Path("/proc")} <= mount_points()
