# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Systems Manager: the public parameters that name the node images of EKS, and paths that end at a slash.

https://docs.aws.amazon.com/eks/latest/userguide/retrieve-ami-id.html
https://docs.aws.amazon.com/eks/latest/userguide/retrieve-ami-id-bottlerocket.html
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

from moto.core.utils import utcnow
from moto.ssm.models import Parameter, ParameterDict

from .eks.versions import VERSIONS, releases
from .patching import override

_PUBLIC = ("/aws/service/eks/optimized-ami", "/aws/service/bottlerocket/aws-k8s")
# Path and AMI type, which tells the release.
_AL2023 = {
    "x86_64/standard": "AL2023_x86_64_STANDARD",
    "arm64/standard": "AL2023_ARM_64_STANDARD",
    "x86_64/nvidia": "AL2023_x86_64_NVIDIA",
    "arm64/nvidia": "AL2023_ARM_64_NVIDIA",
    "x86_64/neuron": "AL2023_x86_64_NEURON",
}
_BOTTLEROCKET = {
    "/x86_64": "BOTTLEROCKET_x86_64",
    "/arm64": "BOTTLEROCKET_ARM_64",
    "-nvidia/x86_64": "BOTTLEROCKET_x86_64_NVIDIA",
    "-nvidia/arm64": "BOTTLEROCKET_ARM_64_NVIDIA",
}


def install() -> None:
    override(ParameterDict, "_check_loading_status", _load)
    override(ParameterDict, "get_keys_beginning_with", _keys_below)


def _load(original: Callable[..., Any], self: Any, key: str) -> None:
    original(self, key)
    if str(key or "").startswith(_PUBLIC) and not getattr(self, "node_images_loaded", False):
        self.node_images_loaded = True
        for name, value in _node_images(self.region_name).items():
            dict.setdefault(self, name, []).append(_parameter(self, name, value))


def _keys_below(_original: Callable[..., Any], self: ParameterDict, path: str, recursive: bool) -> Iterator[str]:
    """moto's /a is a prefix of /ab."""
    self._check_loading_status(path)
    prefix = path.rstrip("/") + "/"
    for name in list(self):
        if name.startswith(prefix) and (recursive or "/" not in name.removeprefix(prefix)):
            yield name


def _node_images(region: str) -> dict[str, str]:
    parameters = {}
    for version in VERSIONS:
        for variant, ami_type in _AL2023.items():
            path = f"/aws/service/eks/optimized-ami/{version}/amazon-linux-2023/{variant}/recommended"
            architecture, kind = variant.split("/")
            release = releases(version, ami_type)[0]
            image = {
                "schema_version": "2.0",
                "image_id": _image_id(region, path, release),
                "image_name": f"amazon-eks-node-al2023-{architecture}-{kind}-{version}-v{release.rpartition('-')[2]}",
                "release_version": release,
            }
            parameters[path] = json.dumps(image)
            parameters |= {f"{path}/{name}": value for name, value in image.items() if name != "schema_version"}
        for variant, ami_type in _BOTTLEROCKET.items():
            path = f"/aws/service/bottlerocket/aws-k8s-{version}{variant}/latest"
            release = releases(version, ami_type)[0]
            parameters[f"{path}/image_id"] = _image_id(region, path, release)
            parameters[f"{path}/image_version"] = release
    return parameters


def _image_id(region: str, path: str, release: str) -> str:
    return "ami-" + hashlib.sha256(f"{region} {path} {release}".encode()).hexdigest()[:17]


def _parameter(parameters: ParameterDict, name: str, value: str) -> Parameter:
    return Parameter(
        account_id=parameters.account_id,
        name=name,
        value=value,
        parameter_type="String",
        description=None,
        allowed_pattern=None,
        keyid=None,
        last_modified_date=utcnow(),
        version=1,
        data_type="aws:ec2:image" if name.endswith("image_id") else "text",
    )
