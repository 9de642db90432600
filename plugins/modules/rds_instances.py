#!/usr/bin/python
# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module rds_instances."""

from __future__ import annotations

DOCUMENTATION = r"""
module: rds_instances
short_description: Makes RDS instances for PostgreSQL, MySQL and MariaDB
version_added: 0.1.0
author: Keelson contributors (@keelson)
description:
  - Makes RDS instances, each with its subnet group, its parameter group, its log groups, and a security group that lets
    in the EKS cluster's nodes and whom you name.
  - Storage is encrypted, connections need TLS, and the master user's password is Secrets Manager's.
  - Nothing is ever replaced. What cannot change in place is refused, with the way to do it. An instance that is no
    longer listed stays, with all that belongs to it; only O(state=absent) removes instances, and removes all.
options:
  instances:
    description:
      - The instances by name. Their identifiers are C(<platform>-<environment>-<name>). Null leaves
        those that there are.
    type: dict
    suboptions:
      engine:
        description:
          - The engine. It cannot change later.
        type: str
        choices: [postgres, mysql, mariadb]
        required: true
      instance_class:
        description:
          - The instance class, such as V(db.t4g.medium).
        type: str
        required: true
      storage:
        description:
          - GiB of gp3 storage, from 20 to 65536. It can grow, by a tenth at least, and never shrink.
        type: int
        default: 20
      max_storage:
        description:
          - GiB up to which RDS lets the storage grow by itself, at least a tenth more than O(instances.storage). What
            it has grown to stays. By default it does not grow.
        type: int
      multi_az:
        description:
          - Whether there is a standby in another availability zone, which takes over when the instance fails.
        type: bool
        default: false
      version:
        description:
          - The version of the engine, quoted. It is a floor within its major version, for AWS upgrades minor
            versions by itself and nothing goes back. V("17") is content with any 17.x, V("8.4.5") with 8.4.5 and
            later ones of 8.4.
          - Left out, a new database gets AWS's default version, and one that there is keeps its own.
          - A later minor version is an upgrade in place. A later major version is refused unless
            O(instances.allow_major_version_upgrade=true).
        type: str
      allow_major_version_upgrade:
        description:
          - Whether O(instances.version) may be a later major version than the database's. Such an upgrade stops the
            database for minutes and cannot be undone. The database gets a parameter group of the new version with it.
        type: bool
        default: false
      auto_minor_version_upgrade:
        description:
          - Whether AWS upgrades minor versions in the maintenance window by itself.
        type: bool
        default: true
      initial_database:
        description:
          - A database to make together with the instance. It cannot change later. Databases and roles of applications
            come from M(keelson.eks.database_users).
        type: str
      master_username:
        description:
          - The name of the master user. It cannot change later. Defaults to V(postgres), and to V(admin)
            for MySQL and MariaDB.
          - Its password is made, kept and rotated every week by Secrets Manager, and never seen here.
        type: str
      parameters:
        description:
          - Values of engine parameters by name. All others have the engine's own values.
          - Dynamic parameters count at once, static ones after a reboot, which RV(instances.awaiting_reboot) asks for.
          - C(rds.force_ssl), or C(require_secure_transport) of MySQL and MariaDB, is always on.
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
          - The purpose of the key of M(keelson.eks.encryption_keys) that encrypts storage, backups and the master
            user's secret. By default AWS's own keys do. It cannot change later.
        type: str
      iam_authentication:
        description:
          - Whether users may log in with IAM tokens.
        type: bool
        default: true
      backup_retention_days:
        description:
          - Days that automated backups are kept, and so how far back a point-in-time restore goes. From 0
            (no backups) to 35.
        type: int
        default: 7
      backup_window:
        description:
          - When backups are made, in UTC, such as V(03:00-04:00). At least half an hour. By default RDS chooses.
        type: str
      maintenance_window:
        description:
          - When AWS may maintain the database, in UTC, such as V(sun:04:30-sun:05:30). At least half an hour, and
            outside the backup window. By default RDS chooses.
        type: str
      apply_immediately:
        description:
          - Whether changes that interrupt the database are made at once. Otherwise they wait
            for the maintenance window.
        type: bool
        default: true
      deletion_protection:
        description:
          - Whether AWS refuses to delete the database. O(state=absent) is then refused too. By
            default as O(protect) says.
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
          - The logs that go to CloudWatch Logs, each to C(/aws/rds/instance/<identifier>/<type>). PostgreSQL has
            V(postgresql) and V(upgrade); MySQL and MariaDB have V(audit), V(error), V(general) and V(slowquery).
        type: list
        elements: str
        default: []
      log_retention_days:
        description:
          - Days that logs are kept. One of the periods that CloudWatch Logs offers.
        type: int
        default: 30
      log_kms_key:
        description:
          - The purpose of the key of M(keelson.eks.encryption_keys) that encrypts the logs. By default CloudWatch Logs
            has a key of its own.
        type: str
      database_insights:
        description:
          - CloudWatch Database Insights' mode. V(advanced) keeps fifteen months of performance data, at a price.
        type: str
        choices: [standard, advanced]
        default: standard
  cluster:
    description:
      - The name of the EKS cluster that may connect. Defaults to C(<platform>-<environment>), with which any
        other has to begin.
    type: str
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
- name: A small PostgreSQL for development, and a MySQL in two zones
  keelson.eks.rds_instances:
    platform: acme
    environment: dev
    instances:
      orders:
        engine: postgres
        version: "17"
        instance_class: db.t4g.micro
      shop:
        engine: mysql
        version: "8.4"
        instance_class: db.m7g.large
        storage: 100
        max_storage: 500
        multi_az: true
        kms_key: database
        deletion_protection: true

- name: Remove all of them, with last snapshots
  keelson.eks.rds_instances:
    platform: acme
    environment: dev
    state: absent
"""

RETURN = r"""
instances:
  description: The declared instances by name.
  returned: when state is present
  type: dict
  sample:
    orders:
      name: acme-dev-orders
      arn: arn:aws:rds:us-east-1:111111111111:db:acme-dev-orders
      resource_id: db-ABCDEFGHIJKLMNOPQRSTUVWXYZ
      endpoint: acme-dev-orders.c0123456789a.us-east-1.rds.amazonaws.com
      port: 5432
      secret_arn: >-
        arn:aws:secretsmanager:us-east-1:111111111111:secret:rds!db-0a1b2c3d-0000-1111-2222-333344445555-AbCdEf
      version: "17.6"
      status: available
      awaiting_reboot: false
  contains:
    awaiting_reboot:
      description: Whether the instance has to be rebooted until changed static parameters count.
      returned: always
      type: bool
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

from ansible_collections.keelson.eks.plugins.module_utils.components.data.rds_instances import COMPONENT
from ansible_collections.keelson.eks.plugins.module_utils.components.module import run_module


def main() -> None:
    run_module(COMPONENT)


if __name__ == "__main__":
    main()
