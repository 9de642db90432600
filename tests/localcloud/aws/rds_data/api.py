# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The operations of the RDS Data API, as Aurora Serverless v2 and provisioned clusters have them.

https://docs.aws.amazon.com/rdsdataservice/latest/APIReference/ and
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.differences.html
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg
from localcloud.aws.eks.api import check
from localcloud.postgres.endpoint import Denied
from localcloud.postgres.server import ProgramsMissing, Server
from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import camelcase_to_underscores, get_service_model
from moto.rds.models import DBCluster
from moto.secretsmanager.exceptions import SecretsManagerClientError
from moto.secretsmanager.models import secretsmanager_backends

from . import clusters, values
from .errors import DataApiError

Request = dict[str, Any]
Answer = dict[str, Any]

_STATEMENT_TIMEOUT = 45  # seconds
_TRANSACTION_TIMEOUT = 180  # seconds without a call


@dataclass
class Transaction:
    connection: psycopg.Connection[Any]
    cluster: str
    used: float = field(default_factory=time.monotonic)


_transactions: dict[str, Transaction] = {}


def response_class() -> type[BaseResponse]:
    def init(self: BaseResponse) -> None:
        BaseResponse.__init__(self, service_name="rds-data")
        self.automated_parameter_parsing = True

    operations = (
        execute_statement,
        batch_execute_statement,
        begin_transaction,
        commit_transaction,
        rollback_transaction,
    )
    methods: dict[str, Any] = {operation.__name__: _method(operation) for operation in operations}
    return type("RdsDataResponse", (BaseResponse,), {"__init__": init, **methods})


def forget_transactions() -> None:
    for name in list(_transactions):
        _transactions.pop(name).connection.close()


def execute_statement(request: Request, cluster: DBCluster) -> Answer:
    for option in ("schema", "continueAfterTimeout", "formatRecordsAs", "resultSetOptions"):
        if request.get(option):
            raise NotImplementedError(option)
    statement, arguments = values.bind(request["sql"], request.get("parameters") or [])
    with _session(request, cluster) as connection:
        cursor = _run(connection, statement, arguments)
        return values.result(cursor, bool(request.get("includeResultMetadata")))


def batch_execute_statement(request: Request, cluster: DBCluster) -> Answer:
    """All parameter sets or none."""
    if request.get("schema"):
        raise NotImplementedError("schema")
    with _session(request, cluster) as connection, connection.transaction():
        for parameters in request.get("parameterSets") or [[]]:
            _run(connection, *values.bind(request["sql"], parameters))
    return {"updateResults": [{"generatedFields": []} for _set in request.get("parameterSets") or [[]]]}


def begin_transaction(request: Request, cluster: DBCluster) -> Answer:
    if request.get("schema"):
        raise NotImplementedError("schema")
    connection = _connect(request, cluster)
    connection.autocommit = False
    name = secrets.token_urlsafe(96)
    _transactions[name] = Transaction(connection, cluster.db_cluster_resource_id)
    return {"transactionId": name}


def commit_transaction(request: Request, cluster: DBCluster) -> Answer:
    with _end(request, cluster) as connection:
        try:
            connection.commit()
        except psycopg.Error as error:
            raise _failed(error) from error
    return {"transactionStatus": "Transaction Committed"}


def rollback_transaction(request: Request, cluster: DBCluster) -> Answer:
    with _end(request, cluster) as connection:
        connection.rollback()
    return {"transactionStatus": "Rollback Complete"}


def _method(operation: Callable[[Request, DBCluster], Answer]) -> Callable[[BaseResponse], ActionResult]:
    service = get_service_model("rds-data")
    model = next(
        service.operation_model(name)
        for name in service.operation_names
        if camelcase_to_underscores(name) == operation.__name__
    )

    def answer(self: BaseResponse) -> ActionResult:
        request = {name: value for name, value in dict(self.params).items() if value is not None}
        check(model.input_shape, request)
        return ActionResult(operation(request, _cluster(request["resourceArn"])))

    answer.__name__ = operation.__name__
    return answer


