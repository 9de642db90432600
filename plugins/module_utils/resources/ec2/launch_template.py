# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Launch templates for nodes: what an instance is to be like, in numbered versions.

A version is known by the fingerprint of what it was made from, kept as its description: who uses a template can then
say which version it wants before that has a number.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...aws.parallel import each
from ...aws.session import Aws
from ...engine.errors import Blocked
from ...engine.resource import Owner, Properties, Resource
from ..kms.key import KeyLookup
from .common import filter_by, tag, tag_list, tagging

TAGGED = ("instance", "network-interface", "volume")
"""What EC2 makes for an instance and tags as its launch template says."""


CONTENT = ("BlockDeviceMappings", "MetadataOptions", "Monitoring", "TagSpecifications")
"""The members of LaunchTemplateData that a template of ours has."""


@dataclass(frozen=True)
class LaunchTemplate(Resource):
    """A template for instances with IMDSv2 alone and encrypted gp3 volumes.

    ``name``: unique in the account and region; ``volumes``: sizes in GiB by device name, None being the image's own
    size; ``kms_key``: encrypts the volumes, without one the account's default key does; ``monitoring``: metrics once a
    minute; ``instance_tags``: for the instances, their volumes and network interfaces.
    """

    name: str
    volumes: dict[str, int | None]
    kms_key: KeyLookup | None = None
    monitoring: bool = False
    instance_tags: dict[str, str] = field(default_factory=dict)

    id_name = "LaunchTemplateId"

    @property
    def key(self) -> str:
        return self.name

    @property
    def fingerprint(self) -> str:
        """The same for the same content, whichever version of the template holds it."""
        content = json.dumps(self._content(), sort_keys=True, default=str)
        return "sha256:" + hashlib.sha256(content.encode()).hexdigest()[:32]

    def desired(self) -> Properties:
        return {**self._content(), "OtherData": {}, "VersionDescription": self.fingerprint, "DefaultVersion": "$Latest"}

    def _content(self) -> Properties:
        """Without instance type, subnet, image and role: a managed node group gives those itself,
        and refuses them here.

        https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html
        """
        return {
            "BlockDeviceMappings": [self._volume(device, size) for device, size in sorted(self.volumes.items())],
            "MetadataOptions": {"HttpEndpoint": "enabled", "HttpTokens": "required", "HttpPutResponseHopLimit": 1},
            "Monitoring": {"Enabled": self.monitoring},
            "TagSpecifications": dict.fromkeys(TAGGED, self.instance_tags),
        }

    def _volume(self, device: str, size: int | None) -> Properties:
        ebs: Properties = {"DeleteOnTermination": True, "Encrypted": True, "VolumeType": "gp3"}
        if size is not None:
            ebs["VolumeSize"] = size
        if self.kms_key is not None:
            ebs["KmsKeyId"] = self.kms_key.ref("Arn")
        return {"DeviceName": device, "Ebs": ebs}

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterable[tuple[str, Properties]]:
        """The content is the latest version's; ``OtherData`` is what others have put in."""
        named = filter_by(**{"launch-template-name": f"{owner.name}-*"})
        templates = api.read("ec2", "describe_launch_templates", "LaunchTemplates", Filters=named)
        for template in each(lambda template: _completed(api, template), templates):
            if template is not None:
                yield template["LaunchTemplateName"], template

    def create(self, api: Aws, wanted: Properties) -> Properties:
        template = api.call(
            "ec2",
            "create_launch_template",
            LaunchTemplateName=self.name,
            LaunchTemplateData=_data(wanted),
            VersionDescription=wanted["VersionDescription"],
            TagSpecifications=tagging("launch-template", wanted),
            ClientToken=wanted["ClientToken"],
        )["LaunchTemplate"]
        return {
            **template,
            **{name: wanted[name] for name in (*CONTENT, "OtherData", "VersionDescription", "DefaultVersion", "Tags")},
        }

    @classmethod
    def update(cls, api: Aws, observed: Properties, changes: Properties) -> Properties:
        template = observed["LaunchTemplateId"]
        tag(api, template, changes)
        latest = observed["LatestVersionNumber"]
        if changes.keys() & {*CONTENT, "OtherData", "VersionDescription"}:
            content = {**observed, **changes}
            latest = api.call(
                "ec2",
                "create_launch_template_version",
                LaunchTemplateId=template,
                LaunchTemplateData=_data(content),
                VersionDescription=content["VersionDescription"],
            )["LaunchTemplateVersion"]["VersionNumber"]
        if latest != observed["DefaultVersionNumber"]:
            api.call("ec2", "modify_launch_template", LaunchTemplateId=template, DefaultVersion=str(latest))
        return {"LatestVersionNumber": latest, "DefaultVersionNumber": latest, "DefaultVersion": "$Latest"}

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        api.call("ec2", "delete_launch_template", LaunchTemplateId=observed["LaunchTemplateId"])


