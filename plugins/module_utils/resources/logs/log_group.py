# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""CloudWatch Logs: log groups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...aws.parallel import each
from ...aws.session import Aws
from ...engine.resource import Owner, Properties, Resource
from ..kms.key import KeyLookup

RETENTION_DAYS = (
    1,
    3,
    5,
    7,
    14,
    30,
    60,
    90,
    120,
    150,
    180,
    365,
    400,
    545,
    731,
    1096,
    1827,
    2192,
    2557,
    2922,
    3288,
    3653,
)
"""What PutRetentionPolicy accepts."""


@dataclass(frozen=True)
class LogGroup(Resource):
    """A log group, whose name contains ``<platform>-<environment>``.

    ``kms_key``: None leaves encryption to AWS's own key.
    """

    key: str
    name: str
    retention_days: int
    kms_key: KeyLookup | None = None

    stateful = True
    replaced_by = frozenset({"logGroupName"})
    id_name = "logGroupName"
    arn_name = "arn"

    def desired(self) -> Properties:
        return {
            "logGroupName": self.name,
            "retentionInDays": self.retention_days,
            "kmsKeyId": self.kms_key.ref("Arn") if self.kms_key else None,
        }

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        found = list(api.read("logs", "describe_log_groups", "logGroups", logGroupNamePattern=owner.name))
        for group, tags in zip(found, each(lambda group: tags_of(api, group), found), strict=True):
            if tags is not None and owner.scope.items() <= tags.items():
                yield tags["keelson:key"], {**group, "Tags": tags}

    def objection(self, api: Aws, owner: Owner, observed: Properties, changes: Properties) -> str:
        if observed:
            return ""
        for group in api.read("logs", "describe_log_groups", "logGroups", logGroupNamePrefix=self.name):
            if group["logGroupName"] == self.name:
                return (
                    f"the log group {self.name} exists, and is not this component's. "
                    f"Remove it, or tag it {owner.tags(self.key)}."
                )
        return ""

    def create(self, api: Aws, wanted: Properties) -> Properties:
        encryption = {"kmsKeyId": wanted["kmsKeyId"]} if wanted["kmsKeyId"] else {}
        api.call_once("logs", "create_log_group", logGroupName=self.name, tags=wanted["Tags"], **encryption)
        made = {name: wanted[name] for name in ("logGroupName", "kmsKeyId", "Tags")}
        return {**made, "arn": f"arn:{api.partition}:logs:{api.region}:{api.account_id}:log-group:{self.name}:*"}

    @classmethod
    def update(cls, api: Aws, observed: Properties, changes: Properties) -> None:
        name = observed["logGroupName"]
        if "retentionInDays" in changes:
            api.call("logs", "put_retention_policy", logGroupName=name, retentionInDays=changes["retentionInDays"])
        if changes.get("kmsKeyId"):
            api.call("logs", "associate_kms_key", logGroupName=name, kmsKeyId=changes["kmsKeyId"])
        elif "kmsKeyId" in changes:
            api.call("logs", "disassociate_kms_key", logGroupName=name)
        if "Tags" in changes:
            api.call("logs", "tag_resource", resourceArn=observed["arn"].removesuffix(":*"), tags=changes["Tags"])

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        api.call("logs", "delete_log_group", logGroupName=observed["logGroupName"])

    @classmethod
    def protection(cls, observed: Properties) -> str:
        if observed.get("deletionProtectionEnabled"):
            return (
                f"the log group {observed['logGroupName']} has deletion protection. "
                "Switch that off in CloudWatch Logs first."
            )
        return ""


def tags_of(api: Aws, group: Properties) -> dict[str, str] | None:
    """None when it vanished meanwhile."""
    answer = api.find("logs", "list_tags_for_resource", resourceArn=group["arn"].removesuffix(":*"))
    return None if answer is None else answer["tags"]
