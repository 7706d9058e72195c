"""Reads a Kubernetes or OKD cluster: only the kinds asked for, only with GET and self reviews."""

from ojkaudit.collectors.kubernetes.collector import KubernetesCollector

__all__ = ["KubernetesCollector"]