def version_number(api: Aws, template: str, fingerprint: str) -> str:
    """The number of the latest version with that fingerprint. Raises Blocked while EC2 does not show it."""
    versions = api.read("ec2", "describe_launch_template_versions", "LaunchTemplateVersions", LaunchTemplateId=template)
    numbers = [version["VersionNumber"] for version in versions if version.get("VersionDescription") == fingerprint]
    if not numbers:
        raise Blocked(f"launch template {template} does not show its new version yet", patience=120)
    return str(max(numbers))


def fingerprint_of(api: Aws, template: str, number: str) -> str:
    """What the version of that number holds, usually the latest; empty when it is not known, or gone."""
    version = _version(api, template, "$Latest")
    if version is not None and str(version["VersionNumber"]) != number:
        version = _version(api, template, number)
    return str((version or {}).get("VersionDescription", ""))


def prune_versions(api: Aws, template: str, before: int) -> None:
    """Delete the versions with lower numbers than this one: no node is made from them any more."""
    versions = api.read("ec2", "describe_launch_template_versions", "LaunchTemplateVersions", LaunchTemplateId=template)
    old = [
        str(version["VersionNumber"])
        for version in versions
        if version["VersionNumber"] < before and not version["DefaultVersion"]
    ]
    for start in range(0, len(old), 200):  # as many as the call takes
        api.call("ec2", "delete_launch_template_versions", LaunchTemplateId=template, Versions=old[start : start + 200])


def _version(api: Aws, template: str, version: str) -> dict[str, Any] | None:
    """``version``: a number, or ``$Latest``. None when it has gone."""
    found = api.find("ec2", "describe_launch_template_versions", LaunchTemplateId=template, Versions=[version])
    return found and found["LaunchTemplateVersions"][0]


def _completed(api: Aws, template: dict[str, Any]) -> Properties | None:
    """With its latest version's content; None when it has gone meanwhile."""
    version = _version(api, template["LaunchTemplateId"], "$Latest")
    if version is None:
        return None
    is_default = template["DefaultVersionNumber"] == version["VersionNumber"]
    return {
        **template,
        **_content(version["LaunchTemplateData"]),
        "LatestVersionNumber": version["VersionNumber"],
        "VersionDescription": version.get("VersionDescription", ""),
        "DefaultVersion": "$Latest" if is_default else str(template["DefaultVersionNumber"]),
        "Tags": _tags(template.get("Tags", [])),
    }


def _content(data: Mapping[str, Any]) -> Properties:
    """In the shape of ``desired()``, without what EC2 adds: the state of metadata options."""
    return {
        "BlockDeviceMappings": sorted(
            data.get("BlockDeviceMappings", []), key=lambda device: device.get("DeviceName", "")
        ),
        "MetadataOptions": {name: value for name, value in data.get("MetadataOptions", {}).items() if name != "State"},
        "Monitoring": data.get("Monitoring", {"Enabled": False}),
        "TagSpecifications": {each["ResourceType"]: _tags(each["Tags"]) for each in data.get("TagSpecifications", [])},
        "OtherData": {name: value for name, value in data.items() if name not in CONTENT},
    }


def _data(content: Properties) -> Properties:
    """As the APIs take it."""
    tags = [{"ResourceType": kind, "Tags": tag_list(tags)} for kind, tags in content["TagSpecifications"].items()]
    return {**{name: content[name] for name in CONTENT}, **content["OtherData"], "TagSpecifications": tags}


def _tags(tags: Iterable[Mapping[str, str]]) -> dict[str, str]:
    return {each["Key"]: each["Value"] for each in tags}
