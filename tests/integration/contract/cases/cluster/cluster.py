# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The contract's case of the module cluster, and of the options that all modules share."""

from __future__ import annotations

from typing import Any

from ...case import Case, Options, Raw
from ..changes import LOG_GROUP, ROLE, STRANGE, Change, eks_tag
from ..needs import NETWORK, keys

NAME = "acme-test"
PLATFORM = "arn:aws:iam::111122223333:role/platform"
READERS = "arn:aws:iam::111122223333:role/teams/readers"
ONE_ZONE: tuple[str, Options] = (NETWORK[0], {**NETWORK[1], "environment": "one", "zones": ["us-east-1a"]})


def config(**settings: Any) -> Change:
    return lambda raw: raw.client("eks").update_cluster_config(name=NAME, **settings)


def vpc_config(**settings: Any) -> Change:
    return config(resourcesVpcConfig=settings)


def add_subnet(raw: Raw) -> None:
    """To those that the control plane is in."""
    cluster = raw.found("Cluster")
    made = raw.client("ec2").create_subnet(
        VpcId=cluster["vpcId"], CidrBlock="10.0.255.0/24", AvailabilityZone="us-east-1c"
    )
    raw.client("eks").update_cluster_config(
        name=NAME, resourcesVpcConfig={"subnetIds": [*sorted(cluster["subnetIds"]), made["Subnet"]["SubnetId"]]}
    )


def add_security_group(raw: Raw) -> None:
    group = raw.client("ec2").create_security_group(
        GroupName="theirs", Description="x", VpcId=raw.found("Cluster")["vpcId"]
    )["GroupId"]
    raw.client("eks").update_cluster_config(name=NAME, resourcesVpcConfig={"securityGroupIds": [group]})


def make_anew(raw: Raw) -> None:
    """What cannot be changed in a cluster can be otherwise in another one of the same name."""
    eks, cluster = raw.client("eks"), raw.found("Cluster")
    eks.delete_cluster(name=NAME)
    eks.create_cluster(
        name=NAME,
        version="1.34",
        roleArn=cluster["roleArn"],
        resourcesVpcConfig={
            "subnetIds": sorted(cluster["subnetIds"]),
            "endpointPrivateAccess": True,
            "publicAccessCidrs": sorted(cluster["publicAccessCidrs"]),
        },
        kubernetesNetworkConfig={"serviceIpv4Cidr": cluster["serviceIpv4Cidr"]},
        accessConfig={"authenticationMode": "API_AND_CONFIG_MAP", "bootstrapClusterCreatorAdminPermissions": False},
        bootstrapSelfManagedAddons=False,
        upgradePolicy={"supportType": "STANDARD"},
        tags=cluster["Tags"],
    )


def entry(operation: str, **settings: Any) -> Change:
    return lambda raw: getattr(raw.client("eks"), operation)(clusterName=NAME, principalArn=READERS, **settings)


def provider(operation: str, **settings: Any) -> Change:
    """A call about the OIDC provider."""

    def make(raw: Raw) -> None:
        arn = raw.found("OidcProvider")["OpenIDConnectProviderArn"]
        getattr(raw.client("iam"), operation)(OpenIDConnectProviderArn=arn, **settings)

    return make


def readers(**given: Any) -> Options:
    """With an access entry that has these options."""
    return {"access_entries": {"readers": {"principal_arn": READERS, "kubernetes_groups": ["readers"], **given}}}


def policy(name: str, *namespaces: str) -> dict[str, Any]:
    return {"policy": name, "namespaces": list(namespaces)}


VIEW = "AmazonEKSViewPolicy"
PRIVATE: Options = {"endpoint": "private", "endpoint_cidrs": None}

