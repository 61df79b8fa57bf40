#!/bin/sh
# Boots a node with systemd-nspawn:  nspawn.sh ROOT LAYER DISK GROUP...
# ROOT is read only, and so is LAYER over it, which may be empty; DISK takes what the node writes, GROUPs are this machine's control
# groups for it. Everything happens in namespaces of this script: when it is killed, the kernel takes all processes, mounts and links along.
set -eu
umask 022

outside() {
  # Whoever starts this first notes that it did, then says "go". Killed before that, it leaves an end of file, and nothing happens.
  read -r word && [ "$word" = go ]
  root=$1 layer=$2 disk=$3
  shift 3
  for group; do echo $$ >"$group/cgroup.procs"; done
  exec unshare --mount --propagation slave --net --pid --fork --kill-child --mount-proc sh "$0" inside "$root" "$layer" "$disk"
}

inside() {
  # Under a private /run nothing of systemd-nspawn's own litter lands on the machine, and the node's mounts show no path of it.
  mkdir -p "$3/upper" "$3/work" "$3/run" "$3/docker" "$3/containerd"
  [ -d "$3/home" ] || mkdir -m 700 "$3/home" # not on the root's overlay, so that a reader can make overlays in the home directory
  mount -t tmpfs -o mode=755 tmpfs "$3/run"
  (cd "$3/run" && mkdir -p node/packages node/layer node/disk node/root)
  mount --bind "$1" "$3/run/node/packages"
  [ -z "$2" ] || mount --bind "$2" "$3/run/node/layer"
  mount --bind "$3" "$3/run/node/disk"
  mount --no-mtab --move "$3/run" /run
  # volatile: nothing of it is to survive, so nothing has to be synced
  layers=lowerdir=/run/node/layer:/run/node/packages,upperdir=/run/node/disk/upper,workdir=/run/node/disk/work
  mount -t overlay -o "$layers,volatile" overlay /run/node/root
  network
  exec systemd-nspawn --quiet --settings=no --directory=/run/node/root --machine=node --register=no --keep-unit \
    --network-namespace-path=/run/netns/node --resolv-conf=off --timezone=off --link-journal=no --console=read-only \
    --capability=all --system-call-filter='@default @known' \
    --tmpfs=/tmp --bind=/run/node/disk/home:/root --bind=/run/node/disk/docker:/var/lib/docker \
    --bind=/run/node/disk/containerd:/var/lib/containerd \
    $(for device in /dev/net/tun /dev/fuse; do [ ! -e $device ] || echo --bind=$device; done) /usr/local/sbin/first-process
}

# This script's own network namespace is the router of the node: the other end of its only link, the address that a reader's ping
# goes to, and an end of every other way. Refusing at once is what keeps commands that look for the internet from waiting for minutes.
network() {
  ip netns add node
  ip link add uplink type veth peer name eth0 netns node
  ip link set lo up
  ip address add 8.8.8.8/32 dev lo
  ip address add 192.168.49.1/24 dev uplink
  ip link set uplink up
  ip route add unreachable default
  echo 1 >/proc/sys/net/ipv4/ip_forward
  echo 0 >/proc/sys/net/ipv4/icmp_ratelimit # the kernel's one refusal a second is too slow for programs that ask several times

  ip -n node link set lo up
  ip -n node address add 192.168.49.2/24 dev eth0
  ip -n node link set eth0 up
  ip -n node route add default via 192.168.49.1
  # Before dockerd starts: where dockerd has to switch forwarding on itself it also sets the policy of FORWARD to DROP, and then
  # nothing that a reader connects by hand reaches the outside.
  ip netns exec node sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
}

if [ "$1" = inside ]; then
  shift
  inside "$@"
else
  outside "$@"
fi
