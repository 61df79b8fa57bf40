"""What goes into a cluster: parameters, programs, the configuration of kubeadm."""

from pathlib import Path

import pytest
import yaml
from handbook.commands.doctor import doctor
from handbook.environment import load_environment
from handbook.environments.lab import Lab
from handbook.errors import CouldNotRun, InputError, UsageError
from handbook.lab.cache import Cache
from handbook.lab.images import Images
from handbook.lab.kubernetes.binaries import VARIABLE, choose, chosen
from handbook.lab.kubernetes.kubeadm import configuration
from handbook.lab.kubernetes.parameters import Kubernetes
from handbook.lab.kubernetes.programs import RELEASED, Programs
from handbook.lab.kubernetes.references import ORDER, references
from handbook.lab.kubernetes.source import Source
from handbook.lab.parameters import read_parameters
from handbook.lab.recipe import load_recipe

from tests.lab.lab_node import BOOK, ENVIRONMENTS

BROKEN = """\
provider: lab
parameters:
  suite: trixie
  kubernetes:
    version: 1.37
    runtime: docker
    proxy: ipvs
    colour: red
    name_servers: 3
"""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cache:
    """A cache of its own, and nobody who has named a directory."""
    monkeypatch.setenv(VARIABLE, "")
    monkeypatch.setenv("HANDBOOK_CACHE", str(tmp_path / "cache"))
    return Cache()


