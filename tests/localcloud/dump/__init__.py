# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Everything that exists in the cloud, read with plain boto3 past faults, lag and call log:
the judge of plans and destroys.

A dump maps ``<service>/<kind>/<name or id>`` to properties in AWS's own shape, tags included. Names of regional
services begin with their region, those of another account than the first with its number. What AWS itself owns (managed
policies, keys and aliases of services, public parameters) is left out, and what changes by being read. See compare.py
for what to do with two of them.

To add a service, add a file of its name with a function that yields ``(kind, name, properties)``.
"""

from __future__ import annotations

import json
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from . import (  # noqa: F401  (each registers what it reads)
    acm,
    cloudfront,
    ec2,
    ecr,
    eks,
    iam,
    kms,
    kubernetes,
    logs,
    postgres,
    rds,
    route53,
    s3,
    secretsmanager,
    ssm,
)
from .collectors import COLLECTORS, Collector, Dump, Properties

__all__ = ["Dump", "Properties", "dump"]

_FIRST_REGION = "us-east-1"
_ATTEMPTS = 3


def dump(url: str, access_key: str, secret_key: str) -> Dump:
    """All of the cloud at ``url``; the keys are those of its operator."""
    with urllib.request.urlopen(f"{url}/_localcloud/health", timeout=30) as answer:
        health = json.load(answer)
    found: Dump = {}
    with ThreadPoolExecutor(6) as pool:
        jobs = []
        for account in health["accounts"]:
            for service, regional, collect in COLLECTORS:
                for region in health["regions"] if regional else [_FIRST_REGION]:
                    client = _client(url, access_key, secret_key, service, region, account)
                    place = [account] * (account != health["accounts"][0]) + [region] * regional
                    jobs.append(pool.submit(_collect, service, place, collect, client))
        for job in jobs:
            found.update(job.result())
    for name, cluster in health["clusters"].items():
        if cluster["started"]:
            found.update(kubernetes.dump(name, cluster["kubeconfig"]))
    for name, database in health["databases"].items():
        found.update(postgres.dump(name, database))
    return dict(sorted(found.items()))


@cache
def _client(url: str, access_key: str, secret_key: str, service: str, region: str, account: str) -> Any:
    client: Any = _session().client(
        service,
        region_name=region,
        endpoint_url=f"{url}/_localcloud/clean",
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        config=Config(retries={"total_max_attempts": 1}, max_pool_connections=8),
    )
    client.meta.events.register(
        "before-sign", lambda request, **_: request.headers.add_header("x-moto-account-id", account)
    )
    return client


@cache
def _session() -> boto3.Session:
    return boto3.Session()


def _collect(service: str, place: list[str], collect: Collector, client: Any) -> Dump:
    """Once more when something that was listed has gone before it could be described."""
    for attempt in range(_ATTEMPTS):
        try:
            found = list(collect(client))
            break
        except ClientError as error:
            gone = "NotFound" in error.response["Error"]["Code"] or error.response["Error"]["Code"] == "NoSuchEntity"
            if not gone or attempt == _ATTEMPTS - 1:
                raise
    return {"/".join([service, kind, *place, name.lstrip("/")]): _plain(properties) for kind, name, properties in found}


def _plain(value: Any) -> Any:
    """As JSON has it, with lists of tags as a mapping."""
    if isinstance(value, dict):
        members = {key: _plain(one) for key, one in value.items() if key != "ResponseMetadata"}
        return {key: {} if key in ("Tags", "tags", "TagSet") and not one else one for key, one in members.items()}
    if isinstance(value, list):
        pairs = [
            {name.lower().removeprefix("tag"): text for name, text in one.items()}
            for one in value
            if isinstance(one, dict)
        ]
        if pairs and len(pairs) == len(value) and all(pair.keys() == {"key", "value"} for pair in pairs):
            return {pair["key"]: pair["value"] for pair in pairs}
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime) else value
