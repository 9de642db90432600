# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Pod identity associations: which IAM role the pods of a service account get.

https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html
"""

from __future__ import annotations

import json

from moto.moto_api._internal import mock_random

from ..api import operation
from ..backend import Call, EksBackend, new_id, now
from ..errors import (
    InvalidParameterException,
    InvalidRequestException,
    ResourceInUseException,
    ResourceNotFoundException,
)
from ..iam import check_pod_role
from ..resources import Cluster, Data, PodIdentityAssociation
from ..tags import check_tags

_SUMMARY = ("clusterName", "namespace", "serviceAccount", "associationArn", "associationId", "ownerArn")


@operation
def create_pod_identity_association(call: Call) -> Data:
    cluster, request = call.cluster(), call.request
    if cluster.status not in ("ACTIVE", "UPDATING"):
        raise InvalidRequestException(f"Cluster '{cluster.name}' is not in ACTIVE status", clusterName=cluster.name)
    if existing := find(cluster, request["namespace"], request["serviceAccount"]):
        if existing.is_retry(request):
            return {"association": existing.describe()}
        raise ResourceInUseException(
            f"Association already exists: {existing.data['associationId']}", clusterName=cluster.name
        )
    check_tags(request.get("tags", {}))
    return {"association": add(call.backend, cluster, request).describe()}


@operation
def describe_pod_identity_association(call: Call) -> Data:
    return {"association": _association(call).describe()}


@operation
def list_pod_identity_associations(call: Call) -> Data:
    filters = {name: call.request[name] for name in ("namespace", "serviceAccount") if name in call.request}
    found = [
        {member: association.data[member] for member in _SUMMARY if member in association.data}
        for association in call.cluster().associations.values()
        if filters.items() <= association.data.items()
    ]
    return call.page(found, "associations")


@operation
def update_pod_identity_association(call: Call) -> Data:
    association = _association(call)
    _check_not_owned(association)
    _apply(call.backend, association, {name: value for name, value in call.request.items() if name in _CHANGEABLE})
    return {"association": association.describe()}


@operation
def delete_pod_identity_association(call: Call) -> Data:
    association = _association(call)
    _check_not_owned(association)
    del call.cluster().associations[association.data["associationId"]]
    return {"association": association.describe()}


_CHANGEABLE = ("roleArn", "disableSessionTags", "targetRoleArn", "policy")


def find(cluster: Cluster, namespace: str, service_account: str) -> PodIdentityAssociation | None:
    where = {"namespace": namespace, "serviceAccount": service_account}
    return next((found for found in cluster.associations.values() if where.items() <= found.data.items()), None)


def add(backend: EksBackend, cluster: Cluster, request: Data, owner: str | None = None) -> PodIdentityAssociation:
    """``owner`` is the ARN of the add-on that the association belongs to."""
    association_id = f"a-{mock_random.get_random_string(length=17, lower_case=True)}"
    data = {
        "clusterName": cluster.name,
        "namespace": request["namespace"],
        "serviceAccount": request["serviceAccount"],
        "associationArn": backend.arn("podidentityassociation", cluster.name, association_id),
        "associationId": association_id,
        "tags": dict(request.get("tags", {})),
        "createdAt": now(),
        "disableSessionTags": False,
    }
    if owner:
        data["ownerArn"] = owner
    association = PodIdentityAssociation(data, request)
    _apply(backend, association, {name: request[name] for name in _CHANGEABLE if name in request})
    cluster.associations[association_id] = association
    return association


def _apply(backend: EksBackend, association: PodIdentityAssociation, changes: Data) -> None:
    """An empty target role or policy takes it away; a policy goes only without session tags."""
    after = {**association.data, **changes}
    check_pod_role(backend, after["roleArn"])
    if after.get("policy"):
        _check_policy(after)
    if after.get("targetRoleArn"):
        after.setdefault("externalId", f"{backend.region_name}/{backend.account_id}/{after['clusterName']}/{new_id()}")
    for member in ("targetRoleArn", "policy"):
        if not after.get(member):
            after.pop(member, None)
    if "targetRoleArn" not in after:
        after.pop("externalId", None)
    association.data = {**after, "modifiedAt": now()}


def _check_policy(data: Data) -> None:
    if not data["disableSessionTags"]:
        raise InvalidParameterException("disableSessionTags must be true when a policy is specified")
    try:
        json.loads(data["policy"])
    except ValueError:
        raise InvalidParameterException("The policy is not valid JSON") from None


def _check_not_owned(association: PodIdentityAssociation) -> None:
    if owner := association.data.get("ownerArn"):
        message = f"The association is owned by add-on {owner}: change it through the add-on"
        raise InvalidRequestException(message, clusterName=association.data["clusterName"])


def _association(call: Call) -> PodIdentityAssociation:
    cluster, association_id = call.cluster(), call.request["associationId"]
    if association_id not in cluster.associations:
        raise ResourceNotFoundException(f"No association found for ID: {association_id}", clusterName=cluster.name)
    return cluster.associations[association_id]
