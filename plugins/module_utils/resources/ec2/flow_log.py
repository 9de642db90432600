# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""EC2: flow logs of a VPC, written to CloudWatch Logs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...aws.errors import EVENTUALLY
from ...aws.policy import Document, document
from ...aws.session import Aws, AwsError
from ...engine.errors import Blocked
from ...engine.resource import Owner, Properties, Resource, State
from ..iam.role import Role
from ..logs.log_group import LogGroup
from .common import owned, tag, tagging
from .vpc import Vpc


@dataclass(frozen=True)
class FlowLog(Resource):
    """A flow log. AWS cannot change one, so that what can be chosen is its key: another choice is another flow log.

    ``traffic``: ALL, ACCEPT or REJECT; ``interval``: 60 or 600 seconds.
    """

    vpc: Vpc
    log_group: LogGroup
    delivery_role: Role
    traffic: str
    interval: int
    name: str

    replaced_by = frozenset({"ResourceId", "LogGroupName", "DeliverLogsPermissionArn"})
    id_name = "FlowLogId"

    @property
    def key(self) -> str:
        return f"{self.traffic.lower()}-{self.interval}"

    def desired(self) -> Properties:
        return {
            "ResourceId": self.vpc.ref("VpcId"),
            "LogGroupName": self.log_group.name,
            "DeliverLogsPermissionArn": self.delivery_role.ref("Arn"),
            "Tags": {"Name": self.name},
        }

    @classmethod
    def observe(cls, api: Aws, owner: Owner) -> Iterator[tuple[str, Properties]]:
        return owned(api, owner, "describe_flow_logs", "FlowLogs", filters="Filter")

    def create(self, api: Aws, wanted: Properties) -> Properties:
        try:
            answer = api.call(
                "ec2",
                "create_flow_logs",
                ResourceType="VPC",
                ResourceIds=[wanted["ResourceId"]],
                LogGroupName=wanted["LogGroupName"],
                DeliverLogsPermissionArn=wanted["DeliverLogsPermissionArn"],
                TrafficType=self.traffic,
                MaxAggregationInterval=self.interval,
                ClientToken=wanted["ClientToken"],
                TagSpecifications=tagging("vpc-flow-log", wanted),
            )
        except AwsError as error:
            if "assume" in error.message.lower():  # a role just made is not known everywhere at once
                raise Blocked(str(error), patience=EVENTUALLY) from error
            raise
        for each in answer.get("Unsuccessful", []):
            raise Blocked(
                f"ec2:CreateFlowLogs: {each['Error']['Code']}: {each['Error']['Message']}", patience=EVENTUALLY
            )
        return {
            "FlowLogId": answer["FlowLogIds"][0],
            **{name: value for name, value in wanted.items() if name != "ClientToken"},
        }

    @classmethod
    def update(cls, api: Aws, observed: Properties, changes: Properties) -> None:
        tag(api, observed["FlowLogId"], changes)

    @classmethod
    def delete(cls, api: Aws, observed: Properties) -> None:
        answer = api.call("ec2", "delete_flow_logs", FlowLogIds=[observed["FlowLogId"]])
        for each in answer.get("Unsuccessful", []):
            if not each["Error"]["Code"].endswith("NotFound"):
                raise Blocked(f"ec2:DeleteFlowLogs: {each['Error']['Code']}: {each['Error']['Message']}")

    @classmethod
    def state(cls, observed: Properties) -> tuple[State, str]:
        """https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-troubleshooting.html:
        being rate limited passes.
        """
        error = observed.get("DeliverLogsErrorMessage", "")
        if observed.get("DeliverLogsStatus") == "FAILED" and "rate" not in error.lower():
            return State.UNHEALTHY, f"its records cannot be delivered: {error}"
        return State.READY, ""

    def collides(self, wanted: Properties, other: Properties) -> bool:
        """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html: FlowLogAlreadyExists."""
        return bool(other["LogGroupName"] == self.log_group.name)


def delivery_trust(partition: str, region: str, account_id: str) -> Document:
    """Lets the flow logs of this account and region assume the role, nobody else's."""
    source = f"arn:{partition}:ec2:{region}:{account_id}:vpc-flow-log/*"
    return document(
        {
            "Effect": "Allow",
            "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": account_id}, "ArnLike": {"aws:SourceArn": source}},
        }
    )


def delivery_policy(partition: str, region: str, account_id: str, log_group: str) -> Document:
    """Write to this group, which exists already.
    https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
    """
    group = f"arn:{partition}:logs:{region}:{account_id}:log-group"
    return document(
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
            "Resource": f"{group}:{log_group}:*",
        },
        {"Effect": "Allow", "Action": "logs:DescribeLogGroups", "Resource": f"{group}:*"},
    )