COMMON: dict[str, tuple[Options, str]] = {
    "a caller in the wrong account": (
        {"account_id": "999999999999"},
        r"^account_id: this environment lives in account 999999999999, but the",
    ),
    "an account that is no number": ({"account_id": "1234"}, r"^account_id: '1234' is not twelve digits"),
    "an empty platform": ({"platform": ""}, r"^platform: '' must be lower-case letters"),
    "a platform in capitals": ({"platform": "Acme"}, r"^platform: 'Acme' must be lower-case letters"),
    "a platform too long": ({"platform": "a" * 21}, r"^platform: 'a+' is longer than 20 characters"),
    "an empty environment": ({"environment": ""}, r"^environment: '' must be"),
    "an environment with a hyphen at its end": ({"environment": "test-"}, r"^environment: 'test-' must be"),
    "an environment too long": ({"environment": "a" * 13}, r"^environment: 'a+' is longer than 12 characters"),
    "a tag of Keelson's": (
        {"tags": {"keelson:key": "x"}},
        r"^tags\.keelson:key: tags that begin with keelson: or aws: are reserved",
    ),
    "a tag of AWS's": ({"tags": {"aws:x": "x"}}, r"^tags\.aws:x: tags that begin"),
    "no time to wait": ({"wait_timeout": 0}, r"^wait_timeout: must be more than 0 seconds"),
    "waits of no time": ({"wait_interval": -1}, r"^wait_interval: must be more than 0 seconds"),
    "a time that is no number": ({"wait_timeout": "long"}, r"wait_timeout"),
    "a truth that is none": ({"wait": "perhaps"}, r"wait"),
    "tags that are no dictionary": ({"tags": ["team"]}, r"tags"),
    "a state that there is not": ({"state": "here"}, r"state must be one of: present, absent"),
    "an option that there is not": ({"versoin": "1.35"}, r"versoin"),
}
"""The rules for the options that all modules have."""

