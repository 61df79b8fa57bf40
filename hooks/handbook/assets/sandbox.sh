# The first process of a sandbox reads this, followed by one call for each part of the system that it shows. It builds a root file
# system out of throw-away layers, moves into it, and stays as the process with the number 1 until its owner's pipe closes.
set -eu
umask 022
new=/tmp/root layers=/tmp/layers
directories=() links=() modes=() table=

begin() {
  local outside
  read -r outside _ </proc/self/stat # /proc still is the machine's: the number by which others reach us
  echo "$outside"
  if [ -n "$owners" ]; then
    exec 9<&- # /tmp is ours already and holds the layers' lower directories; the namespace that came along has been entered
  else
    mount -t tmpfs -o mode=1777 sandbox /tmp
  fi
  mkdir "$new" "$layers"
  mount -t tmpfs -o mode=755 sandbox "$new"
  mount -t tmpfs -o mode=755 sandbox "$layers"
  cd "$new"
  mkdir .old home media mnt proc root run sys tmp dev dev/{mqueue,net,pts,shm}
  chmod 700 root
}

# directory MODE PATH: a directory of our own, since something else of the machine is mounted below.
directory() { mkdir -p -m "$1" "$new$2"; }

# files PATH: the files of such a directory, copied; large ones are shown as they are. What cannot be read is left out.
files() {
  local file
  find "$1" -maxdepth 1 -type f -size -1025k -exec cp --preserve=mode,timestamps -t "$new$1" {} + 2>/dev/null || true
  while read -r -d '' file; do
    : >"$new$file"
    mount -o bind,ro "$file" "$new$file"
  done < <(find "$1" -maxdepth 1 -type f -size +1024k -readable -print0)
}

# link PATH: a symbolic link.
link() { links+=("$1"); }

# layer NUMBER MODE PATH SUBDIRECTORY...: a directory of the machine with a throw-away layer on top.
layer() {
  local lower=$3 layer=$layers/$1 inner
  inner=("${@:4}")
  directories+=("$new$3" "$layer/work" "$layer/upper")
  if [ -n "$owners" ] && [ -d "$owners/$1" ]; then
    lower=$owners/$1
  else
    # Files keep foreign owners here, which even our root has to respect. Directories that lie in the upper layer too are ours.
    directories+=("${inner[@]/#/$layer/upper/}")
  fi
  [ "$2" = 755 ] || modes+=("$2" "$layer/upper")
  mounting overlay "$3" overlay "lowerdir=$lower,upperdir=$layer/upper,workdir=$layer/work,userxattr"
}

# hide PATH...: somebody's home that lies within the system.
hide() {
  local path
  for path; do mounting sandbox "$path" tmpfs mode=700,X-mount.mkdir; done
}

# mounting SOURCE PATH TYPE OPTIONS: something that "mount_all" mounts.
mounting() { table+="$1 $new$2 $3 $4 0 0"$'\n'; }

mount_all() {
  printf '%s' "$table" >"$layers/table"
  mount --all --fstab "$layers/table"
  table=
}

devices() {
  local device
  for device in null zero full random urandom tty fuse net/tun; do
    [ -c "/dev/$device" ] || continue
    : >"dev/$device"
    mounting "/dev/$device" "/dev/$device" none bind
  done
  ln -s pts/ptmx dev/ptmx
  ln -s /proc/self/fd dev/fd
  ln -s fd/0 dev/stdin
  ln -s fd/1 dev/stdout
  ln -s fd/2 dev/stderr
  mounting devpts /dev/pts devpts "nosuid,noexec,newinstance,ptmxmode=0666,mode=620${owners:+,gid=5}"
  mounting sandbox /dev/shm tmpfs mode=1777,nosuid,nodev
  mounting mqueue /dev/mqueue mqueue nosuid,nodev,noexec
}

