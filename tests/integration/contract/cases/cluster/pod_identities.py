# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The contract's case of the module pod_identities."""

from __future__ import annotations

from typing import Any

from ...case import Case, Options, Raw
from ..changes import ROLE, Change, eks_tag
from ..needs import CLUSTER, NETWORK

STATEMENT = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::acme-test/*"}
UPLOADS: Options = {
    "namespace": "shop",
    "service_account": "uploads",
    "managed_policies": ["AmazonSQSReadOnlyAccess"],
    "policy_arns": ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
    "policy": {"Statement": [STATEMENT]},
}
CNI: Options = {"profile": "vpc-cni"}


def update(change: str) -> Change:
    """Another role for the association, or no session tags for its role."""

    def make(raw: Raw) -> None:
        association = raw.found("PodIdentityAssociation", "acme-test/uploads")
        other = raw.found("Role", "acme-test-cni")["Arn"]
        settings: dict[str, dict[str, Any]] = {
            "roleArn": {"roleArn": other},
            "disableSessionTags": {"disableSessionTags": True},
        }
        raw.client("eks").update_pod_identity_association(
            clusterName="acme-test", associationId=association["associationId"], **settings[change]
        )

    return make


def uploads(**given: Any) -> Options:
    """With an identity of these options."""
    return {"pod_identities": {"uploads": {**UPLOADS, **given}}}


def document(**statement: Any) -> Options:
    """With a policy of one statement, of which what is None is left out."""
    members = {name: value for name, value in {**STATEMENT, **statement}.items() if value is not None}
    return uploads(policy={"Statement": [members]})


def named(name: str) -> Options:
    return {"pod_identities": {name: UPLOADS}}


CASE = Case(
    module="pod_identities",
    options={"pod_identities": {"uploads": UPLOADS, "cni": CNI}},
    needs=(NETWORK, CLUSTER),
    changes={
        ("PodIdentityAssociation", "Tags"): eks_tag("PodIdentityAssociation", "associationArn"),
        ("PodIdentityAssociation", "roleArn"): update("roleArn"),
        ("PodIdentityAssociation", "disableSessionTags"): update("disableSessionTags"),
        **ROLE,
    },
    smaller={"pod_identities": {"uploads": UPLOADS}},
    purged=frozenset({"PodIdentityAssociation", "Role"}),
    bad={
        "a cluster of another environment": (
            {"cluster": "other"},
            r"^cluster: 'other' must be 'acme-test', or begin with",
        ),
        "a cluster with a space in its name": (
            {"cluster": "acme-test-a b"},
            r"^cluster: 'acme-test-a b' must be at most 50 letters",
        ),
        "identities that are no dictionary": ({"pod_identities": ["cni"]}, r"pod_identities"),
        "an identity that is no dictionary": (
            {"pod_identities": {"cni": "yes"}},
            r"^pod_identities\.cni: 'yes' is not a dictionary",
        ),
        "an option that identities do not have": (uploads(role="x"), r"^pod_identities\.uploads\.role: "),
        "a profile that there is not": (uploads(profile="karpenter"), r"^pod_identities\.uploads\.profile: "),
        "a policy that is a list": (uploads(policy=[1]), r"^pod_identities\.uploads\.policy: "),
        "an empty name": (named(""), r"^pod_identities\.: a name has at most 63 lower-case letters"),
        "a name in capitals": (named("Uploads"), r"^pod_identities\.Uploads: a name has at most 63 lower-case letters"),
        "a name too long for its role": (
            named("u" * 55),
            r"^pod_identities\.u+: the role's name acme-test-u+ is longer than 64",
        ),
        "no namespace": (
            uploads(namespace=None),
            r"^pod_identities\.uploads\.namespace: is required, unless a profile tells it",
        ),
        "no service account": (
            uploads(service_account=None),
            r"^pod_identities\.uploads\.service_account: is required",
        ),
        "a namespace that is no name": (
            uploads(namespace="My Shop"),
            r"\.namespace: 'My Shop' is not a name in Kubernetes",
        ),
        "a service account that is no name": (
            uploads(service_account=""),
            r"\.service_account: '' is not a name in Kubernetes",
        ),
        "an identity that may do nothing": (
            uploads(managed_policies=[], policy_arns=[], policy=None),
            r"^pod_identities\.uploads: without managed_policies, policy_arns or policy its pods may do nothing",
        ),
        "an ARN for a name": (
            uploads(managed_policies=["arn:aws:iam::aws:policy/X"]),
            r"\.managed_policies: 'arn:aws:iam::aws:policy/X' is not the name of a policy of AWS's",
        ),
        "a name for an ARN": (
            uploads(policy_arns=["AmazonS3ReadOnlyAccess"]),
            r"\.policy_arns: 'AmazonS3ReadOnlyAccess' is not the ARN",
        ),
        "a policy without statements": (
            uploads(policy={"Version": "2012-10-17"}),
            r"\.policy: is not a policy document: Statement is missing",
        ),
        "a statement without effect": (document(Effect=None), r"\.policy\.Statement\[0\]: Effect is missing"),
        "a statement without action": (
            document(Action=None),
            r"\.policy\.Statement\[0\]: Action or NotAction is missing",
        ),
        "a statement without resource": (
            document(Resource=None),
            r"\.policy\.Statement\[0\]: Resource or NotResource is missing",
        ),
        "a statement with a principal": (
            document(Principal="*"),
            r"\.policy\.Statement\[0\]\.Principal: a role's own policy has none",
        ),
        "a policy too long": (document(Action=["s3:GetObject"] * 1000), r"\.policy: is longer than 10240 characters"),
        "a service account twice": (
            {"pod_identities": {"uploads": UPLOADS, "more": UPLOADS}},
            r"^pod_identities\.more: the service account shop/uploads has the identity uploads already",
        ),
    },
    bad_when_made={
        "another namespace": (
            uploads(namespace="store"),
            r"^PodIdentityAssociation acme-test/uploads: AWS cannot change namespace in place",
        ),
        "another service account": (
            uploads(service_account="u"),
            r"^PodIdentityAssociation .* AWS cannot change serviceAccount in place",
        ),
        "a service account of another component": (
            {"component": "other"},
            r"^PodIdentityAssociation acme-test/uploads: "
            r"(exists, and is not|the service account shop/uploads has the association)",
        ),
        "a role of another component": (
            {"component": "other"},
            r"^Role acme-test-uploads: the name acme-test-uploads is taken by",
        ),
        "a service account of another component under another name": (
            {"component": "other", "pod_identities": {"others": UPLOADS}},
            r"^PodIdentityAssociation acme-test/others: the service account shop/uploads has the association",
        ),
    },
)
