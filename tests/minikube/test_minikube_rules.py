"""Whose profile it is: what the provider makes it deletes, what is somebody else's it leaves alone."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from handbook.environment import Target
from handbook.errors import CouldNotRun, LeftBehind
from handbook.minikube import shells, tools
from handbook.minikube.parameters import Parameters
from handbook.progress import Quiet
from handbook.runtime import Runtime

from tests.minikube.stand_in import RUNNING, SAMPLES, StandIn

PROFILES = (SAMPLES / "profiles.json").read_text().replace('"trial"', '"handbook"').replace("v0.0.0", "v1.37.2")
INSTANCE = f"test-minikube-{os.getpid()}"


def starts(laptop: StandIn) -> list[str]:
    return [call for call in laptop.calls() if " start " in f" {call} "]


def deletes(laptop: StandIn) -> list[str]:
    return [call for call in laptop.calls() if call.endswith("delete")]


def test_a_profile_is_made_with_everything_pinned_and_waited_for(laptop: StandIn) -> None:
    made = laptop.provider(["version: 1.37.2", "driver: docker", "runtime: docker", "cni: bridge", "start: [--force]"], INSTANCE)
    made.up(Quiet())
    (start,) = starts(laptop)
    assert start.startswith("--profile=handbook start --output=json --interactive=false --wait=all ")
    assert start.endswith("--driver=docker --kubernetes-version=v1.37.2 --container-runtime=docker --cni=bridge --force")
    assert any("rollout status deployment/coredns" in call for call in laptop.calls("kubectl"))
    assert any("scale deployment/coredns --replicas=1" in call for call in laptop.calls("kubectl"))
    made.down()
    assert deletes(laptop) == ["--profile=handbook delete"]
    assert not list((laptop.root / "cache" / "minikube").iterdir())


def test_its_minikube_is_its_own_and_shares_the_cache_and_the_settings(laptop: StandIn) -> None:
    theirs = laptop.root / "user" / ".minikube"
    (theirs / "config").mkdir(parents=True)
    (theirs / "config" / "config.json").write_text('{"memory": 4000, "profile": "work"}')
    made = laptop.provider(instance=INSTANCE)
    made.up(Quiet())
    ours = laptop.root / "cache" / "minikube" / "handbook" / ".minikube"
    assert (ours / "cache").resolve() == theirs / "cache"
    settings = (ours / "config" / "config.json").read_text()
    assert '"memory": 4000' in settings
    assert "work" not in settings
    made.down()
    assert (theirs / "cache").is_dir()


IMAGES = "images: [nginx:next, quay.io/coreos/etcd:v3.3]"


def test_the_node_gets_the_images_that_the_file_names(laptop: StandIn) -> None:
    laptop.says("minikube", "images", "docker.io/library/nginx:next\nquay.io/coreos/etcd:v3.3\n")
    made = laptop.provider([IMAGES], INSTANCE)
    made.up(Quiet())
    made.down()
    calls = laptop.calls()
    (start,) = starts(laptop)
    load = "--profile=handbook image load nginx:next quay.io/coreos/etcd:v3.3"
    assert calls.index(start) < calls.index(load)


def test_an_image_that_nobody_has_is_told_and_everything_is_cleaned_up(laptop: StandIn) -> None:
    """minikube itself only warns, and ends with status 0."""
    laptop.says("minikube", "images", "docker.io/library/nginx:latest\nquay.io/coreos/etcd:v3.3\n")
    with pytest.raises(CouldNotRun, match=r"found no image nginx:next, neither[\s\S]*next: docker pull nginx:next, or build it"):
        laptop.provider([IMAGES], INSTANCE).up(Quiet())
    assert len(deletes(laptop)) == 1


def test_a_profile_of_the_reader_is_refused(laptop: StandIn) -> None:
    (laptop.root / "user" / ".minikube" / "profiles" / "handbook").mkdir(parents=True)
    with pytest.raises(CouldNotRun, match=r"is your own[\s\S]*next: choose another name with the parameter `profile`"):
        laptop.provider(instance=INSTANCE).up(Quiet())
    assert not starts(laptop)
    assert not deletes(laptop)


def test_a_profile_of_another_minikube_is_refused(laptop: StandIn) -> None:
    laptop.says("docker", "containers", "handbook\n")
    with pytest.raises(CouldNotRun, match="another minikube has a profile handbook: docker container handbook"):
        laptop.provider(["driver: docker"], INSTANCE).up(Quiet())
    assert not starts(laptop)
    assert not deletes(laptop)


def test_a_profile_that_a_running_copy_uses_is_refused_and_left_alone(laptop: StandIn) -> None:
    first = laptop.provider(instance=f"{INSTANCE}-first")
    first.up(Quiet())
    with pytest.raises(CouldNotRun, match=f"in use by {INSTANCE}-first"):
        laptop.provider(instance=f"{INSTANCE}-second").up(Quiet())
    assert not deletes(laptop)
    first.down()
    assert len(deletes(laptop)) == 1


def test_what_a_lost_copy_left_is_deleted_by_the_next(laptop: StandIn) -> None:
    lost = laptop.provider(instance=f"{INSTANCE}-lost")
    lost.up(Quiet())
    lost._runtime.remove()  # as a reboot would
    laptop.provider(instance=f"{INSTANCE}-next").up(Quiet())
    assert len(deletes(laptop)) == 1
    assert len(starts(laptop)) == 2
    laptop.provider(instance=f"{INSTANCE}-next").down()


def test_a_failed_start_is_cleaned_up_and_told(laptop: StandIn) -> None:
    laptop.says("minikube", "start", (SAMPLES / "start-failed.json").read_text(), 65)
    with pytest.raises(CouldNotRun, match="did not start: PROVIDER_VIRTUALBOX_NOT_FOUND"):
        laptop.provider(instance=INSTANCE).up(Quiet())
    assert len(deletes(laptop)) == 1
    assert not Runtime(INSTANCE).path.exists()


def test_what_docker_still_has_after_a_delete_is_told(laptop: StandIn) -> None:
    made = laptop.provider(["driver: docker"], INSTANCE)
    made.up(Quiet())
    laptop.says("docker", "containers", "handbook\n")
    with pytest.raises(LeftBehind, match="docker container handbook"):
        made.down()
    laptop.says("docker", "containers", "")
    made.down()


def test_a_profile_that_a_chapter_has_made_beside_it_is_deleted_too(laptop: StandIn) -> None:
    made = laptop.provider(["driver: docker"], INSTANCE)
    made.up(Quiet())
    (laptop.root / "cache" / "minikube" / "handbook" / ".minikube" / "profiles" / "spare").mkdir(parents=True)
    made.down()
    assert deletes(laptop) == ["--profile=handbook delete", "--profile=spare delete"]


def test_down_of_what_is_not_up_asks_nothing(laptop: StandIn) -> None:
    laptop.provider(instance=INSTANCE).down()
    assert laptop.calls() == []


def test_a_running_profile_is_reused_and_never_started_or_stopped(laptop: StandIn) -> None:
    laptop.says("minikube", "status", RUNNING)
    laptop.says("minikube", "profiles", PROFILES)
    laptop.says("kubectl", "other", "apiVersion: v1\n")
    made = laptop.provider(["reuse: true", "version: 1.37.2"], INSTANCE)
    made.up(Quiet())
    assert any("config view --context=handbook --minify" in call for call in laptop.calls("kubectl"))
    assert (laptop.root / "cache" / "minikube" / "handbook" / ".kube" / "config").read_text() == "apiVersion: v1\n"
    made.down()
    assert not starts(laptop)
    assert not any(call.endswith(("stop", "delete")) for call in laptop.calls())


def test_a_stopped_profile_is_started_and_stopped_again(laptop: StandIn) -> None:
    laptop.says("minikube", "status", (SAMPLES / "status-stopped.json").read_text(), 7)
    laptop.says("minikube", "profiles", PROFILES)
    made = laptop.provider(["reuse: true"], INSTANCE)
    made.up(Quiet())
    (start,) = starts(laptop)
    assert "--keep-context" in start
    made.down()
    assert [call for call in laptop.calls() if call.endswith("stop")] == ["--profile=handbook stop"]
    assert not deletes(laptop)


@pytest.mark.parametrize(
    ("status", "exit_status", "parameters", "told"),
    [
        ("status-absent.json", 85, [], "there is no minikube profile handbook"),
        ("status-without-kubernetes.json", 6, [], "not well: Host Running, Kubelet Stopped"),
        ("status-stopped.json", 7, ["version: 1.20.2"], "has version 1.37.2, and the environment says 1.20.2"),
        ("status-stopped.json", 7, ["runtime: containerd"], "has runtime docker, and the environment says containerd"),
        ("status-stopped.json", 7, ["driver: kvm2"], "has driver docker, and the environment says kvm2"),
    ],
)
def test_a_profile_that_will_not_do_is_refused(
    laptop: StandIn, status: str, exit_status: int, parameters: list[str], told: str
) -> None:
    laptop.says("minikube", "status", (SAMPLES / status).read_text(), exit_status)
    laptop.says("minikube", "profiles", PROFILES)
    with pytest.raises(CouldNotRun, match=told):
        laptop.provider(["reuse: true", *parameters], INSTANCE).up(Quiet())
    assert not starts(laptop)
    assert not deletes(laptop)


def test_a_killed_start_is_cleaned_by_the_next(laptop: StandIn) -> None:
    laptop.hangs("minikube", "start")
    script = (
        "import sys\nfrom pathlib import Path\nfrom handbook.environment import load_environment\n"
        "from handbook.environments.minikube import Minikube\nfrom handbook.progress import Quiet\n"
        f"Minikube(load_environment(Path({str(laptop.environment().path)!r})), {INSTANCE!r}).up(Quiet())\n"
    )
    command = subprocess.Popen([sys.executable, "-c", script])
    while not starts(laptop):
        assert command.poll() is None
        time.sleep(0.02)
    command.kill()
    command.wait()
    orphans = [number for number in os.listdir("/proc") if number.isdigit() and _has_home(number, laptop)]
    assert orphans
    made = laptop.provider(instance=INSTANCE)
    made.down()
    assert len(deletes(laptop)) == 1
    assert not any(_has_home(number, laptop) for number in orphans)


def test_an_interrupted_start_cleans_up_after_itself(laptop: StandIn) -> None:
    laptop.hangs("minikube", "start")
    script = (
        "from pathlib import Path\nfrom handbook.environment import load_environment\n"
        "from handbook.environments.minikube import Minikube\nfrom handbook.progress import Quiet\n"
        f"Minikube(load_environment(Path({str(laptop.environment().path)!r})), {INSTANCE!r}).up(Quiet())\n"
    )
    command = subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.DEVNULL)
    while not starts(laptop):
        assert command.poll() is None
        time.sleep(0.02)
    command.send_signal(signal.SIGINT)
    assert command.wait(20) != 0
    assert len(deletes(laptop)) == 1
    assert not list((laptop.root / "cache" / "minikube").iterdir())


def _has_home(number: str, laptop: StandIn) -> bool:
    home = f"HOME={laptop.root}/cache/minikube/handbook".encode()
    try:
        return home in Path("/proc", number, "environ").read_bytes().split(b"\0")
    except OSError:
        return False


def test_there_is_no_shell_before_it_is_up(laptop: StandIn) -> None:
    with pytest.raises(CouldNotRun, match="minikube is not up"):
        laptop.provider(instance=INSTANCE).shell(Target("node"))


def test_the_shell_of_the_laptop_sees_only_what_it_should(laptop: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDBOOK_TEST_SECRET", "a secret")
    monkeypatch.setenv("KUBECONFIG", "/production")
    laptop.says("minikube", "profiles", PROFILES)
    made = laptop.provider(instance=INSTANCE)
    made.up(Quiet())
    argv = made.shell(Target("laptop")).argv
    said = subprocess.run([*argv, "env"], capture_output=True, text=True, check=True).stdout
    made.down()
    assert "secret" not in said
    assert "production" not in said
    assert f"HOME={laptop.root}/cache/minikube/handbook\n" in said
    assert "MINIKUBE_PROFILE=handbook\n" in said


def test_words_reach_the_node_as_they_are(tmp_path: Path) -> None:
    """ssh joins words with blanks, and a shell parses them again; so does this one."""
    ssh = tmp_path / "minikube"
    ssh.write_text('#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done; shift\nexec bash -c "$*"\n')
    ssh.chmod(0o755)
    shell = shells.node({"HOME": str(tmp_path), "PATH": f"{tmp_path}:/usr/bin:/bin"}, "1.37.2")
    words = ["printf", "[%s]", "two words", "$HOME", "it's", 'a "quote"', "*", "a;b", "", "\\", "line\nbreak"]
    said = subprocess.run([*shell.argv, *words], capture_output=True, text=True, check=True).stdout
    assert said == "".join(f"[{word}]" for word in words[2:])


def test_sockets_of_an_ssh_server_become_pipes() -> None:
    import socket

    ours, theirs = socket.socketpair()
    with ours, theirs:
        command = ["bash", "-c", shells.PIPES, "pipes", "bash", "-c", "cat /dev/stdin; echo out; echo err >/dev/stderr"]
        line = theirs.fileno()
        process = subprocess.Popen(command, stdin=line, stdout=line, stderr=line)
        ours.sendall(b"in\n")
        ours.shutdown(socket.SHUT_WR)
        assert process.wait(20) == 0
        ours.settimeout(20)
        said = b""
        while said.count(b"\n") < 3:
            said += ours.recv(100)
    assert sorted(said.split()) == [b"err", b"in", b"out"]


def test_the_doctor_says_what_is_missing_and_how_to_get_it(laptop: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("minikube", "kubectl"):
        (laptop.root / "bin" / name).unlink()
    monkeypatch.setenv("PATH", f"{laptop.root}/bin")
    told = {thing.what: thing.remedy for thing in laptop.provider(["driver: virtualbox"]).missing()}
    assert "minikube.sigs.k8s.io" in told["minikube"]
    assert "kubernetes.io" in told["kubectl"]
    assert told["VBoxManage"] == "install VirtualBox"
    assert told["jq"] == "sudo apt-get install jq"


def test_the_doctor_asks_docker_itself(laptop: StandIn) -> None:
    laptop.says("docker", "other", "", 1)
    told = [thing.what for thing in tools.missing(Parameters(driver="docker", start=("--force",)))]
    assert told == ["an answer of `docker info`"]


@pytest.mark.usefixtures("laptop")
def test_the_doctor_knows_that_minikube_refuses_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert [thing.what for thing in tools.missing(Parameters(driver="docker"))] == ["an ordinary user"]
    assert list(tools.missing(Parameters(driver="docker", start=("--force",)))) == []


def test_the_doctor_names_images_that_docker_lacks_as_a_hint(laptop: StandIn) -> None:
    laptop.says("docker", "images", "nginx:latest\nquay.io/coreos/etcd:v3.3\n")
    told = list(tools.missing(Parameters(driver="docker", start=("--force",), images=("nginx:latest", "nginx:next"))))
    assert [(thing.what, thing.needed) for thing in told] == [("the image nginx:next in Docker", False)]
