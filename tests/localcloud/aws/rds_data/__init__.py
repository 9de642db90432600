# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Aurora PostgreSQL's databases: a real PostgreSQL behind each cluster,
reached through the RDS Data API and at its endpoint.
"""

from __future__ import annotations

import json
import secrets
import string
from collections.abc import Callable
from typing import Any

import moto.rdsdata.urls
from localcloud.aws.patching import override
from localcloud.postgres.databases import Databases
from moto.rds.models import DBCluster, MasterUserSecret, RDSBackend

from . import api, clusters

__all__ = ["install", "reset", "running", "use_databases"]

_PASSWORD_LENGTH = 32


def install() -> None:
    moto.rdsdata.urls.response = api.response_class()()
    moto.rdsdata.urls.url_paths.clear()
    moto.rdsdata.urls.url_paths["{0}/(?P<path>.+)$"] = moto.rdsdata.urls.response.dispatch
    override(DBCluster, "__init__", _make_cluster)
    override(RDSBackend, "delete_db_cluster", _delete_cluster)
    override(MasterUserSecret, "_generate_secret_string", _managed_secret)
    for name in ("endpoint", "reader_endpoint"):
        _replace_name(name)


def use_databases(databases: Databases | None) -> None:
    """Where clusters made from now on have their databases; None: nowhere."""
    clusters.databases = databases


def running() -> dict[str, dict[str, Any]]:
    """Where the servers are that run, by region and cluster, with the master user of each."""
    found = {}
    for cluster in clusters.all_clusters():
        database = clusters.database_of(cluster)
        if database and database.running:
            server = database.running
            place = {"socket": str(server.socket), "port": server.port, "master": cluster.master_username}
            found[f"{cluster.region}/{cluster.db_cluster_identifier}"] = place
    return found


def reset() -> None:
    """Forget every database."""
    api.forget_transactions()
    if clusters.databases:
        clusters.databases.close(*clusters.databases.names())


def _make_cluster(original: Callable[..., Any], self: DBCluster, *args: Any, **kwargs: Any) -> None:
    original(self, *args, **kwargs)
    if clusters.databases and self.engine == clusters.ENGINE:
        self.facts = clusters.Facts(self)
        clusters.databases.open(self.db_cluster_resource_id, self.facts)


def _delete_cluster(original: Callable[..., Any], self: RDSBackend, *args: Any, **kwargs: Any) -> DBCluster:
    deleted: DBCluster = original(self, *args, **kwargs)
    if clusters.databases:
        clusters.databases.close(deleted.db_cluster_resource_id)
    return deleted


def _managed_secret(_original: Callable[..., Any], self: MasterUserSecret) -> str:
    """moto's holds one password for everybody, and a user who is not the master."""
    letters = string.ascii_letters + string.digits + "!#$%&*+-=?^_~"
    password = "".join(secrets.choice(letters) for _index in range(_PASSWORD_LENGTH))
    return json.dumps({"username": self.resource.master_username, "password": password})


def _replace_name(name: str) -> None:
    """In place of a name in AWS's DNS the address where the cluster's database listens.

    Readers read the same data there.
    """
    original: Any = getattr(DBCluster, name)

    def address(self: DBCluster) -> str:
        database = clusters.database_of(self)
        return database.address if database and database.address else original.fget(self)

    setattr(DBCluster, name, property(address))
