"""The door to the official client: credentials, proxies and certificates come from it.

Requests then go through its urllib3 pool; its models would cost twenty times the CPU.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlencode, urlsplit

from ojkaudit.collectors.kubernetes.wire import Query, Reply, RequestFailedError
from ojkaudit.errors import ConfigurationError

if TYPE_CHECKING:
    from ojkaudit.collectors.interface import SecretReader
    from ojkaudit.model.config import KubernetesTarget

MAX_BODY_BYTES = 256 << 20
"""No page of 500 objects comes near: an object has at most about 1.5 MB, and few have."""
_BLOCK = 1 << 20
_HEADER_VALUE = re.compile(r"[\x21-\x7e]+(?: [\x21-\x7e]+)*")
_logging_lock = threading.Lock()


class Connection:
    """A Wire to one cluster. Close it at the end."""

    def __init__(self, configuration: Any, *, timeout_seconds: float, user_agent: str) -> None:
        """Open a pool of connections; nothing is sent yet.

        Args:
            configuration: A complete `kubernetes.client.Configuration`.
            timeout_seconds: For connecting, and for each wait for more of an answer.
            user_agent: How we introduce ourselves.
        """
        from kubernetes.client.rest import RESTClientObject

        self._configuration = configuration
        self._pool = RESTClientObject(configuration).pool_manager
        self._timeout_seconds = timeout_seconds
        self._headers = {"Accept-Encoding": "gzip", "User-Agent": user_agent}

    @property
    def address(self) -> str:
        """Return the server's address without credentials."""
        return shown_address(self._configuration.host)

    def close(self) -> None:
        """Close every connection."""
        self._pool.clear()

    def send(
        self, method: str, path: str, query: Query, headers: Mapping[str, str], body: bytes | None
    ) -> Reply:
        """Send one request. Redirects are answers: the token goes nowhere else.

        Raises:
            RequestFailedError: No complete answer came.
        """
        import urllib3

        url = (
            self._configuration.host.rstrip("/") + path + (f"?{urlencode(query)}" if query else "")
        )
        try:
            response = self._pool.request(
                method,
                url,
                headers={**self._headers, **headers, **self._authorization()},
                body=body,
                timeout=urllib3.Timeout(connect=self._timeout_seconds, read=self._timeout_seconds),
                retries=False,
                redirect=False,
                preload_content=False,
            )
            data = _read(response)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise _failure(error) from None
        return Reply(
            status=response.status,
            content_type=response.headers.get("Content-Type", ""),
            body=data,
            retry_after=response.headers.get("Retry-After", ""),
        )

    def _authorization(self) -> Mapping[str, str]:
        from kubernetes.config import ConfigException

        try:
            with _without_client_logs():
                # Renews a token that is about to expire: reads its file, or runs the plugin again.
                given = self._configuration.get_api_key_with_prefix("BearerToken")
        except (ConfigException, OSError, LookupError, TypeError, ValueError) as error:
            raise RequestFailedError(
                f"the credentials cannot be renewed ({type(error).__name__})", retryable=False
            ) from None
        value = (given or "").strip()
        if not value:
            return {}
        if not _HEADER_VALUE.fullmatch(value):
            # The error of the HTTP library would print the whole header.
            raise RequestFailedError(
                "the token holds characters that no token has", retryable=False
            )
        return {"Authorization": value}


def connect(target: KubernetesTarget, read_secret: SecretReader, user_agent: str) -> Connection:
    """Return a connection with the credentials the configuration names; nothing is sent yet.

    Raises:
        ConfigurationError: The kubeconfig, the token or the address cannot be used.
    """
    from kubernetes.client import Configuration

    configuration = Configuration()
    if target.in_cluster:
        _load_in_cluster(configuration)
    elif target.server:
        configuration.host = target.server
        if target.token is not None:
            token = read_secret(target.token).strip()
            configuration.api_key["BearerToken"] = f"Bearer {token}"
    else:
        _load_kubeconfig(configuration, target)
    if target.ca_file is not None:
        _require_file(target.ca_file, "ca_file")
        configuration.ssl_ca_cert = str(target.ca_file)
        configuration.verify_ssl = True
    if target.proxy:
        configuration.proxy = target.proxy
    _split_proxy(configuration)
    _require_safe(configuration, target.id)
    return Connection(configuration, timeout_seconds=target.timeout_seconds, user_agent=user_agent)


