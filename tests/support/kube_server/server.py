"""The server itself: TLS, authentication, recording, faults."""

from __future__ import annotations

import secrets
import ssl
import sys
import tempfile
import threading
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from types import TracebackType

import yaml

from tests.support.kube_server.access import Rights, User
from tests.support.kube_server.api_types import ApiType, TypeTable
from tests.support.kube_server.certificates import Authority
from tests.support.kube_server.faults import Fault, FaultTable
from tests.support.kube_server.listener import Listener, SeenRequest
from tests.support.kube_server.routes import Api
from tests.support.kube_server.store import Store, storage_key

EXEC_PLUGIN = """\
import json
print(json.dumps({"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",
                  "status": {"token": open(%r).read()}}))
"""


class KubeServer:
    """See the docstring of the package."""

    def __init__(
        self,
        *,
        objects: Iterable[Mapping[str, object]] = (),
        users: Mapping[str, Rights] | None = None,
        types: Iterable[ApiType] = (),
        down: Collection[str] = (),
        aggregated_discovery: bool = True,
        revision: int = 1000,
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="kube-server-")
        folder = Path(self._folder.name)
        given = list(objects)
        self._types = TypeTable(types, given)
        self._store = Store(revision)
        self._store.load((self._types.ensure(item), item) for item in given)
        self._users = {
            name: User(name, rights, secrets.token_urlsafe(24))
            for name, rights in (users or {"auditor": Rights.all()}).items()
        }
        self._faults = FaultTable()
        self._authority = Authority(folder)
        self.ca_file: Path = self._authority.file
        """CA certificate, PEM."""
        certificate, key = self._authority.server()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(certificate, key)
        context.load_verify_locations(self.ca_file)
        context.verify_mode = ssl.CERT_OPTIONAL
        api = Api(
            types=self._types,
            store=self._store,
            down=frozenset(down),
            aggregated_discovery=aggregated_discovery,
        )
        self._listener = Listener(api, list(self._users.values()), self._faults, context)
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.02,))

    def __enter__(self) -> KubeServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listener.shutdown()
        self._thread.join()
        self._listener.close_connections()
        self._listener.server_close()
        self._folder.cleanup()

    @property
    def url(self) -> str:
        """Base URL without a slash at the end."""
        return f"https://127.0.0.1:{self._listener.server_address[1]}"

    @property
    def requests(self) -> list[SeenRequest]:
        """Every request so far, in order of arrival."""
        return self._listener.seen()

    def mutations(self) -> list[SeenRequest]:
        """Requests that could have changed something: must be empty after a read-only client."""
        return [request for request in self.requests if not request.is_read_only]

    def token(self, user: str) -> str:
        """Bearer token of `user`."""
        return self._users[user].token

    def token_file(self, user: str) -> Path:
        """File that holds the token of `user`."""
        path = Path(self._folder.name) / f"{user}.token"
        path.write_text(self.token(user))
        return path

    def client_certificate(self, user: str) -> tuple[Path, Path]:
        """Issue a client certificate for `user`; return (certificate, key)."""
        return self._authority.client(user)

    def foreign_ca_file(self) -> Path:
        """CA certificate that has nothing to do with this server."""
        folder = Path(self._folder.name) / "foreign"
        folder.mkdir(exist_ok=True)
        return Authority(folder, "somebody else's CA").file

    def kubeconfig(self, path: Path, user: str, *, auth: str = "token") -> Path:
        """Write a kubeconfig for `user`; `auth` is token, certificate or exec. Return `path`."""
        cluster = {"server": self.url, "certificate-authority": str(self.ca_file)}
        context = {"cluster": "test", "user": user}
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "test",
            "clusters": [{"name": "test", "cluster": cluster}],
            "users": [{"name": user, "user": self._credentials(user, auth)}],
            "contexts": [{"name": "test", "context": context}],
        }
        path.write_text(yaml.safe_dump(config))
        return path

    def _credentials(self, user: str, auth: str) -> dict[str, object]:
        if auth == "token":
            return {"token": self.token(user)}
        if auth == "certificate":
            certificate, key = self.client_certificate(user)
            return {"client-certificate": str(certificate), "client-key": str(key)}
        assert auth == "exec", auth
        plugin = Path(self._folder.name) / f"{user}-exec.py"
        plugin.write_text(EXEC_PLUGIN % str(self.token_file(user)))
        command = {
            "apiVersion": "client.authentication.k8s.io/v1",
            "command": sys.executable,
            "args": [str(plugin)],
            "interactiveMode": "Never",
        }
        return {"exec": command}

    def fault(self, place: str, fault: Fault) -> None:
        """Let answers go wrong; `place` is a plural, plural.group or a path."""
        self._faults.add(place, fault)

    def clear_faults(self) -> None:
        """Answer soundly from now on."""
        self._faults.clear()

    def put(self, item: Mapping[str, object]) -> None:
        """Create or replace one object, in a new revision."""
        self._store.put(self._types.ensure(item), item)

    def delete(self, item: Mapping[str, object]) -> None:
        """Remove the object of that kind, namespace and name, in a new revision."""
        self._store.delete(self._types.ensure(item), storage_key(item))

    def compact(self) -> None:
        """Expire every continue token handed out so far."""
        self._store.compact()