BAD: dict[str, tuple[Options, str]] = {
    "a name of another environment": (
        {"name": "other"},
        r"^name: 'other' must be 'acme-test', or begin with 'acme-test-'",
    ),
    "a name too long": ({"name": f"{NAME}-{'a' * 41}"}, r"^name: .* must be at most 50 letters"),
    "a name with a space": ({"name": f"{NAME}-a b"}, r"^name: .* must be at most 50 letters"),
    "no version": ({"version": None}, r"^version: is required when state is present"),
    "a version that YAML has cut": ({"version": "1.4"}, r"^version: '?1\.4'? is no minor version of Kubernetes"),
    "a patch version": ({"version": "1.35.2"}, r"^version: '1.35.2' is no minor version"),
    "an endpoint that there is not": ({"endpoint": "open"}, r"endpoint must be one of"),
    "a public endpoint for nobody": (
        {"endpoint_cidrs": []},
        r"^endpoint_cidrs: is required when endpoint is public_and_private",
    ),
    "ranges for a private endpoint": (
        {"endpoint": "private"},
        r"^endpoint_cidrs: has no use while endpoint is private",
    ),
    "too many ranges": (
        {"endpoint_cidrs": [f"203.0.113.{n}/32" for n in range(41)]},
        r"^endpoint_cidrs: EKS takes at most 40 ranges, not 41",
    ),
    "a range named twice": (
        {"endpoint_cidrs": ["203.0.113.0/24"] * 2},
        r"^endpoint_cidrs\[1\]: 203\.0\.113\.0/24 is named twice",
    ),
    "a range that is none": (
        {"endpoint_cidrs": ["203.0.113.0/33"]},
        r"^endpoint_cidrs\[0\]: '203\.0\.113\.0/33' is no IPv4 range",
    ),
    "a range with bits behind it": (
        {"endpoint_cidrs": ["203.0.113.7/24"]},
        r"^endpoint_cidrs\[0\]: .* has host bits set",
    ),
    "a private range": (
        {"endpoint_cidrs": ["10.1.0.0/16"]},
        r"^endpoint_cidrs\[0\]: 10\.1\.0\.0/16 is a private range",
    ),
    "too many security groups": (
        {"security_group_ids": [f"sg-0000000{n}" for n in range(6)]},
        r"^security_group_ids: EKS takes at most 5, not 6",
    ),
    "a security group's name": (
        {"security_group_ids": ["web"]},
        r"^security_group_ids\[0\]: 'web' is not the id of a security group",
    ),
    "a security group twice": (
        {"security_group_ids": ["sg-00000001"] * 2},
        r"^security_group_ids\[1\]: sg-00000001 is named twice",
    ),
    "a service range that is none": ({"service_cidr": "172.20.0.0"}, r"^service_cidr: 172\.20\.0\.0 must be between"),
    "a service range with letters": ({"service_cidr": "here"}, r"^service_cidr: 'here' is no IPv4 range"),
    "a service range too large": (
        {"service_cidr": "10.0.0.0/8"},
        r"^service_cidr: 10\.0\.0\.0/8 must be between a /12 and a /24",
    ),
    "a public service range": (
        {"service_cidr": "203.0.113.0/24"},
        r"^service_cidr: 203\.0\.113\.0/24 must be within 10\.0\.0\.0/8",
    ),
    "a log type that there is not": ({"log_types": ["all"]}, r"log_types must be one or more of"),
    "a log type twice": ({"log_types": ["audit", "audit"]}, r"^log_types: audit is named twice"),
    "a retention that AWS does not offer": (
        {"log_retention_days": 31},
        r"^log_retention_days: 31 is none of the periods",
    ),
    "a retention that is no number": ({"log_retention_days": "long"}, r"log_retention_days"),
    "a key for no logs": ({"log_types": []}, r"^log_kms_key: has no use while log_types is empty"),
    "an empty key for logs": ({"log_kms_key": ""}, r"^log_kms_key: must not be empty"),
    "an empty key for secrets": ({"secrets_kms_key": ""}, r"^secrets_kms_key: must not be empty"),
    "an entry that is no dictionary": (
        {"access_entries": {"readers": READERS}},
        r"^access_entries\.readers: .* is not a dictionary of options",
    ),
    "an entry without a principal": (
        {"access_entries": {"readers": {}}},
        r"^access_entries\.readers\.principal_arn: is required",
    ),
    "an entry with an unknown option": (readers(group="x"), r"^access_entries\.readers\.group: "),
    "a session as administrator": (
        {"admin_role_arns": {"me": "arn:aws:sts::111122223333:assumed-role/platform/me"}},
        r"^admin_role_arns\.me: .* is a session of a role",
    ),
    "a name as administrator": (
        {"admin_role_arns": {"me": "platform"}},
        r"^admin_role_arns\.me: 'platform' is not the ARN of an IAM role",
    ),
    "a service-linked role as administrator": (
        {
            "admin_role_arns": {
                "me": "arn:aws:iam::111122223333:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS"
            }
        },
        r"^admin_role_arns\.me: .* is a service-linked role",
    ),
    "the nodes' role as administrator": (
        {"admin_role_arns": {"nodes": "arn:aws:iam::111122223333:role/keelson/acme/test/node_groups/acme-test-node"}},
        r"^admin_role_arns\.nodes: .* is the role of the cluster's nodes",
    ),
    "a principal twice": (
        readers(principal_arn=PLATFORM),
        r"^access_entries\.readers\.principal_arn: .* is named by admin_role_arns\.platform already",
    ),
    "an entry that allows nothing": (
        readers(kubernetes_groups=[]),
        r"^access_entries\.readers: has neither policies nor kubernetes_groups",
    ),
    "a group of Kubernetes' own": (
        readers(kubernetes_groups=["system:masters"]),
        r"^access_entries\.readers\.kubernetes_groups: system:masters begins with system:",
    ),
    "a policy twice": (
        readers(policies=[policy(VIEW, "a"), policy(VIEW, "b")]),
        rf"^access_entries\.readers\.policies: {VIEW} is named twice",
    ),
    "a namespace that is no name": (
        readers(policies=[policy(VIEW, "My_App")]),
        r"^access_entries\.readers\.policies: 'My_App' is not the name of a namespace",
    ),
    "nobody to administer it": (
        {"admin_role_arns": {}, "access_entries": {}, "caller_is_admin": False},
        r"^admin_role_arns: names nobody, and caller_is_admin is false",
    ),
    "a version that EKS does not have": ({"version": "1.99"}, r"version: EKS does not offer 1\.99\. It offers .*1\.35"),
    "a version in extended support": ({"version": "1.33"}, r"support_type: 1\.33 is in extended support"),
    "subnets in one zone": (
        {"environment": "one", "secrets_kms_key": None, "log_kms_key": None},
        r"subnet_tier: a cluster needs subnets in two",
    ),
    "a service range within the VPC": (
        {"service_cidr": "10.0.16.0/20"},
        r"service_cidr: 10\.0\.16\.0/20 overlaps 10\.0\.0\.0/16 of the VPC",
    ),
    "an access policy that EKS does not have": (
        readers(policies=[policy("AmazonEKSGuestPolicy")]),
        r"EKS has no access policy AmazonEKSGuestPolicy\. It has .*AmazonEKSViewPolicy",
    ),
}

