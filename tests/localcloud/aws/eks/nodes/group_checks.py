# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a managed node group may be.

https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html and the CreateNodegroup API reference
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.instance_types import INSTANCE_TYPES

from .. import network
from ..backend import EksBackend
from ..errors import InvalidParameterException
from ..resources import Cluster, Data, minor
from ..versions import releases
from .instances import architecture

_RESERVED_LABELS = ("kubernetes.io/", "k8s.io/", "eks.amazonaws.com/")
_NODES_LIMIT = 450


@dataclass
class Template:
    """A launch template's version, resolved. ``data`` is its LaunchTemplateData."""

    id: str
    name: str
    version: str
    data: Data = field(default_factory=dict)

    @property
    def image(self) -> str | None:
        return self.data.get("ImageId")

    @property
    def security_groups(self) -> list[str]:
        interfaces = self.data.get("NetworkInterfaces") or []
        return list(
            self.data.get("SecurityGroupIds")
            or [group for interface in interfaces for group in interface.get("Groups", [])]
        )


def find_template(backend: EksBackend, specification: Data) -> Template:
    """The template that a LaunchTemplateSpecification means; without a version its default version."""
    template_id, name = specification.get("id"), specification.get("name")
    if bool(template_id) == bool(name):
        message = (
            "You must specify either the launch template ID or the launch template name in the request, but not both."
        )
        raise InvalidParameterException(message)
    try:
        found = (
            backend.ec2.get_launch_template(template_id)
            if template_id
            else backend.ec2.get_launch_template_by_name(name)
        )
        version = found.get_version(specification.get("version") or "$Default")
    except (EC2ClientError, ValueError) as error:
        raise InvalidParameterException(
            f"The specified launch template or its version does not exist: {error}"
        ) from error
    return Template(found.id, found.name, str(version.number), version.data)


def check_template(template: Template, request: Data) -> None:
    """What EKS sets itself must not be in the template, and what is in the template not in the request."""
    data, name = template.data, template.name
    if data.get("IamInstanceProfile"):
        message = (
            "should not specify an instance profile. The noderole in your request will be used to "
            "construct an instance profile."
        )
        raise InvalidParameterException(f"Launch template {name} {message}")
    if any(interface.get("SubnetId") for interface in data.get("NetworkInterfaces") or []):
        raise InvalidParameterException(
            f"Launch template {name} should not specify a subnet. Specify subnets in the request."
        )
    for member in ("InstanceInitiatedShutdownBehavior", "HibernationOptions", "InstanceMarketOptions"):
        if data.get(member):
            raise InvalidParameterException(f"Launch template {name} should not specify {member}.")
    if "diskSize" in request:
        raise InvalidParameterException("Disk size must be specified within the launch template.")
    if "remoteAccess" in request:
        raise InvalidParameterException("Remote access configuration cannot be specified with a launch template.")
    if data.get("InstanceType") and request.get("instanceTypes"):
        raise InvalidParameterException("Cannot specify instance types in launch template and API request")
    if template.image:
        if request.get("amiType", "CUSTOM") != "CUSTOM":
            message = (
                "You cannot specify an AMI Type other than CUSTOM, when specifying an image id in your launch template."
            )
            raise InvalidParameterException(message)
        check_custom_image(request)


def check_custom_image(request: Data) -> None:
    for member in ("version", "releaseVersion"):
        if request.get(member):
            raise InvalidParameterException(f"You cannot specify the field {member} when using custom AMIs.")


def default_ami_type(instance_types: list[str]) -> str:
    """EKS looks at GPUs, not at the architecture."""
    gpu = any(instance_type.startswith(("p", "g3", "g4", "g5.", "g6")) for instance_type in instance_types)
    return "AL2023_x86_64_NVIDIA" if gpu else "AL2023_x86_64_STANDARD"


