#!/usr/bin/env bash
# The steps of "Access Clusters Using the Kubernetes API" (kubernetes.io), as a script: what people paste into CI.
# CLUSTER_NAME is that of the kubeconfig, as on the page; NAME is the Secret's, since one of a fixed name is filled only once.
set -euo pipefail

kubectl config view -o jsonpath='{range .clusters[*]}{.name}{"\t"}{.cluster.server}{"\n"}{end}'
server=$(kubectl config view -o jsonpath="{.clusters[?(@.name==\"$CLUSTER_NAME\")].cluster.server}")

kubectl apply -f - <<MANIFEST
apiVersion: v1
kind: Secret
metadata:
  name: $NAME
  annotations:
    kubernetes.io/service-account.name: default
type: kubernetes.io/service-account-token
MANIFEST

while ! kubectl describe secret "$NAME" | grep -E '^token' >/dev/null; do
  echo 'waiting for token' >&2
  sleep 1
done

token=$(kubectl get secret "$NAME" -o jsonpath='{.data.token}' | base64 --decode)
curl -sS -X GET "$server/api" --header "Authorization: Bearer $token" --insecure
