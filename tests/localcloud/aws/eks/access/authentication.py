# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who a bearer token belongs to: what EKS's webhook tells an API server about a TokenReview.

A token is ``k8s-aws-v1.`` and the base64url of a presigned STS GetCallerIdentity request whose signature covers the
header ``x-k8s-aws-id``, the cluster's name. It lives 15 minutes, whatever X-Amz-Expires says.
https://github.com/kubernetes-sigs/aws-iam-authenticator describes the protocol.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote, urlsplit

from ..backend import all_backends, now
from ..iam import Identity, identify
from ..resources import AccessEntry, Cluster, Data

_PREFIX = "k8s-aws-v1."
_LIFE = timedelta(minutes=15)
_SKEW = timedelta(minutes=5)


class Refused(Exception):
    """Why a token is not accepted."""


@dataclass(frozen=True)
class PresignedURL:
    """A presigned GetCallerIdentity request."""

    url: str

    @property
    def host(self) -> str:
        parts = urlsplit(self.url)
        default = {"http": 80, "https": 443}.get(parts.scheme)
        return parts.hostname or "" if parts.port in (None, default) else f"{parts.hostname}:{parts.port}"

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))

    def signature(self, secret_key: str, headers: dict[str, str]) -> str:
        """What Signature Version 4 gives for this request with these headers."""
        query = self.query
        _key, date, region, service, terminator = query["X-Amz-Credential"].split("/")
        fields = sorted(
            (quote(name, "-_.~"), quote(value, "-_.~")) for name, value in query.items() if name != "X-Amz-Signature"
        )
        signed = query["X-Amz-SignedHeaders"].split(";")
        canonical = "\n".join(
            (
                "GET",
                urlsplit(self.url).path or "/",
                "&".join(f"{name}={value}" for name, value in fields),
                *(f"{name}:{headers.get(name, '')}" for name in signed),
                "",
                ";".join(signed),
                hashlib.sha256(b"").hexdigest(),
            )
        )
        scope = f"{date}/{region}/{service}/{terminator}"
        to_sign = "\n".join(
            ("AWS4-HMAC-SHA256", query["X-Amz-Date"], scope, hashlib.sha256(canonical.encode()).hexdigest())
        )
        key = f"AWS4{secret_key}".encode()
        for part in (date, region, service, terminator, to_sign):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return key.hex()


def review_token(plane: str, review: Data) -> Data:
    """A TokenReview (authentication.k8s.io/v1) with its status, for the cluster whose control plane has that name."""
    answer = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "metadata": {"creationTimestamp": None}}
    try:
        cluster = find_cluster(plane)
        identity = _verify(cluster, review.get("spec", {}).get("token", ""))
        user = _user(cluster, identity)
    except Refused as reason:
        return {**answer, "status": {"authenticated": False, "error": str(reason)}}
    return {**answer, "status": {"authenticated": True, "user": user}}


def find_cluster(plane: str) -> Cluster:
    for backend in all_backends():
        for cluster in list(backend.clusters.values()):
            if cluster.plane == plane:
                return cluster
    raise Refused(f"there is no cluster {plane}")


def _verify(cluster: Cluster, token: str) -> Identity:
    url = _decode(token)
    query = url.query
    missing = {"Action", "X-Amz-Credential", "X-Amz-Date", "X-Amz-SignedHeaders", "X-Amz-Signature"} - query.keys()
    if missing or query["Action"] != "GetCallerIdentity" or query["X-Amz-Credential"].count("/") != 4:
        raise Refused("input token is not a presigned GetCallerIdentity request")
    if "x-k8s-aws-id" not in query["X-Amz-SignedHeaders"].split(";"):
        raise Refused("client did not sign the x-k8s-aws-id header in the pre-signed URL")
    check_time(query)
    identity = identify(query["X-Amz-Credential"].partition("/")[0])
    if identity is None or (query.get("X-Amz-Security-Token") or None) != identity.session_token:
        raise Refused("the security token included in the request is invalid")
    headers = {"host": url.host, "x-k8s-aws-id": cluster.name}
    if not hmac.compare_digest(url.signature(identity.secret_key, headers), query["X-Amz-Signature"]):
        raise Refused(f"the signature is not the caller's, or is for another cluster than {cluster.name}")
    return identity


def _decode(token: str) -> PresignedURL:
    if not token.startswith(_PREFIX):
        raise Refused(f"token is missing expected {_PREFIX!r} prefix")
    encoded = token.removeprefix(_PREFIX)
    try:
        return PresignedURL(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode())
    except (binascii.Error, ValueError) as error:
        raise Refused(f"token is not base64url: {error}") from error


def check_time(query: dict[str, str]) -> None:
    try:
        signed = datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        expires = int(query.get("X-Amz-Expires", ""))
    except ValueError as error:
        raise Refused("X-Amz-Date or X-Amz-Expires is not what it should be") from error
    if not 0 <= expires <= _LIFE.total_seconds():
        raise Refused("X-Amz-Expires must be between 0 and 900")
    if now() > signed + _LIFE:
        raise Refused(f"X-Amz-Date parameter is expired ({signed + _LIFE})")
    if signed > now() + _SKEW:
        raise Refused(f"X-Amz-Date parameter is in the future ({signed})")


def _user(cluster: Cluster, identity: Identity) -> Data:
    entry = cluster.access_entries.get(identity.principal)
    if entry is not None:
        username, groups = _username(cluster, entry, identity), list(entry.data["kubernetesGroups"])
    elif cluster.authentication_mode == "CONFIG_MAP" and cluster.creator == identity.principal:
        username, groups = "kubernetes-admin", ["system:masters"]
    else:
        raise Refused(f"ARN is not mapped: {identity.principal}")
    extra = {
        "arn": [identity.arn],
        "canonicalArn": [identity.principal],
        "principalId": [identity.unique_id.partition(":")[0]],
        "sessionName": [identity.session],
    }
    uid = f"aws-iam-authenticator:{identity.account}:{identity.unique_id.partition(':')[0]}"
    return {"username": username, "uid": uid, "groups": [*groups, "system:authenticated"], "extra": extra}


def _username(cluster: Cluster, entry: AccessEntry, identity: Identity) -> str:
    username = str(entry.data["username"])
    nodes = (node for group in cluster.nodegroups.values() for node in group.nodes)
    host = next((node.name for node in nodes if node.instance_id == identity.session), identity.session)
    values = {
        "EC2PrivateDNSName": host,
        "SessionNameRaw": identity.session,
        "SessionName": identity.session.replace("@", "-"),
    }
    for name, value in values.items():
        username = username.replace("{{" + name + "}}", value)
    return username
