# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Helm's own records of its releases: the Secrets ``sh.helm.release.v1.<name>.v<revision>``, read without Helm.

Helm keeps there what a release was made of: chart, values, manifest. What decides whether a release is unchanged is
read from them, so nothing else has to be remembered. What they lack stands in the labels that Helm lets a release have.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..api.client import METADATA_LIST, Client, Object, load_all

CHART_LABEL = "keelson.dev/chart-digest"
VERSION_LABEL = "keelson.dev/kubernetes-version"
NEED_PREFIX = "need.keelson.dev/"
"""A label for each release that this one needs: the name in the key, the namespace as the value."""
SECRET_PREFIX = "secret.keelson.dev/"  # noqa: S105  # it is none
"""A label for each secret value: a digest of its PATH, never of the value."""
SYSTEM_LABELS = frozenset({"name", "owner", "status", "version", "createdAt", "modifiedAt"})
ALIVE = "status notin (superseded,uninstalled)"

Path = tuple[str, ...]


@dataclass(frozen=True)
class Record:
    """One revision of a release. ``status`` is Helm's: deployed, failed, pending-upgrade, ..."""

    name: str
    namespace: str
    revision: int
    status: str
    labels: Mapping[str, str]
    release: Object
    secret: Object

    @property
    def key(self) -> str:
        return f"{self.namespace}/{self.name}"

    @property
    def path(self) -> str:
        return secret_path(self.namespace, self.secret["metadata"]["name"])

    @property
    def is_pending(self) -> bool:
        return self.status.startswith("pending-")

    @property
    def chart(self) -> str:
        metadata = (self.release.get("chart") or {}).get("metadata") or {}
        return f"{metadata.get('name')}-{metadata.get('version')}"

    @property
    def config(self) -> Object:
        return self.release.get("config") or {}

    @property
    def description(self) -> str:
        return (self.release.get("info") or {}).get("description", "")

    @property
    def inputs(self) -> Object:
        """What the release was made from, in the shape of what a release wants."""
        values, hidden = split(self.config, secret_digests(self.labels))
        return {
            "Chart": self.chart,
            "ChartDigest": self.labels.get(CHART_LABEL, ""),
            "KubernetesVersion": self.labels.get(VERSION_LABEL, ""),
            "Values": values,
            "SecretValues": hidden,
        }

    def objects(self) -> list[Object]:
        """What the release consists of, hooks apart, each with the namespace that it was put in."""
        return load_all(self.release.get("manifest", ""))


def list_records(client: Client, selector: str, namespace: str = "") -> list[Record]:
    """All records that a label selector finds, whole. Without a namespace: everywhere."""
    secrets = client.items(secret_path(namespace), labelSelector=f"owner=helm,{selector}", limit="50")
    return [read_record(secret) for secret in secrets]


def history(client: Client, namespace: str, name: str) -> list[Record]:
    """All revisions of one release, the last one last."""
    return sorted(list_records(client, f"name={name}", namespace), key=lambda record: record.revision)


def latest(records: Iterable[Record]) -> list[Record]:
    """The last revision of each release."""
    found: dict[str, Record] = {}
    for record in records:
        if record.key not in found or record.revision > found[record.key].revision:
            found[record.key] = record
    return list(found.values())


def names(client: Client, selector: str = ALIVE) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Key and labels of every release there is, whoever made it: their metadata alone, the contents can be large."""
    for secret in client.items(secret_path(), accept=METADATA_LIST, labelSelector=f"owner=helm,{selector}"):
        labels = secret["metadata"].get("labels", {})
        yield f"{secret['metadata']['namespace']}/{labels.get('name')}", labels


def read_record(secret: Object) -> Record:
    labels = secret["metadata"].get("labels", {})
    release = decode(secret["data"]["release"])
    own = {name: value for name, value in labels.items() if name not in SYSTEM_LABELS}
    status = (release.get("info") or {}).get("status", labels.get("status", ""))
    return Record(release["name"], secret["metadata"]["namespace"], release["version"], status, own, release, secret)


def mark_failed(client: Client, record: Record) -> None:
    """Let go of a release that a run left pending when it died: Helm refuses to touch it before."""
    said = "Keelson: the run that was at work on it ended before it was done"
    info = {**record.release.get("info", {}), "status": "failed", "description": said}
    data = {"release": encode({**record.release, "info": info})}
    client.merge(record.path, {"metadata": {"labels": {"status": "failed"}}, "data": data})


def relabel(client: Client, record: Record, labels: Mapping[str, str | None]) -> None:
    """Change labels without a new revision: Helm keeps them on the Secret only. None removes one."""
    client.merge(record.path, {"metadata": {"labels": dict(labels)}})


def secret_path(namespace: str = "", name: str = "") -> str:
    middle = f"/namespaces/{namespace}" if namespace else ""
    return f"/api/v1{middle}/secrets" + (f"/{name}" if name else "")


def decode(data: str) -> Object:
    """Base64 twice, by the API server and by Helm, around gzip."""
    text = base64.b64decode(base64.b64decode(data))
    release: Object = json.loads(gzip.decompress(text) if text.startswith(b"\x1f\x8b") else text)
    return release


def encode(release: Object) -> str:
    return base64.b64encode(base64.b64encode(gzip.compress(json.dumps(release).encode()))).decode()


# Values, of which some are secret


def merged(values: Mapping[str, Any], secrets: Mapping[str, Any]) -> Object:
    """As Helm lays one values file over another: dicts are merged, all else is replaced."""
    result = dict(values)
    for name, value in secrets.items():
        below = result.get(name)
        result[name] = merged(below, value) if isinstance(value, dict) and isinstance(below, dict) else value
    return result


def leaves(values: Mapping[str, Any], path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value that is no dict (a list is one value), with its path."""
    for name, value in values.items():
        if isinstance(value, dict) and value:
            yield from leaves(value, (*path, str(name)))
        else:
            yield (*path, str(name)), value


def split(config: Mapping[str, Any], secret: frozenset[str]) -> tuple[Object, Object]:
    """Values that may be shown, and by the digests of their paths those that may not. ``secret``: such digests."""
    open_values: Object = {}
    hidden: Object = {}
    for path, value in leaves(config):
        if any(path_digest(path[:end]) in secret for end in range(1, len(path) + 1)):
            hidden[path_digest(path)] = value
            continue
        below = open_values
        for name in path[:-1]:
            below = below.setdefault(name, {})
        below[path[-1]] = value
    return open_values, hidden


def path_digest(path: Path) -> str:
    return hashlib.sha256("\0".join(path).encode()).hexdigest()[:32]


def secret_digests(labels: Mapping[str, str]) -> frozenset[str]:
    return frozenset(name.removeprefix(SECRET_PREFIX) for name in labels if name.startswith(SECRET_PREFIX))


def needs(labels: Mapping[str, str]) -> set[str]:
    return {
        f"{value}/{name.removeprefix(NEED_PREFIX)}" for name, value in labels.items() if name.startswith(NEED_PREFIX)
    }
