# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Calls to a Kubernetes API server, over the official client's transport. The one file that imports ``kubernetes``.

Objects go in and come out as plain dicts: the client's generated models are never touched (they cost more to
import and to fill than a request takes). Every call made here can be repeated without harm, and is while its
failure may pass by itself.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from ...engine.errors import Blocked, KeelsonError

try:
    from kubernetes.client.configuration import Configuration
    from kubernetes.client.rest import RESTClientObject
except ImportError as error:
    IMPORT_ERROR: ImportError | None = error
else:
    IMPORT_ERROR = None

try:
    import yaml
except ImportError as error:
    YAML_IMPORT_ERROR: ImportError | None = error
else:
    YAML_IMPORT_ERROR = None

Object = dict[str, Any]

MANAGER = "keelson"
"""Our field manager in server-side apply."""
PATIENCE = 120.0
"""Seconds within which an API server that restarts, or an access entry just made, may be expected to answer."""
ATTEMPTS = 5
TIMEOUT = (10, 60)
"""Seconds to connect, and to read."""
UNFIT = ("failed to create typed patch object", "failed to convert new object")
"""What server-side apply says, with status 500, of a manifest that does not fit its kind."""
DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
METADATA_LIST = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"


class KubernetesError(KeelsonError):
    """The API server refused a request. ``reason`` is Kubernetes' own word (``Invalid``, ``Forbidden``, ...)."""

    def __init__(self, message: str, reason: str = "", status: int = 0) -> None:
        super().__init__(message)
        self.reason, self.status = reason, status


class FieldConflict(KubernetesError):
    """Server-side apply would take fields from another manager.

    ``others``: each manager, as the API server names it.
    """

    def __init__(self, message: str, others: tuple[str, ...]) -> None:
        super().__init__(message, "Conflict", 409)
        self.others = others

    @property
    def by_hand(self) -> bool:
        """Whether all those fields were merely edited (kubectl edit, patch, scale),
        and none is applied by another tool.

        The API server writes ``using <version>`` after a manager that updated, and nothing after one that applied.
        """
        return bool(self.others) and all(" using " in other for other in self.others)


@dataclass(frozen=True)
class Served:
    """A kind that the API server serves. ``resource`` is its plural."""

    api_version: str
    kind: str
    resource: str
    namespaced: bool

    def path(self, namespace: str = "", name: str = "") -> str:
        root = f"/apis/{self.api_version}" if "/" in self.api_version else f"/api/{self.api_version}"
        middle = f"/namespaces/{quote(namespace)}" if self.namespaced and namespace else ""
        return f"{root}{middle}/{self.resource}" + (f"/{quote(name, safe='')}" if name else "")


class Client:
    """One API server. Thread-safe.

    ``token`` is asked before every request, ``check`` too: it ends an orphaned worker.
    """

    def __init__(self, server: str, authority: str, token: Callable[[], str], check: Callable[[], None]) -> None:
        if IMPORT_ERROR is not None:
            raise KeelsonError(f"the Python library kubernetes is required: {IMPORT_ERROR}")
        configuration = Configuration()
        configuration.host, configuration.ca_cert_data = server, authority
        configuration.connection_pool_maxsize = 40
        configuration.retries = False
        self.server, self.token, self.check = server.rstrip("/"), token, check
        self.rest = RESTClientObject(configuration)
        self.lock = threading.Lock()
        self.served: dict[tuple[str, str], Served] = {}

    # Objects

    def find(self, path: str, **query: str) -> Object | None:
        """None when there is none, or when the API server does not serve such a kind."""
        try:
            return self.request("GET", path, query)
        except KubernetesError as error:
            if error.status == 404:
                return None
            raise

    def items(self, path: str, accept: str = "application/json", **query: str) -> Iterator[Object]:
        """All items, over all pages. An unknown kind or namespace has none."""
        query = {"limit": "250", **query}
        while (page := self.find_page(path, accept, query)) is not None:
            yield from page.get("items") or []
            if not (following := page["metadata"].get("continue")):
                return
            query["continue"] = following

    def apply(
        self, path: str, manifest: Object, manager: str = MANAGER, force: bool = False, dry_run: bool = False
    ) -> Object:
        """Server-side apply: https://kubernetes.io/docs/reference/using-api/server-side-apply/.

        Raises FieldConflict.
        """
        query = {"fieldManager": manager, "force": str(force).lower(), **({"dryRun": "All"} if dry_run else {})}
        return self.request("PATCH", path, query, manifest, "application/apply-patch+yaml")

    def merge(self, path: str, patch: Object) -> Object:
        return self.request("PATCH", path, {"fieldManager": MANAGER}, patch, "application/merge-patch+json")

    def delete(self, path: str) -> None:
        """Start to delete it, its dependents in the background. Gone already is fine."""
        try:
            self.request("DELETE", path, {"propagationPolicy": "Background"})
        except KubernetesError as error:
            if error.status != 404:
                raise

    def find_page(self, path: str, accept: str, query: Mapping[str, str]) -> Object | None:
        try:
            return self.request("GET", path, query, accept=accept)
        except KubernetesError as error:
            if error.status == 404:
                return None
            raise

    # Kinds

    def kind(self, api_version: str, kind: str) -> Served | None:
        """Where the API server serves a kind: asked of it once, and again when a kind is not known."""
        with self.lock:
            if (api_version, kind) not in self.served:
                self.served = {(each.api_version, each.kind): each for each in self.discover()}
            return self.served.get((api_version, kind))

    def api_versions(self) -> list[str]:
        """As ``.Capabilities.APIVersions`` in a chart has them: ``apps/v1`` and ``apps/v1/Deployment``."""
        with self.lock:
            self.served = self.served or {(each.api_version, each.kind): each for each in self.discover()}
            return sorted({name for version, kind in self.served for name in (version, f"{version}/{kind}")})

    def discover(self) -> Iterator[Served]:
        """Two calls: https://kubernetes.io/docs/concepts/overview/kubernetes-api/#aggregated-discovery."""
        for root in ("/api", "/apis"):
            for group in self.request("GET", root, accept=DISCOVERY).get("items", []):
                name = group["metadata"].get("name", "")
                for version in group["versions"]:
                    api_version = f"{name}/{version['version']}" if name else version["version"]
                    for each in version.get("resources", []):
                        kind = (each.get("responseKind") or {}).get("kind") or ""
                        yield Served(api_version, kind, each["resource"], each["scope"] == "Namespaced")

    # Requests

    def request(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: Object | None = None,
        content: str = "application/json",
        accept: str = "application/json",
    ) -> Object:
        url = f"{self.server}{path}" + (f"?{urlencode(query)}" if query else "")
        data = None if body is None else json.dumps(body)
        for attempt in range(ATTEMPTS):
            try:
                return self.send(method, url, data, content, accept)
            except Blocked:
                if attempt == ATTEMPTS - 1:
                    raise
                time.sleep(0.25 * 2**attempt)
        raise AssertionError("unreachable")

    def send(self, method: str, url: str, data: str | None, content: str, accept: str) -> Object:
        from urllib3.exceptions import HTTPError

        self.check()
        headers = {"Accept": accept, "Authorization": f"Bearer {self.token()}"}
        if data is not None:
            headers["Content-Type"] = content
        try:
            # A body of text is sent as it is: the transport would otherwise take a patch's content type for
            # JSON to encode.
            response = self.rest.pool_manager.request(
                method, url, body=data, headers=headers, timeout=timeout(), retries=False
            )
            text = response.data.decode()
        except (HTTPError, OSError) as error:
            raise Blocked(
                f"{method} {url}: the API server does not answer: {error}{private_hint()}", patience=PATIENCE
            ) from error
        if response.status >= 400:
            raise refusal(method, url, response.status, text)
        return json.loads(text)


