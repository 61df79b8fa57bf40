"""What a chapter finds in a sandbox, and what works there. Each test works with names of its own: the sandbox is shared."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.sandbox.sandbox_owner import ORPHAN, SECRET, Owner, as_root


def needs(sandbox: Owner, tool: str) -> None:
    if sandbox.run(f"command -v {tool}").returncode:
        pytest.skip(f"{tool} is not installed on this machine")


def test_one_is_root_in_an_empty_home(sandbox: Owner) -> None:
    assert sandbox.says("id -u; pwd; ls -A; echo ~") == "0\n/root\n/root\n"


def test_the_host_is_called_sandbox_and_knows_itself(sandbox: Owner) -> None:
    assert sandbox.says("hostname; cat /etc/hostname; getent hosts sandbox") == "sandbox\nsandbox\n127.0.1.1       sandbox\n"


def test_the_root_directory_looks_the_same_on_every_machine(sandbox: Owner) -> None:
    ours = {"dev", "home", "media", "mnt", "proc", "root", "run", "sys", "tmp"}
    shown = {"bin", "etc", "gnu", "lib", "lib32", "lib64", "libx32", "nix", "opt", "sbin", "srv", "usr", "var"}
    assert ours <= set(sandbox.says("ls -A /").split()) <= ours | shown


def test_the_environment_is_clean(sandbox: Owner) -> None:
    names = {line.split("=")[0] for line in sandbox.says("env").splitlines()}
    assert names == {"PATH", "HOME", "USER", "LOGNAME", "SHELL", "LC_ALL", "TZ", "TERM", "PWD", "SHLVL", "_"}


def test_no_process_shows_the_secrets_of_its_owner(sandbox: Owner) -> None:
    assert SECRET not in sandbox.says("cat /proc/[0-9]*/environ | tr '\\0' '\\n'")


def test_homes_of_the_machine_are_out_of_sight(sandbox: Owner) -> None:
    assert sandbox.says("ls -A /home /root") == "/home:\n\n/root:\n"


def test_this_checkout_is_out_of_sight(sandbox: Owner) -> None:
    assert sandbox.run(f"ls {Path(__file__).resolve()}").returncode != 0


def test_exit_status_and_standard_streams_come_through(sandbox: Owner) -> None:
    with subprocess.Popen(["echo", "given"], stdout=subprocess.PIPE) as given:
        result = sandbox.run("cat; echo wrong >&2; exit 7", stdin=given.stdout)
    assert (result.returncode, result.stdout) == (7, "given\nwrong\n")


def test_other_descriptors_come_through(sandbox: Owner) -> None:
    reading, writing = os.pipe()
    sandbox.run(f"echo through >&{writing}", pass_fds=[writing])
    os.close(writing)
    with open(reading) as pipe:
        assert pipe.read() == "through\n"


def test_a_signal_ends_the_command_as_it_would_outside(sandbox: Owner) -> None:
    assert sandbox.run("kill -TERM $$").returncode == -15


def test_only_its_own_processes_are_there(sandbox: Owner) -> None:
    assert sandbox.says("cat /proc/1/comm; ps -e | wc -l").split()[0] == "init"
    assert int(sandbox.says("ls -d /proc/[0-9]* | wc -l")) < 6


def test_orphans_are_buried(sandbox: Owner) -> None:
    sandbox.says(ORPHAN)


def test_every_namespace_is_fresh(sandbox: Owner) -> None:
    kinds = ("user", "mnt", "pid", "net", "uts", "ipc", "cgroup")
    inside = sandbox.says(f"cd /proc/self/ns && for kind in {' '.join(kinds)}; do readlink $kind; done").split()
    assert not set(inside) & {os.readlink(f"/proc/self/ns/{kind}") for kind in kinds}


def test_there_is_no_way_out(sandbox: Owner) -> None:
    assert sandbox.says("ls /sys/class/net; cat /proc/net/route | wc -l") == "lo\n1\n"
    assert "unreachable" in sandbox.run("exec 3<>/dev/udp/8.8.8.8/53").stdout


def test_the_loopback_is_up(sandbox: Owner) -> None:
    needs(sandbox, "ip")
    assert "LOOPBACK,UP,LOWER_UP" in sandbox.says("ip link show lo")


def test_network_namespaces_and_a_veth_pair_between_them(sandbox: Owner) -> None:
    needs(sandbox, "ip")
    needs(sandbox, "ping")
    output = sandbox.says("""set -e
      ip netns add red; ip netns add blue
      ip link add to-blue netns red type veth peer name to-red netns blue
      ip -n red address add 10.1.0.1/24 dev to-blue; ip -n red link set to-blue up
      ip -n blue address add 10.1.0.2/24 dev to-red; ip -n blue link set to-red up
      ip netns exec red ping -c1 -W5 10.1.0.2
      ip netns list; stat -f -c %T /run/netns/red
      ip netns delete red; ip netns delete blue""")
    assert "1 received" in output
    assert output.endswith("nsfs\n")


def test_a_namespace_that_one_shell_makes_is_there_in_the_next(sandbox: Owner) -> None:
    needs(sandbox, "ip")
    sandbox.says("ip netns add lasting")
    assert "lasting" in sandbox.says("ip netns list")
    assert sandbox.says("nsenter --net=/run/netns/lasting ip -o link | cut -d: -f2; ip netns delete lasting") == " lo\n"


def test_a_bridge_joins_what_hangs_on_it(sandbox: Owner) -> None:
    needs(sandbox, "ip")
    needs(sandbox, "ping")
    output = sandbox.says("""set -e
      ip link add name deck type bridge; ip link set deck up; ip address add 10.2.0.254/24 dev deck
      for number in 1 2; do
        ip netns add side$number
        ip link add plug$number type veth peer name eth0 netns side$number
        ip link set plug$number master deck up
        ip -n side$number address add 10.2.0.$number/24 dev eth0; ip -n side$number link set eth0 up
      done
      ip netns exec side1 ping -c1 -W5 10.2.0.2; ping -c1 -W5 10.2.0.1
      ip netns delete side1; ip netns delete side2; ip link delete deck""")
    assert output.count("1 received") == 2


def test_forwarding_and_address_translation(sandbox: Owner) -> None:
    needs(sandbox, "iptables")
    needs(sandbox, "ip")
    output = sandbox.says("""set -e
      sudo sysctl -qw net.ipv4.ip_forward=1 2>/dev/null || echo 1 >/proc/sys/net/ipv4/ip_forward
      cat /proc/sys/net/ipv4/ip_forward
      sudo iptables -t nat -A POSTROUTING -s 10.3.0.0/24 -j MASQUERADE; sudo iptables -t nat -S POSTROUTING""")
    assert output == "1\n-P POSTROUTING ACCEPT\n-A POSTROUTING -s 10.3.0.0/24 -j MASQUERADE\n"


def test_nftables_rules(sandbox: Owner) -> None:
    needs(sandbox, "nft")
    sandbox.says("nft add table ip garden; nft add chain ip garden gate '{ type filter hook input priority 0; }'")
    assert "type filter hook input priority filter; policy accept;" in sandbox.says(
        "nft list table ip garden; nft delete table ip garden"
    )


def test_an_overlay_can_be_mounted_by_hand(sandbox: Owner) -> None:
    output = sandbox.says("""set -e
      mkdir -p cake/base cake/icing cake/work cake/whole; cd cake
      echo flour >base/dough; echo raw >base/egg
      mount -t overlay overlay -o lowerdir=base,upperdir=icing,workdir=work whole
      echo sugar >whole/top; rm whole/egg; ls whole icing; stat -c %F icing/egg
      umount whole; cd ..; rm -r cake""")
    assert output == "icing:\negg\ntop\n\nwhole:\ndough\ntop\ncharacter special file\n"


def test_mounts_of_other_kinds(sandbox: Owner) -> None:
    output = sandbox.says("""set -e
      mount -t tmpfs none /mnt; touch /mnt/a; mount --bind /mnt /srv; ls /srv
      umount /srv; umount /mnt; ls -A /mnt""")
    assert output == "a\n"


def test_namespaces_can_be_unshared_again(sandbox: Owner) -> None:
    assert sandbox.says("unshare --pid --fork --mount-proc sh -c 'echo $$; ls -d /proc/[0-9]* | wc -l'").split()[0] == "1"
    assert sandbox.says("unshare --uts sh -c 'hostname inner; hostname'; hostname") == "inner\nsandbox\n"
    assert sandbox.says("unshare --user --map-root-user --net --mount-proc --pid --fork id -u") == "0\n"


def test_all_capabilities_and_fewer(sandbox: Owner) -> None:
    assert "CapEff:\t000001ffffffffff" in sandbox.says("grep Cap /proc/self/status")
    assert "0000000000000000" in sandbox.says("setpriv --bounding-set -all --inh-caps -all grep CapBnd /proc/self/status")


def test_a_changed_host_name_stays_inside(sandbox: Owner) -> None:
    before = os.uname().nodename
    assert sandbox.says("hostname elsewhere; hostname; hostname sandbox") == "elsewhere\n"
    assert os.uname().nodename == before


@pytest.mark.parametrize(
    "directory", ["/", "/etc", "/opt", "/srv", "/usr/local/bin", "/usr/bin", "/var/lib", "/tmp", "/run", "/root", "/home"]
)
def test_files_can_be_written_and_stay_inside(sandbox: Owner, directory: str) -> None:
    name = f"{directory}/handbook-test-{os.getpid()}"
    assert sandbox.says(f"echo mine >{name}; cat {name}; stat -c %U {name}") == "mine\nroot\n"
    assert not os.path.lexists(name)


@as_root
def test_files_of_the_system_can_be_changed_and_stay_as_they_are(sandbox: Owner) -> None:
    before = Path("/etc/profile").read_bytes()
    assert (
        sandbox.says("echo '# mine' >>/etc/profile; tail -1 /etc/profile; rm /etc/profile; test -e /etc/profile || echo gone")
        == "# mine\ngone\n"
    )
    assert Path("/etc/profile").read_bytes() == before


def test_devices(sandbox: Owner) -> None:
    assert sandbox.says("echo gone >/dev/null; head -c2 /dev/zero | od -An -tx1; head -c4 /dev/urandom | wc -c") == " 00 00\n4\n"
    assert sandbox.says("script -qec tty /dev/null").strip().startswith("/dev/pts/")


def test_temporary_directories_are_everybodys(sandbox: Owner) -> None:
    assert sandbox.says("stat -c %a /tmp /var/tmp /dev/shm") == "1777\n1777\n1777\n"


def test_control_groups_can_be_read_and_not_made(sandbox: Owner) -> None:
    assert sandbox.says("cut -d: -f3 /proc/self/cgroup | sort -u") == "/\n"
    assert sandbox.says("ls /sys/fs/cgroup") != ""
    name = f"handbook-test-{os.getpid()}"
    sandbox.run(f"for group in /sys/fs/cgroup /sys/fs/cgroup/*/; do mount -o remount,bind,rw $group; mkdir $group/{name}; done")
    assert not list(Path("/sys/fs/cgroup").rglob(name))


def test_sudo_runs_commands(sandbox: Owner) -> None:
    assert sandbox.says("sudo id -u; sudo -n -E sh -c 'echo $0'; sudo NAME=value sh -c 'echo $NAME'") == "0\nsh\nvalue\n"
    assert sandbox.run("sudo sh -c 'exit 5'").returncode == 5
    missing = sandbox.run("sudo no-such-command")
    assert (missing.returncode, missing.stdout) == (1, "sudo: no-such-command: command not found\n")


@as_root
def test_files_keep_their_owners_under_root(sandbox: Owner) -> None:
    paths = [path for path in ("/etc/passwd", "/etc/shadow", "/usr/bin/env", "/var/mail") if os.path.exists(path)]
    command = "stat -c '%n %u %g %a' " + " ".join(paths)
    assert sandbox.says(command) == subprocess.check_output(command, shell=True, text=True)


@as_root
def test_root_can_become_somebody_else(sandbox: Owner) -> None:
    assert sandbox.says("sudo -u nobody id -un; setpriv --reuid 1000 --clear-groups id -u") == "nobody\n1000\n"


@pytest.mark.parametrize("setting", ["kernel/panic", "kernel/hostname", "vm/swappiness", "kernel/core_pattern"])
def test_the_kernel_of_the_machine_cannot_be_changed(sandbox: Owner, setting: str) -> None:
    before = Path("/proc/sys", setting).read_text()
    assert sandbox.run(f"cat /proc/sys/{setting} >/proc/sys/{setting}").returncode != 0
    assert Path("/proc/sys", setting).read_text() == before


def test_the_fingerprint_is_that_of_the_sandbox(sandbox: Owner) -> None:
    facts = sandbox.ask("fingerprint")
    assert facts["kernel"] == os.uname().release
    assert "root" not in facts
