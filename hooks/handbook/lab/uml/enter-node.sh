#!/bin/sh
# What a command from outside starts with: it becomes a process of the node like any other, in the group where a login's shells are.
mkdir -p /sys/fs/cgroup/user.slice && echo 0 >/sys/fs/cgroup/user.slice/cgroup.procs
cd && exec "$@"
