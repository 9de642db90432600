#!/usr/bin/python
# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module aurora."""

from __future__ import annotations

DOCUMENTATION = r"""
module: aurora
short_description: Makes an Aurora PostgreSQL cluster, Serverless v2
version_added: 0.1.0
author: Keelson contributors (@keelson)
description:
  - Makes an Aurora PostgreSQL cluster with a writer and any number of readers, its subnet group, its parameter group,
    its log group, and a security group that lets in the EKS cluster's nodes and whom you name.
  - Storage is encrypted, connections need TLS, and the master user's password is Secrets Manager's.
  - Nothing is ever replaced. What cannot change in place is refused, with the way to do it. A cluster that is no longer
    declared stays; only O(state=absent) removes it.
  - Making the first instance takes about seven minutes. With O(wait=false) it is started.
options:
  name:
    description:
      - The cluster's name within the environment. Its identifier is C(<platform>-<environment>-<name>).
        It cannot change later.
    type: str
    default: main
  cluster:
    description:
      - The name of the EKS cluster that may connect. Defaults to C(<platform>-<environment>), with which any
        other has to begin.
    type: str
  min_acu:
    description:
      - The least capacity of each instance in Aurora capacity units (about 2 GiB of memory each), in steps of a
        half. With 0 an idle instance pauses and costs nothing but its storage; the next connection wakes it, which
        takes about fifteen seconds.
    type: float
    default: 0.5
  max_acu:
    description:
      - The greatest capacity of each instance, in Aurora capacity units, from 1 to 256.
    type: float
    default: 4
  seconds_until_auto_pause:
    description:
      - Seconds without a connection after which an instance pauses, from 300 to 86400. Counts only with O(min_acu=0).
    type: int
    default: 300
  readers:
    description:
      - Instances beside the writer, in other availability zones as far as there are any. They take over
        when the writer fails.
      - With fewer than before, the instance that writes by then stays, whichever that is.
    type: int
    default: 0
  storage_type:
    description:
      - V(aurora) is paid for by requests, V(aurora-iopt1) by size alone, for clusters with much input and output. AWS
        lets a cluster become V(aurora-iopt1) once in 30 days.
    type: str
    choices: [aurora, aurora-iopt1]
    default: aurora
  data_api:
    description:
      - Whether the RDS Data API answers for the cluster, which M(keelson.eks.database_users) needs.
    type: bool
    default: true
  version:
    description:
      - The version of the engine, quoted. It is a floor within its major version, for AWS upgrades minor versions by
        itself and nothing goes back. V("16") is content with any 16.x, V("16.6") with 16.6 and later ones of 16.
      - Left out, a new database gets AWS's default version, and one that there is keeps its own.
      - A later minor version is an upgrade in place. A later major version is refused unless
        O(allow_major_version_upgrade=true).
    type: str
  allow_major_version_upgrade:
    description:
      - Whether O(version) may be a later major version than the database's. Such an upgrade stops the database for
        minutes and cannot be undone. The database gets a parameter group of the new version with it.
    type: bool
    default: false
  auto_minor_version_upgrade:
    description:
      - Whether AWS upgrades minor versions in the maintenance window by itself.
    type: bool
    default: true
  initial_database:
    description:
      - A database to make together with the cluster. It cannot change later. Databases and roles of applications come
        from M(keelson.eks.database_users).
    type: str
  master_username:
    description:
      - The name of the master user. It cannot change later. Defaults to V(postgres).
      - Its password is made, kept and rotated every week by Secrets Manager, and never seen here.
    type: str
  parameters:
    description:
      - Values of engine parameters by name. All others have the engine's own values.
      - Dynamic parameters count at once, static ones after a reboot, which RV(awaiting_reboot) asks for.
      - C(rds.force_ssl) is always on.
    type: dict
    default: {}
  subnet_tier:
    description:
      - The tier of the subnets that the database is in. They need two availability zones or more.
        It cannot change later.
    type: str
    choices: [private, database]
    default: database
  admit_cluster:
    description:
      - Whether the nodes and pods of the EKS cluster may connect. The rule for that is made as soon as the cluster
        has its security group.
    type: bool
    default: true
  allowed_cidrs:
    description:
      - Private ranges of addresses that may connect too.
    type: list
    elements: str
    default: []
  allowed_security_group_ids:
    description:
      - Security groups whose members may connect too.
    type: list
    elements: str
    default: []
  kms_key:
    description:
      - The purpose of the key of M(keelson.eks.encryption_keys) that encrypts storage, backups and the master user's
        secret. By default AWS's own keys do. It cannot change later.
    type: str
  iam_authentication:
    description:
      - Whether users may log in with IAM tokens.
    type: bool
    default: true
  backup_retention_days:
    description:
      - Days that automated backups are kept, and so how far back a point-in-time restore goes. From 1 to 35.
    type: int
    default: 7
  backup_window:
    description:
      - When backups are made, in UTC, such as V(03:00-04:00). At least half an hour. By default RDS chooses.
    type: str
  maintenance_window:
    description:
      - When AWS may maintain the database, in UTC, such as V(sun:04:30-sun:05:30). At least half an hour, and outside
        the backup window. By default RDS chooses.
    type: str
  apply_immediately:
    description:
      - Whether changes that interrupt the database are made at once. Otherwise they wait for the maintenance window.
    type: bool
    default: true
  deletion_protection:
    description:
      - Whether AWS refuses to delete the database. O(state=absent) is then refused too. By default as O(protect) says.
    type: bool
  final_snapshot:
    description:
      - Whether deleting the database leaves a last snapshot,
        C(<identifier>-final-<a part of the database's resource id>). Kept in the database's tag
        C(keelson:final-snapshot), so that it has to be changed before the database is deleted.
    type: bool
    default: true
  log_types:
    description:
      - The logs that go to CloudWatch Logs, each to C(/aws/rds/cluster/<identifier>/<type>). V(postgresql)
        is the only type.
    type: list
    elements: str
    default: [postgresql]
  log_retention_days:
    description:
      - Days that logs are kept. One of the periods that CloudWatch Logs offers.
    type: int
    default: 30
  log_kms_key:
    description:
      - The purpose of the key of M(keelson.eks.encryption_keys) that encrypts the logs. By default CloudWatch Logs has
        a key of its own.
    type: str
  database_insights:
    description:
      - CloudWatch Database Insights' mode. V(advanced) keeps fifteen months of performance data, at a price.
    type: str
    choices: [standard, advanced]
    default: standard
  keep_logs:
    description:
      - Whether O(state=absent) leaves the log groups.
    type: bool
    default: false
extends_documentation_fragment:
  - keelson.eks.common
  - keelson.eks.attributes
"""

