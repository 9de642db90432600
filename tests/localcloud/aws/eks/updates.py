# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Updates: what every change of a cluster, node group or add-on is recorded as."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from .api import operation
from .backend import Call, EksBackend, new_id, now
from .errors import InvalidParameterException, ResourceNotFoundException
from .resources import Addon, Cluster, Data, NodeGroup, Update


def start(
    backend: EksBackend,
    owner: Cluster | NodeGroup | Addon,
    kind: str,
    params: Data,
    request: Data,
    what: str,
    apply: Callable[[], None],
) -> Update:
    """Record an update; when what (a key of DURATIONS) is done,
    ``apply`` makes the change and the owner is ACTIVE again.
    """
    update = Update(
        {
            "id": new_id(),
            "status": "InProgress",
            "type": kind,
            "params": [{"type": name, "value": _text(value)} for name, value in params.items()],
            "createdAt": now(),
            "errors": [],
        },
        dict(request),
    )
    owner.updates.append(update)
    owner.status = "UPDATING"

    def finish() -> None:
        if owner.status != "UPDATING":
            return
        owner.status = "ACTIVE"
        update.data["status"] = "Successful"
        if "modifiedAt" in owner.data:
            owner.data["modifiedAt"] = now()
        apply()

    backend.later(what, finish)
    return update


def repeated(owner: Cluster | NodeGroup | Addon, request: Data) -> Update | None:
    """The update that this very request, with its client token, has started before."""
    return next(
        (update for update in owner.updates if request.get("clientRequestToken") and update.request == request), None
    )


def answer(update: Update) -> Data:
    return {"update": update.describe()}


@operation
def describe_update(call: Call) -> Data:
    update_id = call.request["updateId"]
    for update in _owner(call).updates:
        if update.data["id"] == update_id:
            return answer(update)
    raise ResourceNotFoundException(f"No update found for ID: {update_id}", clusterName=call.request["name"])


@operation
def list_updates(call: Call) -> Data:
    newest_first = [update.data["id"] for update in reversed(_owner(call).updates)]
    return call.page(newest_first, "updateIds")


@operation
def cancel_update(call: Call) -> Data:
    """Only rollbacks of Auto Mode clusters can be cancelled, and only while their nodes roll back:
    none here ever does.
    """
    describe_update(call)
    raise InvalidParameterException(
        f"Update {call.request['updateId']} cannot be cancelled", clusterName=call.request["name"]
    )


def _owner(call: Call) -> Cluster | NodeGroup | Addon:
    cluster = call.cluster()
    if nodegroup := call.request.get("nodegroupName"):
        return call.backend.nodegroup(cluster, nodegroup)
    if addon := call.request.get("addonName"):
        if addon not in cluster.addons:
            message = f"No addon: {addon} found in cluster: {cluster.name}"
            raise ResourceNotFoundException(message, clusterName=cluster.name, addonName=addon)
        return cluster.addons[addon]
    return cluster


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
