# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""EC2: the life of NAT gateways and endpoints, what may not be deleted while it is in use,
and the gaps in moto's calls.
"""

from __future__ import annotations

from . import (
    endpoints,
    flow_logs,
    gateways,
    launch_templates,
    network_acls,
    requests,
    route_tables,
    security_groups,
    vpcs,
)


def install() -> None:
    for module in (
        requests,
        vpcs,
        route_tables,
        network_acls,
        gateways,
        endpoints,
        security_groups,
        flow_logs,
        launch_templates,
    ):
        module.install()
