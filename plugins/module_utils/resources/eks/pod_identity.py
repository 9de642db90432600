# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""EKS Pod Identity: which IAM role the pods of a service account get.

https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html. The role is injected when a pod is admitted: pods
that are older than their association go on without it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from ...aws.policy import Document, document
from ...aws.session import Aws, AwsError
from ...engine.ahead import over
from ...engine.resource import Foresight, Lookup, Owner, Properties, Resource
from ..iam.role import Role
from .children import children, clusters, listed, tag, until_known
from .cluster import ClusterLookup


def pod_trust(cluster_arn: str, namespace: str, service_account: str) -> Document:
    """A trust policy for the pods of one service account in one cluster alone, told apart by the session's tags.

    https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
    """
    return document(
        {
            "Effect": "Allow",
            "Principal": {"Service": "pods.eks.amazonaws.com"},
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Condition": {
                "StringEquals": {
                    "aws:RequestTag/eks-cluster-arn": cluster_arn,
                    "aws:RequestTag/kubernetes-namespace": namespace,
                    "aws:RequestTag/kubernetes-service-account": service_account,
                }
            },
        }
    )


@dataclass(frozen=True)
class PodIdentityAssociation(Resource):
    """An association; its key is its cluster's name and its own (``demo-dev/vpc-cni``)."""

    name: str
    cluster: ClusterLookup
    iam_role: Role
    namespace: str
    service_account: str

    replaced_by: ClassVar[frozenset[str]] = frozenset({"namespace", "serviceAccount"})
    id_name: ClassVar[str] = "associationId"
    arn_name: ClassVar[str] = "associationArn"

    @property
    def key(self) -> str:
        return f"{self.cluster.key}/{self.name}"

    def desired(self) -> Properties:
        return {
            "namespace": self.namespace,
            "serviceAccount": self.service_account,
            "roleArn": self.iam_role.ref("Arn"),
            "disableSessionTags": False,  # the role's trust policy goes by them
        }

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterable[tuple[str, Properties]]:
        for cluster in clusters(api, owner):
            for found in children(
                api, cluster, "list_pod_identity_associations", "associations", partial(_described, api, cluster)
            ):
                where = f"{cluster}/{found['namespace']}/{found['serviceAccount']}"
                yield found["Tags"].get("keelson:key", where), found

    def create(self, api: Aws, wanted: Properties) -> Properties:
        try:
            association = api.call(
                "eks",
                "create_pod_identity_association",
                clusterName=self.cluster.key,
                namespace=self.namespace,
                serviceAccount=self.service_account,
                roleArn=wanted["roleArn"],
                disableSessionTags=wanted["disableSessionTags"],
                tags=wanted["Tags"],
                clientRequestToken=wanted["ClientToken"],
            )["association"]
        except AwsError as error:
            raise until_known(error) from error
        return _shaped(association)

    @classmethod
    def update(cls, api: Aws, observed: Properties, changes: Properties) -> None:
        tag(api, observed["associationArn"], changes)
        settings = {name: changes[name] for name in ("roleArn", "disableSessionTags") if name in changes}
        if not settings:
            return
        where = {"clusterName": observed["clusterName"], "associationId": observed["associationId"]}
        try:
            api.call("eks", "update_pod_identity_association", **where, **settings)
        except AwsError as error:
            raise until_known(error) from error

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        api.call(
            "eks",
            "delete_pod_identity_association",
            clusterName=observed["clusterName"],
            associationId=observed["associationId"],
        )

    def collides(self, wanted: Properties, other: Properties) -> bool:
        mine = (self.cluster.key, self.namespace, self.service_account)
        return bool(mine == (other["clusterName"], other["namespace"], other["serviceAccount"]))

    def objection(self, api: Aws, owner: Owner, observed: Properties, changes: Properties) -> str:
        """A service account has one association at most."""
        if observed:
            return ""
        for item in listed(
            api,
            "list_pod_identity_associations",
            "associations",
            self.cluster.key,
            namespace=self.namespace,
            serviceAccount=self.service_account,
        ):
            found = _described(api, self.cluster.key, item)
            if found and not owner.scope.items() <= found["Tags"].items():
                whose = (
                    f"made by the add-on {found['ownerArn']}"
                    if found.get("ownerArn")
                    else "which is not this component's"
                )
                return (
                    f"the service account {self.namespace}/{self.service_account} has the association "
                    f"{found['associationId']} already, {whose}. Remove that one, or leave this one out."
                )
        return ""


@dataclass(frozen=True)
class PodIdentityLookup(Lookup):
    """An association of the environment, by its key."""

    key: str

    role: ClassVar[str] = "pod_identities"

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterable[tuple[str, Properties]]:
        maker = owner.of("pod_identities")
        for key, found in PodIdentityAssociation.observe(api, maker):
            if maker.scope.items() <= found["Tags"].items():
                yield key, found

    @classmethod
    def planned(cls, ahead: Foresight, owner: Owner, found: dict[str, Properties]) -> dict[str, Properties]:
        return over(found, ahead.of(owner.of("pod_identities"), PodIdentityAssociation))


def _described(api: Aws, cluster: str, item: dict[str, Any]) -> Properties | None:
    found = api.find(
        "eks", "describe_pod_identity_association", clusterName=cluster, associationId=item["associationId"]
    )
    return _shaped(found["association"]) if found else None


def _shaped(association: dict[str, Any]) -> Properties:
    return {
        **association,
        "disableSessionTags": association.get("disableSessionTags", False),
        "Tags": association.get("tags", {}),
    }
