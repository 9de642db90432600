# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""EKS of one account and region: what it holds, and when what was started is done."""

from __future__ import annotations

import base64
import binascii
import copy
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from types import ModuleType
from typing import Any, Protocol

import moto.eks.urls
from localcloud.clock import DURATIONS, clock
from moto.core.base_backend import BackendDict, BaseBackend
from moto.ec2.models import EC2Backend, ec2_backends
from moto.eks.models import eks_backends as moto_eks_backends
from moto.iam.models import IAMBackend, iam_backends
from moto.kms.models import KmsBackend, kms_backends

from .errors import InvalidParameterException, ResourceNotFoundException
from .resources import Cluster, Data, NodeGroup

# Seconds. The last two are how long EKS waits for what never comes before it gives up.
DURATIONS.update(
    {
        "eks.fargateprofile.create": 90,
        "eks.fargateprofile.delete": 90,
        "eks.identityprovider.update": 600,
        "eks.nodegroup.unhealthy": 25 * 60,
        "eks.addon.unhealthy": 20 * 60,
    }
)


class ControlPlane(Protocol):
    """Where an API server is, or will be once somebody connects."""

    @property
    def url(self) -> str: ...

    @property
    def certificate_authority_pem(self) -> str: ...


class ControlPlanes(Protocol):
    """Where Kubernetes API servers come from."""

    def create(self, name: str, version: str, issuer: str, eager: bool) -> ControlPlane: ...

    def delete(self, name: str) -> None: ...

    def set_version(self, name: str, version: str) -> None: ...

    def set_nodes(self, name: str, nodes: list[Any]) -> None: ...


@dataclass
class Job:
    """``finish`` is due once the clock has passed ``deadline`` (Unix time)."""

    deadline: float
    finish: Callable[[], None]


class EksBackend(BaseBackend):
    """``planes`` belongs to all accounts and regions; without it an endpoint is an address where nothing listens."""

    planes: ControlPlanes | None = None

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.clusters: dict[str, Cluster] = {}
        self.jobs: list[Job] = []

    def reset(self) -> None:
        for cluster in self.clusters.values():
            self.delete_plane(cluster)
        super().reset()

    def delete_plane(self, cluster: Cluster) -> None:
        if self.planes and cluster.served:
            self.planes.delete(cluster.plane)

    @property
    def _url_module(self) -> ModuleType:
        """moto looks for urls.py beside the class, which is moto's here."""
        return moto.eks.urls

    @property
    def ec2(self) -> EC2Backend:
        return ec2_backends[self.account_id][self.region_name]

    @property
    def iam(self) -> IAMBackend:
        return iam_backends[self.account_id][self.partition]

    @property
    def kms(self) -> KmsBackend:
        return kms_backends[self.account_id][self.region_name]

    def cluster(self, name: str) -> Cluster:
        if name not in self.clusters:
            raise ResourceNotFoundException(f"No cluster found for name: {name}.", clusterName=name)
        return self.clusters[name]

    def nodegroup(self, cluster: Cluster, name: str) -> NodeGroup:
        if name not in cluster.nodegroups:
            message = f"No node group found for name: {name}."
            raise ResourceNotFoundException(message, clusterName=cluster.name, nodegroupName=name)
        return cluster.nodegroups[name]

    def arn(self, *parts: str) -> str:
        return f"arn:{self.partition}:eks:{self.region_name}:{self.account_id}:{'/'.join(parts)}"

    def later(self, what: str, finish: Callable[[], None]) -> None:
        """Have ``finish`` called when what (a key of DURATIONS), started now, is done."""
        self.jobs.append(Job(clock.deadline(what), finish))

    def give_up_later(self, what: str, fail: Callable[[], None]) -> None:
        """Like ``later``, for AWS's own patience.

        Where everything takes no time at all, patience does not end either.
        """
        if clock.scale:
            self.later(what, fail)

    def settle(self) -> None:
        """Bring everything to where it stands now, in the order in which it happened."""
        while due := [job for job in self.jobs if clock.passed(job.deadline)]:
            job = min(due, key=lambda job: job.deadline)
            self.jobs.remove(job)
            job.finish()


eks_backends: BackendDict[EksBackend] = moto_eks_backends


def all_backends() -> Iterator[EksBackend]:
    for account in list(eks_backends.values()):
        yield from list(account.values())


def now() -> datetime:
    return datetime.fromtimestamp(clock.now(), UTC)


def new_id() -> str:
    return str(uuid.uuid4())


@dataclass(frozen=True)
class Call:
    """One API call; ``request`` holds its parameters under the names of botocore's model."""

    backend: EksBackend
    request: Data
    access_key: str = ""

    def cluster(self) -> Cluster:
        return self.backend.cluster(self.request.get("clusterName") or self.request["name"])

    def page(self, items: list[Any], result: str) -> Data:
        """The answer of a List operation: at most maxResults items, and where to go on."""
        size = self.request.get("maxResults") or 100
        start = _position(self.request.get("nextToken"))
        answer: Data = {result: copy.deepcopy(items[start : start + size])}
        if start + size < len(items):
            answer["nextToken"] = base64.urlsafe_b64encode(str(start + size).encode()).decode()
        return answer


def _position(token: str | None) -> int:
    try:
        return int(base64.urlsafe_b64decode(token)) if token else 0
    except (ValueError, binascii.Error):
        raise InvalidParameterException("The nextToken provided is invalid") from None
