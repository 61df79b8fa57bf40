# The first process of a sandbox reads this, followed by one call for each part of the system that it shows. It builds a root file
# system out of throw-away layers, moves into it, and stays as the process with the number 1 until its owner's pipe closes.
set -eu
umask 022
new=/tmp/root layers=/tmp/layers
directories=() others=() table=

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
  mkdir dev home media mnt proc root run sys tmp
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

# link PATH TARGET
link() { ln -s "$2" "$new$1"; }

# layer NUMBER MODE PATH SUBDIRECTORY...: a directory of the machine with a throw-away layer on top; "put_layers" puts them all.
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
  [ "$2" = 755 ] || others+=("$2" "$layer/upper")
  table+="overlay $new$3 overlay lowerdir=$lower,upperdir=$layer/upper,workdir=$layer/work,userxattr 0 0"$'\n'
}

put_layers() {
  local number
  mkdir -p "${directories[@]}"
  for ((number = 0; number < ${#others[@]}; number += 2)); do chmod "${others[@]:number:2}"; done
  printf '%s' "$table" >"$layers/table"
  mount --all --fstab "$layers/table"
}

# hide PATH...: somebody's home that lies within the system.
hide() {
  local path
  for path; do [ ! -d "$new$path" ] || mount -t tmpfs -o mode=700 sandbox "$new$path"; done
}

devices() {
  local device
  mount -t tmpfs -o mode=755,nosuid sandbox dev
  mkdir dev/net dev/pts dev/shm dev/mqueue
  for device in null zero full random urandom tty fuse net/tun; do
    [ -c "/dev/$device" ] || continue
    : >"dev/$device"
    mount --bind "/dev/$device" "dev/$device"
  done
  mount -t devpts -o "nosuid,noexec,newinstance,ptmxmode=0666,mode=620${owners:+,gid=5}" devpts dev/pts
  mount -t tmpfs -o mode=1777,nosuid,nodev sandbox dev/shm
  mount -t mqueue -o nosuid,nodev,noexec mqueue dev/mqueue
  ln -s pts/ptmx dev/ptmx
  ln -s /proc/self/fd dev/fd
  ln -s fd/0 dev/stdin
  ln -s fd/1 dev/stdout
  ln -s fd/2 dev/stderr
}

kernel_views() {
  mount -t proc -o nosuid,nodev,noexec proc proc
  # Twice: "ip netns exec" takes one away, and may then mount another only while there is one left.
  mount -t sysfs -o nosuid,nodev,noexec sysfs sys
  mount --bind sys sys
  mount -t tmpfs -o mode=1777,nosuid,nodev sandbox tmp
  [ ! -d var/tmp ] || chmod 1777 var/tmp
  mount -t tmpfs -o mode=755,nosuid,nodev sandbox run
  mkdir -m 1777 run/lock
}

# The groups as they are, to read; a kernel that does not let us mount them shows none.
groups() {
  local options=nosuid,nodev,noexec,ro name
  if [ "$(stat -f -c %T /sys/fs/cgroup)" = cgroup2fs ]; then
    mount -t cgroup2 -o $options cgroup2 sys/fs/cgroup || true
    return
  fi
  mount -t tmpfs -o mode=755 sandbox sys/fs/cgroup
  for name in $(cd /sys/fs/cgroup && echo *); do
    [ -d "/sys/fs/cgroup/$name" ] && [ ! -L "/sys/fs/cgroup/$name" ] || continue
    mkdir "sys/fs/cgroup/$name"
    case $name in
      unified) mount -t cgroup2 -o $options cgroup2 "sys/fs/cgroup/$name" || true ;;
      systemd) mount -t cgroup -o "$options,none,name=systemd" cgroup "sys/fs/cgroup/$name" || true ;;
      *) mount -t cgroup -o "$options,$name" cgroup "sys/fs/cgroup/$name" || true ;;
    esac
  done
  mount -o remount,bind,ro sys/fs/cgroup
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
  mkdir .old
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
  timeout 5 sudo -n true </dev/null >/dev/null 2>&1 && return
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

finish() {
  devices
  kernel_views
  groups
  name
  move
  loopback
  sudo_for_all
  # From here on it reads commands from the pipe of its owner and ends with it; meanwhile it adopts and buries orphans.
  exec -a init bash --noprofile --norc
}
