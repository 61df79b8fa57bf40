#!/bin/sh
# The node's router: run in a network namespace of its own, it gives the node its only link and refuses what would go outside at once,
# so that commands that look for the internet do not wait for minutes. It stays until its standard input ends.
set -eu
ip -batch - <<END
link add uplink type veth peer name eth0 netns 1
link set lo up
address add 8.8.8.8/32 dev lo
address add 192.168.49.1/24 dev uplink
link set uplink up
route add unreachable default
END
echo 1 >/proc/sys/net/ipv4/ip_forward
echo 0 >/proc/sys/net/ipv4/icmp_ratelimit # the kernel's one refusal a second is too slow for programs that ask several times

nsenter --net=/proc/1/ns/net ip -batch - <<END
link set lo up
address add 192.168.49.2/24 dev eth0
link set eth0 up
route add default via 192.168.49.1
END
# Before dockerd starts: where dockerd has to switch forwarding on itself it also sets the policy of FORWARD to DROP.
nsenter --net=/proc/1/ns/net sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
echo ready
read -r _ || :
