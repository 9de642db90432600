# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Each cluster's OIDC issuer: its discovery document and keys, and identity providers that a cluster trusts itself."""

from __future__ import annotations

from .. import certificates, updates
from ..api import operation
from ..backend import Call, all_backends, new_id
from ..clusters.changes import check_free
from ..errors import InvalidParameterException, ResourceInUseException, ResourceNotFoundException
from ..resources import Cluster, Data, IdentityProvider
from ..tags import check_tags


def oidc_document(path: str) -> Data | None:
    """What an issuer serves at a path such as ``<id>/.well-known/openid-configuration``;
    None where it serves nothing.
    """
    issuer_id, _separator, document = path.strip("/").removeprefix("id/").partition("/")
    for backend in all_backends():
        for cluster in list(backend.clusters.values()):
            if cluster.issuer.endswith(f"/id/{issuer_id}"):
                return _document(cluster, document)
    return None


def _document(cluster: Cluster, document: str) -> Data | None:
    if document == ".well-known/openid-configuration":
        return {
            "issuer": cluster.issuer,
            "jwks_uri": f"{cluster.issuer}/keys",
            "authorization_endpoint": "urn:kubernetes:programmatic_authorization",
            "response_types_supported": ["id_token"],
            "subject_types_supported": ["public"],
            "claims_supported": ["sub", "iss"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }
    if document == "keys":
        if cluster.signing_keys is None:
            cluster.signing_keys = certificates.signing_keys()
        return cluster.signing_keys
    return None


@operation
def associate_identity_provider_config(call: Call) -> Data:
    cluster, request = call.cluster(), call.request
    if before := updates.repeated(cluster, request):
        return {**updates.answer(before), "tags": request.get("tags", {})}
    check_free(cluster, "AssociateIdentityProviderConfig")
    check_tags(request.get("tags", {}))
    oidc = request["oidc"]
    name = oidc["identityProviderConfigName"]
    if cluster.identity_providers:
        raise ResourceInUseException(
            "Cluster already has an OIDC identity provider associated", clusterName=cluster.name
        )
    if not oidc["issuerUrl"].startswith("https://"):
        raise InvalidParameterException("issuerUrl must begin with https://", clusterName=cluster.name)
    data = {
        **oidc,
        "identityProviderConfigArn": call.backend.arn("identityproviderconfig", cluster.name, "oidc", name, new_id()),
        "clusterName": cluster.name,
        "tags": dict(request.get("tags", {})),
        "status": "CREATING",
    }
    provider = IdentityProvider(data, request)
    cluster.identity_providers[name] = provider

    def apply() -> None:
        provider.status = "ACTIVE"

    params = {"IdentityProviderConfig": [{"type": "oidc", "name": name}]}
    update = updates.start(
        call.backend, cluster, "AssociateIdentityProviderConfig", params, request, "eks.identityprovider.update", apply
    )
    return {**updates.answer(update), "tags": data["tags"]}


@operation
def describe_identity_provider_config(call: Call) -> Data:
    return {"identityProviderConfig": {"oidc": _provider(call).describe()}}


@operation
def list_identity_provider_configs(call: Call) -> Data:
    names = sorted(call.cluster().identity_providers)
    return call.page([{"type": "oidc", "name": name} for name in names], "identityProviderConfigs")


@operation
def disassociate_identity_provider_config(call: Call) -> Data:
    cluster, provider = call.cluster(), _provider(call)
    if before := updates.repeated(cluster, call.request):
        return updates.answer(before)
    check_free(cluster, "DisassociateIdentityProviderConfig")
    name = provider.data["identityProviderConfigName"]
    provider.status = "DELETING"

    def apply() -> None:
        del cluster.identity_providers[name]

    params = {"IdentityProviderConfig": [{"type": "oidc", "name": name}]}
    update = updates.start(
        call.backend,
        cluster,
        "DisassociateIdentityProviderConfig",
        params,
        call.request,
        "eks.identityprovider.update",
        apply,
    )
    return updates.answer(update)


def _provider(call: Call) -> IdentityProvider:
    cluster, name = call.cluster(), call.request["identityProviderConfig"]["name"]
    if name not in cluster.identity_providers:
        raise ResourceNotFoundException(
            "Identity provider config is not associated with cluster", clusterName=cluster.name
        )
    return cluster.identity_providers[name]
