"""Which kernel a node of its own boots, without booting one."""

import subprocess
from pathlib import Path

import pytest
from handbook.errors import CouldNotRun
from handbook.lab.cache import Cache
from handbook.lab.machine import Setup
from handbook.lab.machines.uml import Uml
from handbook.lab.resources import Resources
from handbook.lab.uml import kernel
from handbook.lab.uml.kernel import Kernels
from handbook.progress import Lines, Quiet
from handbook.runtime import Runtime

RECIPE = Path(__file__).parents[2] / "resources/lab/machines/uml/kernel"
RESOURCES = Resources(RECIPE.parents[3])


@pytest.fixture
def kernels(tmp_path: Path) -> Kernels:
    return Kernels(RESOURCES, Cache(tmp_path))


def keep(path: Path) -> None:
    """What a build leaves in the cache."""
    path.mkdir(parents=True)
    (path / "linux").touch()


def test_the_one_from_source_is_the_default_where_it_is_there(kernels: Kernels, tmp_path: Path) -> None:
    assert [thing.remedy for thing in kernels.missing()] == ["make kernel"]
    keep(tmp_path / "kernel" / kernels._key)
    assert kernels.missing() == ()
    found = kernels.get(Quiet(), tmp_path / "log")
    assert (found.program.name, found.modules, found.switches()) == ("linux", None, ("seccomp=on",))


def test_debians_own_is_used_until_then_and_has_modules(kernels: Kernels, tmp_path: Path) -> None:
    keep(tmp_path / "kernel" / "-".join(kernel.READY_MADE))
    found = kernels.get(Quiet(), tmp_path / "log")
    assert found.modules == found.folder / "modules"
    assert found.switches() == ()


def test_a_person_is_told_that_debians_own_is_fetched_and_that_there_is_a_faster_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(kernel, "mirror_of_machine", lambda: "")
    machine = Uml(Setup(Runtime("test-kernel"), tmp_path / "log", RESOURCES, Cache(tmp_path), "2G"))
    with pytest.raises(CouldNotRun, match="apt knows no mirror of Debian, where user-mode-linux is"):
        machine.boot(tmp_path / "root", None, tmp_path / "disk", Lines())
    assert "`make kernel` builds a faster one" in capsys.readouterr().err


def test_where_neither_kernel_can_be_fetched_doctor_knows_why(
    kernels: Kernels, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(kernel, "mirror_of_machine", lambda: "")
    assert [(thing.what, thing.needed) for thing in kernels.missing()] == [("a mirror of Debian in this machine's apt", True)]
    keep(tmp_path / "kernel" / "-".join(kernel.READY_MADE))
    assert [thing.remedy for thing in kernels.missing()] == ["make kernel"]


@pytest.mark.parametrize(("processors", "needed"), [("flags: fpu sse avx512f", False), ("flags: fpu amx_bf16 amx_tile", True)])
def test_processors_that_debians_own_does_not_run_on_need_the_other(
    kernels: Kernels, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, processors: str, needed: bool
) -> None:
    (tmp_path / "cpuinfo").write_text(processors)
    monkeypatch.setattr(kernel, "PROCESSORS", tmp_path / "cpuinfo")
    assert [thing.needed for thing in kernels.missing()] == [needed]


def test_a_build_without_its_tools_says_how_to_get_them(kernels: Kernels, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CouldNotRun, match=r"apt-get install --no-install-recommends gcc .*flex bison"):
        kernels.build(Quiet(), tmp_path / "log")


def test_the_recipe_is_one_that_a_shell_and_kconfig_can_read() -> None:
    subprocess.run(["sh", "-n", str(RECIPE / "build")], check=True)
    lines = [line for line in (RECIPE / "config").read_text().splitlines() if line and not line.startswith("# CONFIG_")]
    symbols = [line.partition("=")[0] for line in lines if not line.startswith("#")]
    assert all(symbol.startswith("CONFIG_") for symbol in symbols)
    assert len(symbols) == len(set(symbols))
