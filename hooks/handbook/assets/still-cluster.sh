# Stills a cluster that runs, so that a node can start from its disk:  sh -s containerd|docker
# What comes back would otherwise count as restarted: pods keep the number of their restarts, and the kubelet counts logs.
set -eu
kube() { kubectl --namespace=kube-system "$@"; }
until_true() { timeout 90 sh -c "until $1; do sleep 0.3; done"; }

systemctl stop kubelet
# Pods from the kubelet's own manifests bear this label; everybody else's pods have a controller.
wanted=$(kube get pods --selector='tier!=control-plane' --output=name | wc -l)
export wanted
kube delete pods --all --force --grace-period=0 --wait=false 2>/dev/null
# Their controllers make new ones, which nobody starts; those of the kubelet's own manifests come back with it.
until_true '[ "$(kubectl --namespace=kube-system get pods --output=name | wc -l)" = $wanted ]'
kube wait --for=condition=PodScheduled pods --all --timeout=60s
kubectl delete events --all --all-namespaces

case $1 in
  containerd)
    if command -v crictl; then
      crictl --timeout=60s rmp --all --force || crictl --timeout=60s rmp --all --force
    else
      # Some are gone before it is their turn, and a task that was killed is an error to ctr; what counts is that nothing is left.
      for what in 'tasks delete --force' 'containers delete' 'sandboxes remove --force'; do
        table=$(ctr --namespace=k8s.io ${what%% *} list)
        for name in $(echo "$table" | awk 'NR > 1 {print $1}'); do ctr --namespace=k8s.io $what "$name" 2>/dev/null || true; done
        table=$(ctr --namespace=k8s.io ${what%% *} list)
        [ "$(echo "$table" | wc -l)" = 1 ] || { echo "ctr leaves ${what%% *}: $table" >&2; exit 1; }
      done
    fi
    systemctl stop containerd
    ;;
  docker)
    docker ps --all --quiet | xargs --no-run-if-empty docker rm --force
    systemctl stop docker.socket docker containerd
    ;;
esac >/dev/null

awk '$2 ~ "^/var/lib/kubelet/" {print $2}' /proc/mounts | sort -r | xargs --no-run-if-empty umount
rm -rf /var/lib/kubelet/pods /var/log/pods /var/log/containers /var/lib/cni
ip link delete cni0 2>/dev/null || true
journalctl --quiet --rotate && journalctl --quiet --vacuum-time=1s || true
