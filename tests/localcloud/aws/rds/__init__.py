# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""RDS: the life of Aurora clusters and of instances over time, what is refused, engine versions,
parameters, the master's secret.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/Welcome.html
"""

from __future__ import annotations

from . import clusters, engine_versions, instances, parameter_groups, secrets, subnet_groups, tags
from .life import settle

__all__ = ["install", "settle"]


def install() -> None:
    for module in (engine_versions, parameter_groups, subnet_groups, secrets, tags, instances, clusters):
        module.install()
