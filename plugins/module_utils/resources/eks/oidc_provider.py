# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""IAM OpenID Connect providers of clusters: what lets IAM trust a cluster's service accounts.

IAM verifies EKS's issuers by its own list of authorities, so that thumbprints are not needed
(https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...aws.parallel import each
from ...aws.session import Aws
from ...engine.resource import Owner, Properties, Resource
from ..iam.role import as_dict, as_list, create_once
from .cluster import Cluster


@dataclass(frozen=True)
class OidcProvider(Resource):
    """The provider of a cluster's issuer. ``key``: the cluster's name."""

    cluster: Cluster
    client_ids: tuple[str, ...] = ("sts.amazonaws.com",)

    id_name = "OpenIDConnectProviderArn"
    arn_name = "OpenIDConnectProviderArn"

    @property
    def key(self) -> str:
        return self.cluster.key

    def desired(self) -> Properties:
        return {"Url": self.cluster.ref("issuer"), "ClientIDList": set(self.client_ids)}

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterable[tuple[str, Properties]]:
        """Every cluster of the account has one, and IAM lists no tags: all of the region are looked at."""
        for provider in each(lambda arn: _provider(api, arn), _listed(api, f"oidc-provider/oidc.eks.{api.region}.")):
            if provider is not None and owner.scope.items() <= provider["Tags"].items():
                yield provider["Tags"]["keelson:key"], provider

    def create(self, api: Aws, wanted: Properties) -> Properties:
        return {**wanted, "OpenIDConnectProviderArn": _create(api, wanted)}

    @classmethod
    def update(cls, api: Aws, observed: Properties, changes: Properties) -> Properties | None:
        arn = observed["OpenIDConnectProviderArn"]
        if "Url" in changes:  # the cluster was made anew: its old provider serves nobody
            api.call("iam", "delete_open_id_connect_provider", OpenIDConnectProviderArn=arn)
            return {
                "OpenIDConnectProviderArn": _create(
                    api, {**observed, **changes, "Tags": {**observed["Tags"], **changes.get("Tags", {})}}
                )
            }
        if "Tags" in changes:
            api.call("iam", "tag_open_id_connect_provider", OpenIDConnectProviderArn=arn, Tags=as_list(changes["Tags"]))
        if "ClientIDList" in changes:
            wanted, present = changes["ClientIDList"], observed["ClientIDList"]
            for client_id in sorted(wanted - present):
                api.call(
                    "iam", "add_client_id_to_open_id_connect_provider", OpenIDConnectProviderArn=arn, ClientID=client_id
                )
            for client_id in sorted(present - wanted):
                api.call(
                    "iam",
                    "remove_client_id_from_open_id_connect_provider",
                    OpenIDConnectProviderArn=arn,
                    ClientID=client_id,
                )
        return None

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        api.call(
            "iam", "delete_open_id_connect_provider", OpenIDConnectProviderArn=observed["OpenIDConnectProviderArn"]
        )

    def objection(self, api: Aws, owner: Owner, observed: Properties, changes: Properties) -> str:
        url = changes.get("Url")
        if not isinstance(url, str):
            return ""
        taken = _listed(api, f"oidc-provider/{url.removeprefix('https://')}")
        return (
            f"{taken[0]} exists, and is not this environment's. Remove it: the cluster can have only one."
            if taken
            else ""
        )


def _create(api: Aws, wanted: Properties) -> str:
    made = create_once(
        api,
        "create_open_id_connect_provider",
        Url=wanted["Url"],
        ClientIDList=sorted(wanted["ClientIDList"]),
        Tags=as_list(wanted["Tags"]),
    )
    return str(made["OpenIDConnectProviderArn"])


def _listed(api: Aws, part: str) -> list[str]:
    """The ARNs of the account's providers that contain this."""
    found = api.read("iam", "list_open_id_connect_providers", "OpenIDConnectProviderList")
    return [provider["Arn"] for provider in found if part in provider["Arn"]]


def _provider(api: Aws, arn: str) -> Properties | None:
    found = api.find("iam", "get_open_id_connect_provider", OpenIDConnectProviderArn=arn)
    if found is None:
        return None
    return {
        "OpenIDConnectProviderArn": arn,
        "Url": f"https://{found['Url']}",
        "ClientIDList": set(found.get("ClientIDList", [])),
        "Tags": as_dict(found.get("Tags", [])),
    }
