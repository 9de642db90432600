# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Repositories, with the images in them."""

from __future__ import annotations

import json
from typing import Any

from .collectors import Found, every, reads, setting


@reads("ecr")
def _repositories(ecr: Any) -> Found:
    for one in every(ecr, "describe_repositories", "repositories"):
        where = {"repositoryName": one["repositoryName"]}
        lifecycle = setting(ecr.get_lifecycle_policy, **where)
        policy = setting(ecr.get_repository_policy, **where)
        settings = {
            "tags": ecr.list_tags_for_resource(resourceArn=one["repositoryArn"])["tags"],
            "lifecyclePolicy": json.loads(lifecycle.get("lifecyclePolicyText", "null")),
            "policy": json.loads(policy.get("policyText", "null")),
            "images": every(ecr, "list_images", "imageIds", **where),
        }
        yield "repository", one["repositoryName"], {**one, **settings}
