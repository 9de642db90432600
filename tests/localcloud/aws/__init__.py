# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What moto lacks, or does otherwise than AWS: a file a service, so that each can go once moto has caught up.

Each module has ``install()``, which is called once before the first call and changes moto's own classes.
"""

from __future__ import annotations

import functools
import importlib

SERVICES = (
    *("acm", "cloudfront", "ec2", "ecr", "eks", "iam", "kms", "log_deliveries", "logs", "rds", "rds_data"),
    *("route53", "s3", "secretsmanager", "ssm", "sts"),
)


@functools.cache
def install() -> None:
    """Teach moto everything, once."""
    for service in SERVICES:
        importlib.import_module(f"localcloud.aws.{service}").install()