def put(folder: Path, *names: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_text(f"{folder.parent.name} {name}")


def test_every_mistake_about_kubernetes_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.yml"
    path.write_text(BROKEN)
    with pytest.raises(InputError) as raised:
        read_parameters(load_environment(path))
    found = [(mistake.line, mistake.found) for mistake in raised.value.mistakes]
    assert found == [(5, "version: 1.37"), (7, "proxy: 'ipvs'"), (8, "kubernetes: 'colour'"), (9, "name_servers: 3")]


def test_docker_is_refused_where_kubernetes_has_dropped_it(tmp_path: Path) -> None:
    path = tmp_path / "young.yml"
    path.write_text("provider: lab\nparameters:\n  suite: trixie\n  kubernetes: {version: 1.24.0, runtime: docker}\n")
    with pytest.raises(InputError, match=r"young\.yml:4: found runtime: docker with Kubernetes 1\.24\.0"):
        read_parameters(load_environment(path))


@pytest.mark.parametrize("path", sorted(ENVIRONMENTS.glob("kubernetes-*.yml")), ids=lambda path: path.stem)
def test_an_environment_of_the_book_states_what_it_asks_for(path: Path) -> None:
    environment = load_environment(path)
    kubernetes = read_parameters(environment).kubernetes
    assert kubernetes
    assert environment.facts["kubernetes"] == kubernetes.version
    assert (environment.facts["runtime"], environment.facts["proxy"]) == (kubernetes.runtime, kubernetes.proxy)


@pytest.mark.parametrize(
    ("version", "api", "socket"),
    [
        ("1.20.2", "v1beta2", "/var/run/dockershim.sock"),
        ("1.30.1", "v1beta3", "unix:///run/containerd/containerd.sock"),
        ("1.37.2", "v1beta4", "unix:///run/containerd/containerd.sock"),
    ],
)
def test_kubeadm_is_told_in_the_words_of_its_age(version: str, api: str, socket: str) -> None:
    runtime = "docker" if "docker" in socket else "containerd"
    kubernetes = Kubernetes(version, runtime, "nftables", "systemd")
    init, cluster, kubelet, proxy = yaml.safe_load_all(configuration(kubernetes))
    assert init["apiVersion"] == cluster["apiVersion"] == f"kubeadm.k8s.io/{api}"
    assert init["nodeRegistration"]["criSocket"] == socket
    assert cluster["kubernetesVersion"] == f"v{version}"
    assert (kubelet["cgroupDriver"], proxy["mode"]) == ("systemd", "nftables")
    assert ("failCgroupV1" in kubelet) == (api == "v1beta4")
    assert ("syncFrequency" in kubelet) == (version == "1.20.2")


def test_a_program_of_the_version_goes_before_one_that_all_versions_share(tmp_path: Path) -> None:
    programs = Programs(tmp_path, Kubernetes("1.20.2", "docker"))
    put(tmp_path / "runtime/bin", "etcd", "coredns")
    put(tmp_path / "v1.20.2/bin", "coredns")
    assert programs.path("coredns").read_text() == "v1.20.2 coredns"
    assert programs.path("etcd").read_text() == "runtime etcd"
    with pytest.raises(CouldNotRun, match=r"no program kubelet in .*v1\.20\.2/bin"):
        programs.path("kubelet")


def test_a_version_may_be_written_without_its_v(tmp_path: Path) -> None:
    put(tmp_path / "1.37.2/bin", *RELEASED)
    assert Programs(tmp_path, Kubernetes("1.37.2")).absent(RELEASED) == []


def test_what_a_directory_lacks_is_named_with_the_place_where_it_goes(tmp_path: Path, cache: Cache) -> None:
    put(tmp_path / "v1.37.2/bin", *(name for name in RELEASED if name != "kubelet"))
    put(tmp_path / "runtime/bin", "etcd", "etcdctl", "coredns", "containerd", "containerd-shim-runc-v2", "ctr")
    choose(str(tmp_path), cache)
    kubelet, crictl = Source(Kubernetes("1.37.2"), cache).missing()
    assert (kubelet.what, crictl.what) == ("kubelet", "crictl")
    assert str(tmp_path / "v1.37.2/bin") in kubelet.remedy
    assert str(tmp_path / "runtime/bin") in crictl.remedy
    assert (kubelet.needed, crictl.needed) == (True, False)


def test_a_node_gets_crictl_where_it_is_there(tmp_path: Path) -> None:
    programs = Programs(tmp_path, Kubernetes("1.37.2"))
    assert "crictl" not in programs.of_the_node
    put(tmp_path / "runtime/bin", "crictl")
    assert "crictl" in programs.of_the_node


def test_what_a_directory_has_is_told_by_folder(tmp_path: Path, cache: Cache, capsys: pytest.CaptureFixture[str]) -> None:
    put(tmp_path / "v1.37.2/bin", "kubeadm", "kubelet")
    put(tmp_path / "runtime/bin", "etcd", "crictl")
    choose(str(tmp_path), cache)
    source = Source(Kubernetes("1.37.2"), cache)
    assert source.found() == (f"kubeadm, kubelet in {tmp_path}/v1.37.2/bin", f"etcd, crictl in {tmp_path}/runtime/bin")
    doctor([load_environment(ENVIRONMENTS / "kubernetes-1.37.yml")])
    assert f"  found: kubeadm, kubelet in {tmp_path}/v1.37.2/bin\n" in capsys.readouterr().out


@pytest.mark.parametrize(("version", "old"), [("v1.7.24", True), ("v2.4.2", False), ("no version", False)])
def test_a_containerd_that_is_too_old_is_missing(tmp_path: Path, cache: Cache, version: str, old: bool) -> None:
    put(tmp_path / "runtime/bin", "containerd")
    (tmp_path / "runtime/bin/containerd").write_text(f"#!/bin/sh\necho containerd github.com/containerd/containerd {version}\n")
    (tmp_path / "runtime/bin/containerd").chmod(0o755)
    choose(str(tmp_path), cache)
    assert ("containerd 2" in [thing.what for thing in Source(Kubernetes("1.37.2"), cache).missing()]) is old
    assert "containerd 2" not in [thing.what for thing in Source(Kubernetes("1.20.2", "docker"), cache).missing()]


def test_without_a_directory_only_what_no_release_has_is_missing(cache: Cache) -> None:
    missing = [thing.what for thing in Source(Kubernetes("1.20.2", "docker"), cache).missing()]
    assert missing == ["etcd", "etcdctl", "coredns"]


def test_a_directory_is_remembered_until_another_word(tmp_path: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    choose(str(tmp_path), cache)
    monkeypatch.setenv(VARIABLE, "")  # another command, later
    assert chosen(cache) == tmp_path
    monkeypatch.setenv(VARIABLE, "/elsewhere")
    assert chosen(cache) == Path("/elsewhere")
    choose("", cache)
    assert chosen(cache) is None


def test_a_directory_that_is_not_there_is_refused(cache: Cache) -> None:
    with pytest.raises(UsageError, match=r"--binaries nowhere: no such directory"):
        choose("nowhere", cache)


@pytest.mark.usefixtures("cache")
def test_doctor_knows_the_programs_that_a_cluster_needs() -> None:
    lab = Lab(load_environment(ENVIRONMENTS / "kubernetes-1.37.yml"), "mine")
    assert {"containerd", "etcd", "coredns", "crictl"} <= {thing.what for thing in lab.missing()}


@pytest.mark.parametrize("name", ORDER)
def test_every_image_that_kubeadm_wants_has_a_recipe_that_takes_its_name(name: str) -> None:
    assert load_recipe(BOOK / "resources/images/kubernetes" / name).tags == ("{kubeadm}",)


def test_names_of_images_are_those_that_kubeadm_asks_for(tmp_path: Path) -> None:
    names = [f"registry.example/{'coredns/' if name == 'coredns' else ''}{name}:v1" for name in ORDER]
    kubeadm = tmp_path / "kubeadm"
    kubeadm.write_text(f'#!/bin/sh\n[ "$*" = "config images list --kubernetes-version=v1.2.3" ] && echo "{" ".join(names)}"\n')
    kubeadm.chmod(0o755)
    assert references(kubeadm, "1.2.3") == dict(zip(ORDER, names, strict=True))
    kubeadm.write_text("#!/bin/sh\necho registry.example/pause:1\n")
    with pytest.raises(CouldNotRun, match="asks for no image etcd or coredns"):
        references(kubeadm, "1.2.3")


def test_another_program_makes_another_image(tmp_path: Path) -> None:
    recipe = load_recipe(BOOK / "resources/images/kubernetes/coredns")

    def key(text: str) -> str:
        (tmp_path / text).write_text(text)
        return Images((recipe,), "trixie", "root", {"coredns": tmp_path / text}).key

    assert key("one") != key("two")
    assert key("one") == key("one")
