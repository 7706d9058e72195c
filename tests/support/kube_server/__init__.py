"""A Kubernetes API server for tests: real HTTPS, real discovery, paging, RBAC and faults, no cluster.

    objects = [{"apiVersion": "v1", "kind": "Node", "metadata": {"name": "master-1"}}, ...]
    with KubeServer(objects=objects, users={"auditor": Rights.all()}) as server:
        server.url                          # https://127.0.0.1:PORT
        server.ca_file                      # Path of the CA certificate, made for this run
        server.token("auditor")             # bearer token of a user, random per run
        server.kubeconfig(path, "auditor")  # writes a kubeconfig; auth="token" | "certificate" | "exec"
        server.client_certificate("auditor")            # (certificate, key) paths
        server.requests                     # every request seen; token values are never kept
        server.mutations()                  # requests that are neither GET nor a self review
        server.fault("pods", Fault(status=429, times=2))

Objects are plain mappings as in a manifest; uid, resourceVersion and creationTimestamp are filled in
as a real server would. Kinds: the usual built-ins are always served; the kinds of the given objects
and `types=[ApiType(...)]` are served besides. A custom kind without an entry in `types` gets the
usual English plural and is namespaced when its first object has a namespace.

Rights: `Rights.all()`, `Rights.none()`, `Rights.only((group, resource, verb), ...)` and
`Rights.all_but((group, resource, verb), ...)`; `"*"` matches anything. Discovery, /version and self
reviews are open to every authenticated user, as with a real server's default bindings.

Other arguments: `down={"metrics.k8s.io/v1beta1"}` declares an aggregated API whose backend is not
there (503 text/plain; `Stale` in aggregated discovery); `aggregated_discovery=False` behaves like a
server before 1.26.

Changing things: `server.put(object)`, `server.delete(kind, name, namespace)`, `server.compact()`
(every continue token handed out before is expired and answers 410 with a fresh token).

Faults: see `Fault`. The first argument of `server.fault` is a plural ("pods"), plural.group
("deployments.apps") or a path ("/apis/metrics.k8s.io/v1beta1").

Held to recorded answers of a real server (1.36) by tests/unit/kube_server/test_recordings.py.
Not offered: watch, writes, protobuf, YAML, set-based selectors, field selectors, SelfSubjectRulesReview.
"""

from tests.support.kube_server.access import Rights
from tests.support.kube_server.api_types import ApiType
from tests.support.kube_server.faults import Fault
from tests.support.kube_server.server import KubeServer

__all__ = ["ApiType", "Fault", "KubeServer", "Rights"]
