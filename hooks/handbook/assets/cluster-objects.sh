# What a cluster holds that somebody made, a line for each thing:  sh -s [FOLDER...]  (whose files are told, too)
set -eu
# What has an owner goes with it; events, leases and requests for certificates come and go by themselves.
kinds=$(kubectl api-resources --verbs=list --output=name | grep -vE '^(events|leases|certificatesigningrequests|componentstatuses)(\.|$)' | paste -sd,)
each='{range .items[*]}{.metadata.ownerReferences[0].kind};{.kind} {.metadata.namespace}/{.metadata.name}{"\n"}{end}'
objects=$(kubectl get "$kinds" --all-namespaces --output=jsonpath="$each")
echo "$objects" | sed -n 's/^;//p'
for folder; do find "$folder" -type f -not -path '*/.kube/*' -printf 'file %p\n'; done
