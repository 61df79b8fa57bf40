# Prints the facts of the machine that it runs on, one name=value a line. A tool that is missing here prints nothing; one that does
# not tell its version, such as a program that somebody has built without one, prints yes.
fact() { [ -n "$2" ] && printf '%s=%s\n' "$1" "$2"; }
first() { "$@" 2>/dev/null | sed -n 1p; }
has() { command -v "$1" >/dev/null 2>&1; }
number() { grep -oE '[0-9]+(\.[0-9]+)+([-+~.][0-9A-Za-z.]+)*' | sed -n 1p; }
version() { told=$("$@" 2>/dev/null) && { printf '%s\n' "$told" | sed -n 1p | number | grep . || echo yes; }; }

fact kernel "$(uname -r)"
fact architecture "$(uname -m)"
fact distribution "$(. /etc/os-release 2>/dev/null && printf '%s-%s' "$ID" "${VERSION_ID:-$VERSION_CODENAME}")"
fact cpus "$(nproc 2>/dev/null)"
case $(stat -fc %T /sys/fs/cgroup 2>/dev/null) in
  cgroup2fs) fact cgroup 2 ;;
  *) [ -d /sys/fs/cgroup/memory ] && fact cgroup 1 ;;
esac
# Root of the machine itself, not only of a user namespace.
read -r inside outside count 2>/dev/null </proc/self/uid_map
[ "$(id -u)" = 0 ] && [ "$inside $outside $count" = "0 0 4294967295" ] && fact root yes
[ "$(cat /proc/1/comm 2>/dev/null)" = systemd ] && fact systemd "$(first systemctl --version | grep -oE '[0-9]+' | sed -n 1p)"
[ "${count:-1}" -gt 1 ] && fact users yes # others than our own exist here
has ip && fact iproute2 "$(version ip -V)"
has unshare && fact util-linux "$(version unshare --version)"
has iptables && {
  fact iptables "$(version iptables --version)"
  fact iptables-backend "$(first iptables --version | sed -n 's/.*(\(.*\)).*/\1/p')"
}
has nft && fact nftables "$(version nft --version)"
has docker && docker info >/dev/null 2>&1 && {
  fact docker "$(docker version -f '{{.Server.Version}}' 2>/dev/null | number)"
  fact storage-driver "$(docker info -f '{{.Driver}}' 2>/dev/null)"
  fact cgroup-driver "$(docker info -f '{{.CgroupDriver}}' 2>/dev/null)"
}
has containerd && fact containerd "$(version containerd --version)"
has runc && fact runc "$(version runc --version)"
kube() { kubectl --request-timeout=10s "$@" 2>/dev/null; }
if has kubectl && kubernetes=$(kube get --raw=/version) && [ -n "$kubernetes" ]; then
  of_node() { kube get nodes --output="jsonpath={.items[0].status.nodeInfo.$1}"; }
  fact kubernetes "$(printf %s "$kubernetes" | sed -n 's/.*"gitVersion": *"v\([^"]*\)".*/\1/p')"
  fact runtime "$(of_node containerRuntimeVersion | sed 's|:.*||')"
  fact proxy "$(curl --silent http://127.0.0.1:10249/proxyMode)"
  node=$(kube get nodes --output='jsonpath={.items[0].metadata.name}')
  fact cgroup-driver "$(kube get --raw="/api/v1/nodes/$node/proxy/configz" | grep -o '"cgroupDriver":"[a-z]*"' | cut -d'"' -f4)"
  fact coredns "$(kube --namespace=kube-system exec deployment/coredns -- /coredns -version | number)"
  fact etcd "$(kube --namespace=kube-system exec "etcd-$node" -- etcd --version | number)"
else
  has etcd && fact etcd "$(version etcd --version)"
fi
has crictl && fact crictl "$(version crictl --version)"
has bash && fact bash "$(version bash --version)"
has capsh && fact capsh yes
has curl && fact curl "$(version curl --version)"
has jq && fact jq "$(first jq --version | grep -oE '[0-9.]+')"
has bridge && fact bridge yes
has brctl && fact bridge-utils yes
has ping && fact ping yes
has conntrack && fact conntrack yes
has getfattr && fact attr yes
has handbook && fact handbook "$(version handbook --version)"
has perl && fact perl "$(perl -e 'printf "%vd", $^V' 2>/dev/null)"
true