BAD_WHEN_MADE: dict[str, tuple[Options, str]] = {
    "a downgrade": ({"version": "1.34"}, r"version: the cluster runs 1\.35, and EKS does not go back to 1\.34"),
    "two versions at once": (
        {"version": "1.37"},
        r'version: EKS goes up one minor version at a time\. .* set version to "1\.36", then "1\.37"',
    ),
    "another key for secrets": (
        {"secrets_kms_key": "logs"},
        r"secrets_kms_key: the cluster's secrets are encrypted with .* neither change",
    ),
    "no key for secrets any more": (
        {"secrets_kms_key": None},
        r"secrets_kms_key: the cluster's secrets are encrypted with",
    ),
    "another service range": (
        {"service_cidr": "172.21.0.0/16"},
        r"^Cluster acme-test: cannot change serviceIpv4Cidr in place",
    ),
    "the caller locking itself out": ({"caller_is_admin": False}, r"^admin_role_arns: .* it would lock itself out"),
    "a cluster of another component": (
        {"component": "other"},
        r"^Cluster acme-test: exists, and is not this environment's",
    ),
    "a role of another component": ({"component": "other"}, r"^Role cluster: the name acme-test-cluster is taken by"),
    "a log group of another component": (
        {"component": "other"},
        r"^LogGroup cluster: the log group /aws/eks/acme-test/cluster exists",
    ),
    "an access entry of another component": (
        {"component": "other"},
        r"^AccessEntry arn:aws:iam::111122223333:role/platform: exists, and is not",
    ),
}

CASE = Case(
    module="cluster",
    options={
        "version": "1.35",
        "endpoint": "public_and_private",
        "endpoint_cidrs": ["203.0.113.0/24"],
        "security_group_ids": [],
        "service_cidr": "172.20.0.0/16",
        "log_types": ["audit", "authenticator"],
        "log_kms_key": "logs",
        "secrets_kms_key": "cluster",
        "admin_role_arns": {"platform": PLATFORM},
        **readers(policies=[policy(VIEW, "shop")]),
    },
    needs=(keys("cluster", "logs"), NETWORK, ONE_ZONE),
    changes={
        ("Cluster", "Tags"): eks_tag("Cluster", "arn"),
        ("Cluster", "subnetIds"): add_subnet,
        ("Cluster", "securityGroupIds"): add_security_group,
        ("Cluster", "endpointPrivateAccess"): vpc_config(endpointPrivateAccess=False),
        ("Cluster", "endpointPublicAccess"): vpc_config(endpointPublicAccess=False, endpointPrivateAccess=True),
        ("Cluster", "publicAccessCidrs"): vpc_config(publicAccessCidrs=["0.0.0.0/0"]),
        ("Cluster", "clusterLogging"): config(logging={"clusterLogging": [{"types": ["audit"], "enabled": False}]}),
        ("Cluster", "supportType"): config(upgradePolicy={"supportType": "EXTENDED"}),
        ("Cluster", "zonalShift"): config(zonalShiftConfig={"enabled": True}),
        ("Cluster", "deletionProtection"): config(deletionProtection=True),
        ("OidcProvider", "Tags"): provider("tag_open_id_connect_provider", Tags=STRANGE),
        ("OidcProvider", "ClientIDList"): provider("add_client_id_to_open_id_connect_provider", ClientID="theirs"),
        ("AccessEntry", "Tags"): eks_tag("AccessEntry", "accessEntryArn"),
        ("AccessEntry", "kubernetesGroups"): entry("update_access_entry", kubernetesGroups=["writers"]),
        ("AccessEntry", "accessPolicies"): entry(
            "associate_access_policy",
            policyArn="arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
            accessScope={"type": "cluster"},
        ),
        **LOG_GROUP,
        **ROLE,
        ("Cluster", "version"): make_anew,
        ("Cluster", "encryptionKeyArn"): make_anew,
        ("Cluster", "authenticationMode"): make_anew,
        ("OidcProvider", "Url"): make_anew,
    },
    smaller={"admin_role_arns": {}, "access_entries": {}},
    purged=frozenset({"AccessEntry"}),
    side_effects=frozenset({"ec2/network-interface", "ec2/security-group", "ec2/security-group-rule"}),
    bad={**COMMON, **BAD},
    bad_when_made=BAD_WHEN_MADE,
)
