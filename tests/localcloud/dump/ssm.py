# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Parameters, but for AWS's public ones."""

from __future__ import annotations

from typing import Any

from .collectors import Found, every, reads


@reads("ssm")
def _parameters(ssm: Any) -> Found:
    for one in every(ssm, "describe_parameters", "Parameters"):
        if not one["Name"].startswith("/aws/"):
            tags = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=one["Name"])["TagList"]
            yield (
                "parameter",
                one["Name"],
                {**one, "Value": ssm.get_parameter(Name=one["Name"])["Parameter"]["Value"], "Tags": tags},
            )
