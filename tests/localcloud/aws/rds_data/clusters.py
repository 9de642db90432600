# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Aurora PostgreSQL clusters as their databases see them: whose password, who may log in with a token,
and when they sleep.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator

from localcloud.aws.eks.access.authentication import PresignedURL, Refused, check_time
from localcloud.aws.eks.iam import Identity, identify
from localcloud.clock import clock
from localcloud.postgres.databases import Database, Databases
from localcloud.postgres.endpoint import Denied
from moto.iam.access_control import CreateAccessKeyFailure, IAMPolicy, PermissionResult, create_access_key
from moto.rds.models import DBCluster, rds_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.utilities.utils import get_partition

ENGINE = "aurora-postgresql"
SERVING = {
    "available",
    "backing-up",
    "modifying",
    "upgrading",
    "renaming",
    "resetting-master-credentials",
    "maintenance",
}
_IDLE_BEFORE_PAUSE = (
    300  # seconds: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html
)
_TLS_FORCED_SINCE = 17  # https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html

databases: Databases | None = None


class Facts:
    """One cluster of moto's, for its database."""

    def __init__(self, cluster: DBCluster) -> None:
        self._cluster = cluster
        self._used = clock.now()
        self._resumed = 0.0
        self.port = int(cluster.port)
        self.master = str(cluster.master_username)
        self.database = cluster.database_name

    def password(self) -> str:
        cluster = self._cluster
        if not cluster.manage_master_user_password:
            return str(cluster._master_user_password)
        secrets = secretsmanager_backends[cluster.account_id][cluster.region]
        value = secrets.get_secret_value(
            secret_id=cluster.master_user_secret.secret_arn, version_id="", version_stage=""
        )
        return str(json.loads(value["SecretString"])["password"])

    def check_serving(self) -> None:
        if self._cluster.status not in SERVING or self._cluster.writer is None:
            raise Denied("the database system is starting up", "57P03")

    def forces_tls(self) -> bool:
        groups = self._cluster.backend.db_cluster_parameter_groups
        group = groups.get(self._cluster.parameter_group)
        given = group.parameters.get("rds.force_ssl", {}).get("ParameterValue") if group else None
        default = int(self._cluster.engine_version.partition(".")[0]) >= _TLS_FORCED_SINCE
        return given == "1" if given is not None else default

    def check_token(self, token: str, address: str, user: str) -> None:
        """A presigned ``rds-db:connect``. PostgreSQL of RDS never says what was wrong with it.

        https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.Connecting.html
        """
        if not self._cluster.iam_auth or not self._accepts(
            PresignedURL(f"https://{token}"), f"{address}:{self.port}", user
        ):
            raise Denied(f'PAM authentication failed for user "{user}"')

    def _accepts(self, url: PresignedURL, host: str, user: str) -> bool:
        query = url.query
        credential = query.get("X-Amz-Credential", "").split("/")
        wanted = ["rds-db", "aws4_request"]
        if (
            url.host != host
            or query.get("Action") != "connect"
            or query.get("DBUser") != user
            or credential[3:] != wanted
        ):
            return False
        try:
            check_time(query)
        except Refused:
            return False
        identity = identify(credential[0])
        if identity is None or (query.get("X-Amz-Security-Token") or None) != identity.session_token:
            return False
        right = url.signature(identity.secret_key, {"host": host})
        return hmac.compare_digest(right, query.get("X-Amz-Signature", "")) and self._may_connect(
            identity, credential, user
        )

    def _may_connect(self, identity: Identity, credential: list[str], user: str) -> bool:
        """By the policies of whoever signed, which the local cloud evaluates for nothing but this."""
        cluster, region = self._cluster, credential[2]
        database = f"arn:{get_partition(region)}:rds-db:{region}:{cluster.account_id}:dbuser"
        resource = f"{database}:{cluster.db_cluster_resource_id}/{user}"
        headers = {"X-Amz-Security-Token": identity.session_token} if identity.session_token else {}
        try:
            key = create_access_key(identity.account, get_partition(region), credential[0], headers)
        except CreateAccessKeyFailure:
            return False
        results = [
            IAMPolicy(policy).is_action_permitted("rds-db:connect", resource) for policy in key.collect_policies()
        ]
        return PermissionResult.PERMITTED in results and PermissionResult.DENIED not in results

    def wake(self) -> bool:
        """Note that somebody uses it.

        False while it resumes: a cluster that may scale to 0 pauses when nobody does for a while.
        """
        if not self._pauses:
            return True
        idle = clock.now() - self._used
        self._used = clock.now()
        if idle > self._idle_before_pause:
            self._resumed = clock.deadline("rds.cluster.resume")
            return False
        return clock.passed(self._resumed)

    @property
    def _pauses(self) -> bool:
        """Where everything takes no time at all, nothing falls asleep either."""
        scaling = self._cluster.serverless_v2_scaling_configuration or {}
        return bool(clock.scale) and float(scaling.get("min_capacity", scaling.get("MinCapacity", 1))) == 0

    @property
    def _idle_before_pause(self) -> float:
        scaling = self._cluster.serverless_v2_scaling_configuration or {}
        seconds = scaling.get("seconds_until_auto_pause", scaling.get("SecondsUntilAutoPause", _IDLE_BEFORE_PAUSE))
        return float(seconds) * clock.scale


def all_clusters() -> Iterator[DBCluster]:
    for account in list(rds_backends.values()):
        for backend in list(account.values()):
            yield from list(backend.clusters.values())


def database_of(cluster: DBCluster) -> Database | None:
    """None for a cluster of another engine, or in a past that is only read."""
    name = cluster.db_cluster_resource_id
    return databases.get(name) if databases and name in databases.names() else None