def timeout() -> Any:
    from urllib3 import Timeout

    connect, read = TIMEOUT
    return Timeout(connect=connect, read=read)


def private_hint() -> str:
    return ". A private endpoint answers only inside its VPC: run there, or open the endpoint to your addresses."


def refusal(method: str, url: str, code: int, text: str) -> KeelsonError:
    """What the engine should make of a refusal: Blocked when it passes by itself."""
    try:
        status = json.loads(text)
    except ValueError:
        status = {"message": text[:500]}
    reason, said = status.get("reason", ""), status.get("message", "")
    message = f"{method} {url.partition('?')[0]}: {code} {reason}: {said}"
    causes = (status.get("details") or {}).get("causes") or []
    conflicts = [cause for cause in causes if cause.get("reason") == "FieldManagerConflict"]
    if code == 401:
        return Blocked(
            f"{message}. The cluster does not know the caller: give it an access entry (the role cluster: "
            "cluster_admin_role_arns), or run as a principal that has one.",
            patience=30,
        )
    if code == 403:
        return KubernetesError(
            f"{message}. The caller's access entry lacks this permission: associate an access policy.", reason, code
        )
    if conflicts:
        others = tuple(sorted({cause["message"].removeprefix("conflict with ") for cause in conflicts}))
        fields = ", ".join(cause["field"] for cause in conflicts)
        return FieldConflict(f"{method} {url.partition('?')[0]}: {fields} belong to {', '.join(others)}", others)
    if code in (409, 429) or (code >= 500 and not said.startswith(UNFIT)):
        return Blocked(message, patience=PATIENCE)
    return KubernetesError(message, reason, code)


# YAML as Helm and kubectl read it


def load_all(text: str) -> list[Object]:
    """The objects of a manifest; the items of a List as objects of their own."""
    if YAML_IMPORT_ERROR is not None:
        raise KeelsonError(f"the Python library PyYAML is required: {YAML_IMPORT_ERROR}")
    found: list[Object] = []
    for document in yaml.load_all(text, Loader=loader()):
        if isinstance(document, dict) and document.get("kind", "").endswith("List") and "items" in document:
            found.extend(document["items"])
        elif isinstance(document, dict) and document:
            found.append(document)
    return found


def loader() -> Any:
    """A YAML loader that leaves dates and ``=`` as text, as Kubernetes' does; the C one where it is built in."""
    base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:value"}
    resolvers = {
        first: [rule for rule in rules if rule[0] not in text] for first, rules in base.yaml_implicit_resolvers.items()
    }
    return type("Loader", (base,), {"yaml_implicit_resolvers": resolvers})


__all__ = ["Client", "FieldConflict", "KubernetesError", "Object", "Served", "load_all"]