def shown_address(url: str) -> str:
    """Return scheme, host and port of `url`, without user and password."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path.rstrip('/')}"


def _load_in_cluster(configuration: Any) -> None:
    from kubernetes.config import ConfigException, load_incluster_config

    try:
        load_incluster_config(client_configuration=configuration)
    except (ConfigException, OSError) as error:
        raise ConfigurationError(
            f"no service account to be found here ({type(error).__name__})",
            hint="'in_cluster: true' works only inside a pod; outside give a kubeconfig.",
        ) from None


def _load_kubeconfig(configuration: Any, target: KubernetesTarget) -> None:
    import yaml
    from kubernetes.config import ConfigException, load_kube_config

    if target.kubeconfig is not None:
        _require_file(target.kubeconfig, "kubeconfig")
    try:
        with _without_client_logs():
            load_kube_config(
                config_file=str(target.kubeconfig) if target.kubeconfig else None,
                context=target.context or None,
                client_configuration=configuration,
                persist_config=False,  # an auditor writes nothing, a refreshed token included
            )
    except (ConfigException, OSError, yaml.YAMLError, LookupError, TypeError, ValueError) as error:
        # The client's message can quote a whole user entry with its token, so only its type shows.
        raise ConfigurationError(
            f"the kubeconfig {target.kubeconfig or '(default)'} cannot be used"
            f" ({type(error).__name__})",
            hint=f"Try 'kubectl --context {target.context} get nodes'"
            if target.context
            else "Try 'kubectl get nodes' with it; name a context if it has several.",
        ) from None
    if not (configuration.api_key.get("BearerToken") or configuration.cert_file):
        raise ConfigurationError(
            "the kubeconfig gives no credentials",
            hint="If it runs a credential plugin, run the plugin by hand to see why it fails.",
        )


def _split_proxy(configuration: Any) -> None:
    """Move user and password of the proxy from its address, where nothing reads them, to a header."""
    from urllib3.util import make_headers

    parts = urlsplit(configuration.proxy or "")
    if parts.username is None:
        return
    login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    configuration.proxy = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    configuration.proxy_headers = make_headers(proxy_basic_auth=login)


def _require_file(path: Path, name: str) -> None:
    try:
        path.open("rb").close()
    except OSError as error:
        raise ConfigurationError(
            f"{name} {path} cannot be read ({error.strerror})",
            hint="Put the file there, or correct its path in the configuration.",
        ) from None


def _require_safe(configuration: Any, target: str) -> None:
    """Refuse what would let somebody else answer in the cluster's place, or overhear the token."""
    if urlsplit(configuration.host).scheme != "https":
        raise ConfigurationError(
            f"target {target}: the server's address must begin with https://",
            hint="Evidence read over an unprotected connection proves nothing.",
        )
    if not configuration.verify_ssl:
        raise ConfigurationError(
            f"target {target}: the kubeconfig switches off the check of the server's certificate",
            hint="Give the CA's certificate: 'ca_file:' of the target.",
        )


def _read(response: Any) -> bytes:
    blocks: list[bytes] = []
    size = 0
    try:
        while block := response.read(_BLOCK, decode_content=True):
            size += len(block)
            if size > MAX_BODY_BYTES:
                raise RequestFailedError("the answer is too large", retryable=False)
            blocks.append(block)
    except BaseException:
        response.close()
        raise
    response.release_conn()
    return b"".join(blocks)


def _failure(error: Exception) -> RequestFailedError:
    """Put an error of the HTTP library into words of ours: its own can quote proxy passwords."""
    from urllib3 import exceptions

    match error:
        case exceptions.SSLError():
            why = getattr(error.args[0] if error.args else None, "verify_message", "")
            text = "TLS failed" + (f": {why}" if why else "")
            hint = "Check 'ca_file' and whether something between answers in the server's place."
            return RequestFailedError(text, retryable=False, hint=hint)
        case exceptions.NameResolutionError():
            return RequestFailedError("the server's name cannot be resolved", retryable=True)
        case exceptions.NewConnectionError():
            return RequestFailedError("the server cannot be connected to", retryable=True)
        case exceptions.TimeoutError() | TimeoutError():
            return RequestFailedError("no answer in time", retryable=False)
        case exceptions.ProxyError():
            return RequestFailedError("the proxy cannot be used", retryable=True)
        case exceptions.ProtocolError() | ConnectionError():
            return RequestFailedError("connection broken", retryable=True)
        case _:
            return RequestFailedError(f"request failed ({type(error).__name__})", retryable=False)


@contextmanager
def _without_client_logs() -> Iterator[None]:
    """Drop what the client logs by itself: the output of a credential plugin may be secret."""
    root = logging.getLogger()
    with _logging_lock:
        root.addFilter(_is_ours)
        try:
            yield
        finally:
            root.removeFilter(_is_ours)


def _is_ours(record: logging.LogRecord) -> bool:
    return not record.pathname.endswith(("kube_config.py", "exec_provider.py"))
