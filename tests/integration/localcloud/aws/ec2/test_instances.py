# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The local cloud's launch templates and instance types."""

from __future__ import annotations

from typing import Any

import pytest

from ..refusals import refusal
from .network import tagged


def test_launch_template_versions_come_and_go_and_keep_their_numbers(ec2: Any) -> None:
    data = {"InstanceType": "m7g.large", "UserData": "ZWNobyBoZWxsbw==", "MetadataOptions": {"HttpTokens": "required"}}
    template = ec2.create_launch_template(
        LaunchTemplateName="nodes", LaunchTemplateData=data, **tagged("launch-template", Name="nodes")
    )
    template_id = template["LaunchTemplate"]["LaunchTemplateId"]

    def versions() -> list[int]:
        found = ec2.describe_launch_template_versions(LaunchTemplateId=template_id)["LaunchTemplateVersions"]
        return sorted(one["VersionNumber"] for one in found)

    first = ec2.describe_launch_template_versions(LaunchTemplateId=template_id)["LaunchTemplateVersions"][0][
        "LaunchTemplateData"
    ]
    assert first == data
    for instance_type in ("m7g.xlarge", "m7g.2xlarge"):
        ec2.create_launch_template_version(
            LaunchTemplateId=template_id, SourceVersion="1", LaunchTemplateData={"InstanceType": instance_type}
        )
    ec2.modify_launch_template(LaunchTemplateId=template_id, DefaultVersion="3")
    answer = ec2.delete_launch_template_versions(LaunchTemplateId=template_id, Versions=["1", "3", "9"])
    assert [one["VersionNumber"] for one in answer["SuccessfullyDeletedLaunchTemplateVersions"]] == [1]
    assert [one["VersionNumber"] for one in answer["UnsuccessfullyDeletedLaunchTemplateVersions"]] == [3, 9]
    assert versions() == [2, 3]
    ec2.create_launch_template_version(LaunchTemplateId=template_id, LaunchTemplateData=data)
    assert versions() == [2, 3, 4]
    default = ec2.describe_launch_template_versions(LaunchTemplateId=template_id, Versions=["$Default"])[
        "LaunchTemplateVersions"
    ][0]
    assert (default["VersionNumber"], default["LaunchTemplateData"]["InstanceType"]) == (3, "m7g.2xlarge")
    assert default["LaunchTemplateData"]["MetadataOptions"] == {"HttpTokens": "required"}
    found = ec2.describe_launch_templates(Filters=[{"Name": "tag:Name", "Values": ["nodes"]}])["LaunchTemplates"]
    assert [(one["LatestVersionNumber"], one["DefaultVersionNumber"]) for one in found] == [(4, 3)]
    missing = refusal(ec2.describe_launch_templates, LaunchTemplateNames=["none"])
    assert missing == "InvalidLaunchTemplateName.NotFoundException"


def test_more_than_a_page_of_launch_templates_is_listed(ec2: Any) -> None:
    for number in range(20):
        ec2.create_launch_template(LaunchTemplateName=f"t{number}", LaunchTemplateData={"InstanceType": "t3.medium"})
    assert len(ec2.describe_launch_templates()["LaunchTemplates"]) == 20


@pytest.mark.parametrize(
    ("instance_type", "architecture"), [("m7g.large", "arm64"), ("t3.medium", "x86_64"), ("t4g.medium", "arm64")]
)
def test_instance_types_tell_their_architecture_and_zones(ec2: Any, instance_type: str, architecture: str) -> None:
    described = ec2.describe_instance_types(InstanceTypes=[instance_type])["InstanceTypes"][0]
    assert architecture in described["ProcessorInfo"]["SupportedArchitectures"]
    offered = ec2.describe_instance_type_offerings(
        LocationType="availability-zone", Filters=[{"Name": "instance-type", "Values": [instance_type]}]
    )["InstanceTypeOfferings"]
    assert {"us-east-1a", "us-east-1b"} <= {one["Location"] for one in offered}