def check_instances(cluster: Cluster, ami_type: str, instance_types: list[str], with_template_image: bool) -> None:
    unknown = [instance_type for instance_type in instance_types if instance_type not in INSTANCE_TYPES]
    if unknown:
        raise InvalidParameterException(f"The following supplied instance types do not exist: [{', '.join(unknown)}]")
    if len(instance_types) > 20:
        raise InvalidParameterException("You can specify up to 20 instance types.")
    if ami_type == "CUSTOM":
        if not with_template_image:
            raise InvalidParameterException("AMI type CUSTOM needs a launch template with an image id.")
        return
    if ami_type.startswith("AL2_") and minor(cluster.version) > 32:
        raise InvalidParameterException(
            f"AMI Type {ami_type} is only supported for kubernetes versions 1.32 or earlier"
        )
    wanted = "arm64" if "ARM_64" in ami_type else "amd64"
    wrong = [instance_type for instance_type in instance_types if architecture(instance_type) != wanted]
    if wrong:
        raise InvalidParameterException(
            f"[{', '.join(wrong)}] is not a valid instance type for requested amiType {ami_type}"
        )


def check_release(version: str, ami_type: str, wanted: str | None) -> str:
    """The release version: the newest one unless a valid one is asked for."""
    offered = releases(version, ami_type)
    if wanted and wanted not in offered:
        raise InvalidParameterException(
            f"Requested release version {wanted} is not valid for kubernetes version {version}."
        )
    return wanted or offered[0]


def check_scaling(scaling: Data) -> Data:
    least, most, desired = scaling["minSize"], scaling["maxSize"], scaling["desiredSize"]
    if least > most:
        raise InvalidParameterException(f"Minimum capacity {least} can't be greater than maximum capacity {most}")
    if least > desired:
        raise InvalidParameterException(f"Minimum capacity {least} can't be greater than desired size {desired}")
    if desired > most:
        raise InvalidParameterException(f"Desired capacity {desired} can't be greater than max size {most}")
    if most > _NODES_LIMIT:
        raise InvalidParameterException(
            f"maxSize {most} is greater than the limit of {_NODES_LIMIT} nodes in a node group"
        )
    return scaling


def check_labels(labels: dict[str, str]) -> None:
    for key, value in labels.items():
        if key.startswith(_RESERVED_LABELS):
            raise InvalidParameterException(f"Label cannot contain reserved prefixes [{', '.join(_RESERVED_LABELS)}]")
        if not 1 <= len(key.rpartition("/")[2]) <= 63 or len(value) > 63:
            raise InvalidParameterException(f"Label {key} or its value is too short or too long")


def check_taints(taints: list[Data]) -> None:
    if len(taints) > 50:
        raise InvalidParameterException("You can specify up to 50 taints.")
    keys = [(taint.get("key"), taint.get("effect")) for taint in taints]
    if any(None in key for key in keys):
        raise InvalidParameterException("Taints need a key and an effect")
    if len(set(keys)) != len(keys):
        raise InvalidParameterException("Taints must be unique by key and effect")


def update_config(given: Data, before: Data | None = None) -> Data:
    if "maxUnavailable" in given and "maxUnavailablePercentage" in given:
        raise InvalidParameterException("Only one of maxUnavailable and maxUnavailablePercentage can be specified.")
    strategy: dict[str, Any] = {key: value for key, value in (before or {}).items() if key == "updateStrategy"}
    if not {"maxUnavailable", "maxUnavailablePercentage"} & given.keys():
        return {**(before or {"maxUnavailable": 1}), **given}
    return {**strategy, **given}


def check_repair_config(config: Data) -> Data:
    for count in ("maxUnhealthyNodeThreshold", "maxParallelNodesRepaired"):
        if f"{count}Count" in config and f"{count}Percentage" in config:
            raise InvalidParameterException(f"Only one of {count}Count and {count}Percentage can be specified.")
    return config


def check_subnets(backend: EksBackend, cluster: Cluster, ids: list[str]) -> None:
    if not ids:
        raise InvalidParameterException("Subnets can't be empty")
    vpc_id = cluster.data["resourcesVpcConfig"]["vpcId"]
    outside = [subnet.id for subnet in network.subnets(backend, ids) if subnet.vpc_id != vpc_id]
    if outside:
        raise InvalidParameterException(f"Subnets [{', '.join(outside)}] are not in the VPC of the cluster, {vpc_id}")