def _cluster(arn: str) -> DBCluster:
    cluster = next((cluster for cluster in clusters.all_clusters() if cluster.db_cluster_arn == arn), None)
    if cluster is None or cluster.engine != clusters.ENGINE:
        raise DataApiError("BadRequestException", f"There is no Aurora PostgreSQL DB cluster with the ARN {arn}")
    if not cluster.http_endpoint_enabled:
        raise DataApiError("HttpEndpointNotEnabledException", f"HttpEndpoint is not enabled for resource {arn}")
    if cluster.writer is None:
        raise DataApiError(
            "DatabaseNotFoundException", f"The DB cluster {cluster.db_cluster_identifier} doesn't have a DB instance"
        )
    if not cluster.facts.wake():
        told = f"The Aurora DB instance {cluster.writer.db_instance_identifier} is resuming after being auto-paused."
        raise DataApiError("DatabaseResumingException", told)
    return cluster


def _session(request: Request, cluster: DBCluster) -> Any:
    """A connection for one call, or the transaction's, which stays."""
    if "transactionId" in request:
        return _Kept(_transaction(request, cluster).connection)
    return _connect(request, cluster)


@dataclass
class _Kept:
    connection: psycopg.Connection[Any]

    def __enter__(self) -> psycopg.Connection[Any]:
        return self.connection

    def __exit__(self, *_: object) -> None:
        pass


def _transaction(request: Request, cluster: DBCluster) -> Transaction:
    for name, transaction in list(_transactions.items()):
        if time.monotonic() - transaction.used > _TRANSACTION_TIMEOUT:
            _transactions.pop(name).connection.close()
    transaction = _transactions.get(request["transactionId"])  # type: ignore[assignment]
    if transaction is None or transaction.cluster != cluster.db_cluster_resource_id:
        raise DataApiError("TransactionNotFoundException", f"Transaction {request['transactionId']} is not found")
    transaction.used = time.monotonic()
    return transaction


def _end(request: Request, cluster: DBCluster) -> psycopg.Connection[Any]:
    """The transaction's connection, which closes at the end of the block."""
    connection = _transaction(request, cluster).connection
    del _transactions[request["transactionId"]]
    return connection


def _connect(request: Request, cluster: DBCluster) -> psycopg.Connection[Any]:
    user, password = _credentials(request["secretArn"], cluster)
    server = _server(cluster)
    if server.uses_iam(user):
        raise DataApiError(
            "DatabaseErrorException", f'FATAL: PAM authentication failed for user "{user}"; SQLState: 28000'
        )
    try:
        connection = server.connect(user, password, request.get("database") or user)
    except psycopg.OperationalError as error:
        told = str(error).rpartition("FATAL:")[2].strip()
        state = "28P01" if "password" in told else "3D000" if "does not exist" in told else "28000"
        raise DataApiError("DatabaseErrorException", f"FATAL: {told}; SQLState: {state}") from error
    connection.execute(f"SET statement_timeout = '{_STATEMENT_TIMEOUT}s'".encode())
    return connection


def _server(cluster: DBCluster) -> Server:
    database = clusters.database_of(cluster)
    if database is None:
        raise NotImplementedError("this cluster has no database")
    try:
        return database.server()
    except ProgramsMissing as error:
        raise NotImplementedError(str(error)) from error
    except Denied as error:
        raise DataApiError("DatabaseUnavailableException", str(error)) from error


def _credentials(arn: str, cluster: DBCluster) -> tuple[str, str]:
    try:
        found = secretsmanager_backends[cluster.account_id][cluster.region].get_secret_value(arn, "", "")
    except SecretsManagerClientError as error:
        raise DataApiError("SecretsErrorException", f"Error fetching secret {arn} : {error}") from error
    try:
        secret = json.loads(found["SecretString"])
        return secret["username"], secret["password"]
    except (KeyError, ValueError, TypeError) as error:
        raise DataApiError("InvalidSecretException", f"The secret {arn} has no username and password") from error


def _run(connection: psycopg.Connection[Any], statement: str, arguments: dict[str, Any] | None) -> psycopg.Cursor[Any]:
    """``prepare`` as the Data API does it: one statement a call."""
    try:
        return connection.execute(statement.encode(), arguments, prepare=True)
    except psycopg.errors.QueryCanceled as error:
        raise DataApiError("StatementTimeoutException", "Request timed out") from error
    except psycopg.Error as error:
        raise _failed(error) from error


def _failed(error: psycopg.Error) -> DataApiError:
    told = f"{error.diag.severity or 'ERROR'}: {error.diag.message_primary or error}"
    if error.diag.statement_position:
        told += f"\n  Position: {error.diag.statement_position}"
    return DataApiError("DatabaseErrorException", f"{told}; SQLState: {error.sqlstate}")