views() {
  mounting proc /proc proc nosuid,nodev,noexec
  mounting sysfs /sys sysfs nosuid,nodev,noexec
  # Twice: "ip netns exec" takes one away, and may then mount another only while there is one left.
  mounting "$new/sys" /sys none bind
  mounting sandbox /tmp tmpfs mode=1777,nosuid,nodev
  mounting sandbox /run tmpfs mode=755,nosuid,nodev
  mounting sandbox /run/lock tmpfs mode=1777,nosuid,nodev,X-mount.mkdir
}

# The control groups as they are, to read. A kernel that does not let us mount them shows none.
groups() {
  local options=nosuid,nodev,noexec,ro,X-mount.mkdir path name
  if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
    mounting cgroup2 /sys/fs/cgroup cgroup2 $options
  else
    mounting sandbox /sys/fs/cgroup tmpfs mode=755
    for path in /sys/fs/cgroup/*; do
      [ -d "$path" ] && [ ! -L "$path" ] || continue
      name=${path##*/}
      case $name in
        unified) mounting cgroup2 "$path" cgroup2 $options ;;
        systemd) mounting cgroup "$path" cgroup "$options,none,name=systemd" ;;
        *) mounting cgroup "$path" cgroup "$options,$name" ;;
      esac
    done
  fi
  mount_all || true
  mount -o remount,bind,ro sys/fs/cgroup || true
}

# A name of its own, and nobody to ask for other names.
name() {
  hostname sandbox
  rm -f etc/hostname etc/hosts etc/resolv.conf
  echo sandbox >etc/hostname
  printf '%s\n' '127.0.0.1 localhost' '127.0.1.1 sandbox' '::1 localhost ip6-localhost ip6-loopback' >etc/hosts
  : >etc/resolv.conf
}

move() {
  pivot_root . .old
  cd /
  umount -l /.old
  rmdir /.old
  mount --make-rshared /
  PATH=$path
  unset setup
}

loopback() { ip link set lo up 2>/dev/null || ifconfig lo up 2>/dev/null || busybox ip link set lo up 2>/dev/null || true; }

# Everybody is root here: where sudo is missing, or refuses because its files seem to belong to somebody else, a few lines do.
sudo_for_all() {
  ! type -P sudo >/dev/null || ! timeout 5 sudo -n true </dev/null >/dev/null 2>&1 || return 0
  mkdir -p /usr/local/bin
  rm -f /usr/local/bin/sudo
  cat >/usr/local/bin/sudo <<'SUDO'
#!/bin/sh
# Stands in for sudo in the sandbox, where you are root already.
user=root
while :; do
  case ${1-} in
    -u) user=$2 && shift 2 ;;
    -[nEHSk]) shift ;;
    --) shift && break ;;
    *) break ;;
  esac
done
case ${1-} in
  '') echo 'usage: sudo [-u USER] COMMAND' >&2 && exit 1 ;;
  *=*) set -- env "$@" ;;
  *) command -v "$1" >/dev/null || { echo "sudo: $1: command not found" >&2 && exit 1; } ;;
esac
[ "$user" = root ] || set -- setpriv --reuid "$user" --regid "$(id -g "$user")" --init-groups "$@"
exec "$@"
SUDO
  chmod 755 /usr/local/bin/sudo
}

directories_and_links() {
  local number
  mkdir -p "${directories[@]}"
  for ((number = 0; number < ${#modes[@]}; number += 2)); do chmod "${modes[@]:number:2}"; done
  [ ${#links[@]} = 0 ] || cp --no-dereference --parents "${links[@]}" "$new"
}

# A pipe that has a writer for as long as its only reader, at number 8: what it reads once it shall outlive its owner.
endless_pipe() {
  mkfifo -m 600 /run/endless
  exec 8<>/run/endless
  rm /run/endless
}

finish() {
  devices
  views
  directories_and_links
  mount_all
  [ ! -d var/tmp ] || [ -k var/tmp ] || chmod 1777 var/tmp
  groups
  name
  move
  loopback
  sudo_for_all
  endless_pipe
  # From here on it reads commands from the pipe of its owner and ends with it; meanwhile it adopts and buries orphans.
  exec -a init bash --noprofile --norc
}
