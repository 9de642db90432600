# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Add-ons: which options are refused, which version is meant, and which of them wait for nodes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.aws.session import Aws, Connection
from ansible_collections.keelson.eks.plugins.module_utils.components.cluster.addons import COMPONENT, declare
from ansible_collections.keelson.eks.plugins.module_utils.components.component import Context
from ansible_collections.keelson.eks.plugins.module_utils.engine.errors import InvalidArguments
from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import UNKNOWN, Owner
from ansible_collections.keelson.eks.plugins.module_utils.resources.eks.addon import Addon
from localcloud.testing import REGION, Cloud


@pytest.fixture(scope="module")
def aws() -> Iterator[Aws]:
    with Cloud() as cloud:
        keys = cloud.env["AWS_ACCESS_KEY_ID"], cloud.env["AWS_SECRET_ACCESS_KEY"]
        yield Aws(Connection(region=REGION, endpoint_url=cloud.url, access_key=keys[0], secret_key=keys[1]))


def arguments(addons: Any = None, **given: Any) -> dict[str, Any]:
    defaults = {name: option.get("default") for name, option in COMPONENT.argument_spec.items()}
    return {
        **defaults,
        "platform": "innovate",
        "environment": "dev",
        "addons": addons,
        "kubernetes_version": "1.35",
        **given,
    }


def declared(aws: Aws, addons: dict[str, Any], **given: Any) -> dict[str, Addon]:
    context = Context(arguments(addons, **given), Owner("innovate", "dev", "addons"), aws)
    return {addon.name: addon for addon in declare(context).resources if isinstance(addon, Addon)}


def offered(aws: Aws, name: str, kubernetes: str = "1.35") -> tuple[list[str], str]:
    """Versions as AWS lists them, newest first, and the default."""
    (addon,) = aws.read("eks", "describe_addon_versions", "addons", addonName=name, kubernetesVersion=kubernetes)
    versions = {each["addonVersion"]: each["compatibilities"][0]["defaultVersion"] for each in addon["addonVersions"]}
    return list(versions), next(version for version, is_default in versions.items() if is_default)


@pytest.mark.parametrize(
    ("addons", "line"),
    [
        ({"CoreDNS": {}}, "addons.CoreDNS: 'CoreDNS' is not an add-on's name"),
        ({"coredns": {"version": "newest"}}, "addons.coredns.version: 'newest' must be latest, default, or a version"),
        ({"coredns": {"version": ""}}, "addons.coredns.version: '' must be latest, default, or a version"),
        (
            {"coredns": {"versions": "latest"}},
            "addons.coredns.versions: there is no such option. Did you mean version?",
        ),
        ({"coredns": {"configuration": ["x"]}}, 'addons.coredns.configuration: ["x"] is not a dictionary.'),
        ({"coredns": "latest"}, "addons.coredns: 'latest' is not a dictionary of options"),
        (
            {"vpc-cni": {"service_account_role_arn": "vpc-cni"}},
            "addons.vpc-cni.service_account_role_arn: 'vpc-cni' is not the ARN",
        ),
        (
            {"vpc-cni": {"service_account_role_arn": "arn:aws:iam::111111111111:role/cni", "pod_identity": "cni"}},
            "addons.vpc-cni.pod_identity: give either this or service_account_role_arn.",
        ),
    ],
)
def test_an_addon_that_breaks_a_rule_is_told_which(addons: dict[str, Any], line: str) -> None:
    assert [found[: len(line)] for found in COMPONENT.problems(arguments(addons))] == [line]


def test_a_kubernetes_version_that_yaml_took_for_a_number_is_refused() -> None:
    (line,) = COMPONENT.problems(arguments({}, kubernetes_version="1.3"))
    assert line.startswith("kubernetes_version: '1.3' is not a Kubernetes minor version")


def test_the_addons_that_nodes_need_do_not_wait_for_nodes(aws: Aws) -> None:
    names = ("vpc-cni", "kube-proxy", "eks-pod-identity-agent", "coredns", "aws-ebs-csi-driver", "metrics-server")
    found = declared(aws, dict.fromkeys(names))
    assert [name for name in names if found[name].node_groups is None] == [
        "vpc-cni",
        "kube-proxy",
        "eks-pod-identity-agent",
    ]


def test_an_addon_waits_for_the_pod_identity_that_it_names(aws: Aws) -> None:
    found = declared(aws, {"vpc-cni": {"pod_identity": "cni"}, "kube-proxy": {}})
    assert found["vpc-cni"].pod_identity is not None
    assert found["vpc-cni"].pod_identity.key == "innovate-dev/cni"
    assert found["kube-proxy"].pod_identity is None


def test_latest_and_default_are_what_aws_says_they_are(aws: Aws) -> None:
    versions, default = offered(aws, "coredns")
    assert declared(aws, {"coredns": {"version": "latest"}})["coredns"].version == versions[0]
    assert declared(aws, {"coredns": {"version": "default"}})["coredns"].version == default
    assert declared(aws, {"coredns": {"version": versions[-1]}})["coredns"].version == versions[-1]


def test_a_version_left_out_is_the_default_and_any_that_fits_will_do(aws: Aws) -> None:
    versions, default = offered(aws, "kube-proxy")
    foreign, _unused = offered(aws, "kube-proxy", "1.34")
    version = declared(aws, {"kube-proxy": {}})["kube-proxy"].version
    assert str(version) == default
    assert all(version == each for each in versions)
    assert not any(version == each for each in foreign)


def test_an_addon_that_is_not_published_by_eks_is_looked_up_by_its_name(aws: Aws) -> None:
    with pytest.raises(InvalidArguments) as caught:
        declared(aws, {"corednz": {}, "kube-proxy": {"version": "v1.30.0-eksbuild.1"}})
    versions, _unused = offered(aws, "kube-proxy")
    assert caught.value.problems == (
        "addons.corednz: AWS offers no add-on corednz for Kubernetes 1.35.",
        "addons.kube-proxy.version: v1.30.0-eksbuild.1 is not offered for Kubernetes 1.35. "
        f"Offered are {', '.join(versions)}.",
    )


def test_without_a_cluster_and_a_kubernetes_version_the_versions_are_not_known_yet(aws: Aws) -> None:
    assert declared(aws, {"coredns": {}}, kubernetes_version=None)["coredns"].version is UNKNOWN


def test_addons_left_out_stay_and_none_removes_them(aws: Aws) -> None:
    owner = Owner("innovate", "dev", "addons")
    assert COMPONENT.is_left_out(arguments(None)) and not COMPONENT.is_left_out(arguments({}))
    assert declare(Context(arguments({}), owner, aws)).untouched == set()
