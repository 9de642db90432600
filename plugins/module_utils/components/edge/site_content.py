# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Site content: a folder of this machine as the environment's static site shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...engine.converge import Outcome
from ...engine.plan import Declaration
from ...resources.cloudfront.lookup import DistributionLookup, SiteBucketLookup
from ...resources.cloudfront.site_content import SiteContent, work_of
from ...resources.cloudfront.site_manifest import File
from ..component import Arguments, Component, Context
from .site_content_options import OPTIONS
from .site_folder import digests, folder_problems, published
from .web_files import cache_control, content_type

CONTENT_TYPE = re.compile(r"[a-z]+/[A-Za-z0-9!#$&^_.+-]+(; ?[a-z]+=[A-Za-z0-9_-]+)*")
HEADER = re.compile(r"[a-z][ -~]*")
LONGEST_KEPT = 3650


def problems(arguments: Arguments) -> Iterator[str]:
    for pattern, value in arguments["content_types"].items():
        if not (isinstance(value, str) and CONTENT_TYPE.fullmatch(value)):
            yield f"content_types.{pattern}: {value!r} is no content type such as application/json."
    for pattern, value in arguments["cache_control"].items():
        if not (isinstance(value, str) and HEADER.fullmatch(value)):
            yield (
                f"cache_control.{pattern}: {value!r} is no value of the header Cache-Control "
                "such as public, max-age=3600."
            )
    if not 0 <= arguments["keep_old_days"] <= LONGEST_KEPT:
        yield f"keep_old_days: must be from 0 to {LONGEST_KEPT} days, not {arguments['keep_old_days']}."
    if arguments["state"] == "present" and arguments["folder"] is not None:
        yield from folder_problems(arguments["folder"], arguments["exclude"])


def declare(context: Context) -> Declaration:
    if context["state"] == "absent":
        return Declaration(absent=True)
    if context["folder"] is None:
        return Declaration(untouched=frozenset({SiteContent}))
    found = published(context["folder"], context["exclude"])
    files = {
        path: File(
            content_type=content_type(path, context["content_types"]),
            cache_control=cache_control(path, context["cache_control"]),
            sha256=digest,
            source=str(found[path]),
        )
        for path, digest in digests(found).items()
    }
    return Declaration((SiteContent(SiteBucketLookup(), DistributionLookup(), files, context["keep_old_days"]),))


def outputs(context: Context, outcome: Outcome) -> dict[str, Any]:
    """What is to be done, or was done; nothing of what failed."""
    steps = [] if outcome.problems else [step for step in outcome.plan.steps if step.kind is SiteContent]
    result: dict[str, Any] = {"uploaded": [], "retired": [], "deleted": [], "invalidated": []}
    for step in steps:
        todo, paths, reason = work_of(step.observed, step.after)
        result = {
            "uploaded": sorted(todo.upload),
            "retired": sorted(todo.retire),
            "deleted": sorted(todo.delete),
            "invalidated": paths,
        }
        if reason:
            result["invalidation_reason"] = reason
    return result


COMPONENT = Component(
    name="site_content",
    options=OPTIONS,
    kinds=(SiteContent,),
    declare=declare,
    outputs=outputs,
    problems=problems,
    tagged=False,  # an object takes ten tags at most, and the user's may be more
)
