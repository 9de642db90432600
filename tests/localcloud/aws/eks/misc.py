# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What EKS lists and this cloud never has any of: insights, capabilities,
certificate authorities, registered clusters.
"""

from __future__ import annotations

from .api import operation
from .backend import Call
from .errors import ResourceNotFoundException
from .resources import Data


@operation
def list_insights(call: Call) -> Data:
    call.cluster()
    return {"insights": []}


@operation
def describe_insight(call: Call) -> Data:
    raise ResourceNotFoundException(f"No insight found for ID: {call.request['id']}", clusterName=call.cluster().name)


@operation
def list_capabilities(call: Call) -> Data:
    call.cluster()
    return {"capabilities": []}