EXAMPLES = r"""
- name: A database for development that pauses when it is idle
  keelson.eks.aurora:
    platform: innovate
    environment: dev
    min_acu: 0
    max_acu: 4
    backup_retention_days: 1
    final_snapshot: false

- name: A database for production in two zones
  keelson.eks.aurora:
    platform: innovate
    environment: prod
    version: "16"
    min_acu: 2
    max_acu: 64
    readers: 1
    kms_key: database
    backup_retention_days: 35
    backup_window: 03:00-04:00
    maintenance_window: sun:04:30-sun:05:30
    deletion_protection: true
    parameters:
      log_min_duration_statement: 500

- name: Remove the database, with a last snapshot
  keelson.eks.aurora:
    platform: innovate
    environment: dev
    state: absent
"""

RETURN = r"""
name:
  description: The cluster's identifier.
  returned: when state is present
  type: str
  sample: innovate-prod-main
arn:
  description: The cluster's ARN.
  returned: when state is present
  type: str
  sample: arn:aws:rds:us-east-1:111111111111:cluster:innovate-prod-main
resource_id:
  description: The cluster's id in IAM policies for C(rds-db:connect).
  returned: when state is present
  type: str
  sample: cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ
endpoint:
  description: The host name of the writer, whichever instance that is.
  returned: when state is present
  type: str
  sample: innovate-prod-main.cluster-c0123456789a.us-east-1.rds.amazonaws.com
reader_endpoint:
  description: The host name of the readers.
  returned: when state is present
  type: str
  sample: innovate-prod-main.cluster-ro-c0123456789a.us-east-1.rds.amazonaws.com
port:
  description: The port.
  returned: when state is present
  type: int
  sample: 5432
secret_arn:
  description: The ARN of the master user's secret.
  returned: when state is present
  type: str
  sample: arn:aws:secretsmanager:us-east-1:111111111111:secret:rds!cluster-0a1b2c3d-0000-1111-2222-333344445555-AbCdEf
version:
  description: The version of the engine.
  returned: when state is present
  type: str
  sample: "16.8"
status:
  description: RDS's status of the cluster.
  returned: when state is present
  type: str
  sample: available
instances:
  description: The identifiers of the cluster's instances.
  returned: when state is present
  type: list
  elements: str
  sample: [innovate-prod-main-1, innovate-prod-main-2]
awaiting_reboot:
  description: The instances that have to be rebooted until changed static parameters count.
  returned: when state is present
  type: list
  elements: str
  sample: []
# What follows is the same for all modules. It is written by make generate from plugins/doc_fragments/common.py.
resources:
  description:
    - All that the component has or had.
    - Each with C(kind), C(key), C(id), C(arn) and the C(action) that was taken, or is planned - V(none), V(create),
      V(update), V(replace), V(delete) or V(wait).
  returned: always
  type: list
  elements: dict
  sample: [{kind: LogGroup, key: flow-logs, id: /aws/vpc/innovate-prod/flow-logs, action: none}]
pending:
  description:
    - What is still under way, and what is left to a later call because it comes after that, each with the reason.
  returned: when there is anything
  type: list
  elements: str
  sample: ["create OidcProvider innovate-dev: Cluster innovate-dev is pending: its status is CREATING"]
awaited:
  description:
    - What another role has yet to make, and that role's name. Where it is missing, only check mode goes on.
  returned: when there is anything
  type: list
  elements: str
  sample: ["Vpc main: made by the role network"]
gone:
  description:
    - What was deleted and is gone.
  returned: when there is anything
  type: list
  elements: str
  sample: [LogGroup flow-logs]
scheduled:
  description:
    - What will be gone later, and until when that can be called off.
  returned: when there is anything
  type: list
  elements: str
  sample: ["Key logs: deleted on 2026-12-21"]
retained:
  description:
    - What O(state=absent) has left because the options say so, such as a bucket or a last snapshot.
  returned: when there is anything
  type: list
  elements: str
  sample: [Bucket logs]
done:
  description:
    - What was done before something failed.
  returned: on failure, when the plan was begun
  type: list
  elements: str
  sample: [create Vpc main]
"""

from ansible_collections.keelson.eks.plugins.module_utils.components.data.aurora import COMPONENT
from ansible_collections.keelson.eks.plugins.module_utils.components.module import run_module


def main() -> None:
    run_module(COMPONENT)


if __name__ == "__main__":
    main()
