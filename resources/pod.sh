# pod.sh NAME [FIELD]: a Pod that sleeps, with one more field
cat <<POD
apiVersion: v1
kind: Pod
metadata:
  name: $1
spec:
  $2
  terminationGracePeriodSeconds: 1
  containers:
  - {name: shell, image: busybox, imagePullPolicy: IfNotPresent, command: [sleep, infinity]}
POD
