# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Flow logs whose log group is named by its ARN, and what was asked for by an id that is not there.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.ec2.exceptions import InvalidFlowLogIdError
from moto.ec2.models import EC2Backend
from moto.ec2.models.flow_logs import FlowLogsBackend

from ..patching import override


def install() -> None:
    override(FlowLogsBackend, "create_flow_logs", _create)
    override(FlowLogsBackend, "describe_flow_logs", _describe)


def _create(original: Callable[..., Any], self: EC2Backend, **request: Any) -> Any:
    destination = request["log_destination"] or ""
    if ":log-group:" in destination and not request["log_group_name"]:
        request["log_group_name"] = destination.split(":log-group:")[1].removesuffix(":*")
    return original(self, **request)


def _describe(
    original: Callable[..., Any], self: EC2Backend, flow_log_ids: list[str] | None = None, filters: Any = None
) -> Any:
    missing = [log_id for log_id in flow_log_ids or [] if log_id not in self.flow_logs]
    if missing:
        raise InvalidFlowLogIdError(len(missing), " ".join(missing))
    return original(self, flow_log_ids, filters)
