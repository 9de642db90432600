#!/usr/bin/python
# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module database_users."""

from __future__ import annotations

DOCUMENTATION = r"""
module: database_users
short_description: Makes the schemas and the users of applications in an Aurora PostgreSQL cluster
version_added: 0.1.0
author: Keelson contributors (@keelson)
description:
  - Makes for each application a schema in a database, a role that owns it and as which nobody logs in, and users with
    no more rights than they need. Users log in with tokens of IAM; there are no passwords.
  - It works through the RDS Data API, with the master user's secret, and so needs no way into the VPC. Only Aurora
    clusters have the Data API, RDS instances do not. The PostgreSQL version must be 14 or later.
  - To a database that it makes, only the applications' users may connect; in the schema C(public) nobody may do
    anything. The rights on all tables and sequences in an application's schema are those of this module. What somebody
    else has granted or taken is seen and set right, and so is what a migration has granted.
  - Roles are known by their comments, databases and schemas by the role that owns them. What is there under such a name
    and is not the environment's is refused and never touched. The database that came with the cluster may be used, too.
  - The users of an application that is no longer listed go, with their sessions. Its database, schema and owner stay,
    for they hold data.
options:
  cluster:
    description:
      - The cluster's name as the module M(keelson.eks.aurora) has it; the cluster is
        C(<platform>-<environment>-<cluster>).
    type: str
    default: main
  applications:
    description:
      - The applications by name. A name is at most 50 lower-case letters, digits, hyphens and underscores, beginning
        with a letter; in the database a hyphen becomes an underscore. Null stands for all defaults.
      - The application's user has its name. It reads and writes rows, and neither makes nor drops tables.
      - The value V({}) makes none. Left out, they stay as they are.
    type: dict
    suboptions:
      database:
        description:
          - The database, which is made if it is not there. Applications may share one. By default it
            has the application's name.
        type: str
      schema:
        description:
          - The schema, first in the search path of all users of the application. By default it
            has the application's name.
        type: str
      migrations:
        description:
          - Whether there is a user C(<application>_migrate), which works as the owner C(<application>_owner), so that
            what it makes is the owner's.
        type: bool
        default: true
      read_only:
        description:
          - Whether there is a user C(<application>_read), which only reads.
        type: bool
        default: false
      connection_limit:
        description:
          - How many connections the application's user may have at a time, from 1, or -1 for no limit of its own.
        type: int
        default: -1
      statement_timeout:
        description:
          - Seconds after which a statement of the application's user or of the reading user is cancelled, from 1 to
            86400. A session may set another. Migrations have none.
        type: int
  keep_data:
    description:
      - Whether O(state=absent) leaves databases, schemas and their owners, and only removes the users. A cluster that
        is deleted afterwards has its data in its last snapshot then.
      - With V(false) the databases are dropped, with everybody's sessions and all their tables.
    type: bool
    default: true
extends_documentation_fragment:
  - keelson.eks.common
  - keelson.eks.attributes
"""

EXAMPLES = r"""
- name: A database for each of two applications
  keelson.eks.database_users:
    platform: innovate
    environment: prod
    applications:
      api:
        read_only: true
        connection_limit: 200
        statement_timeout: 30
      order-service:
  register: database

- name: Let the pods of the application log in as its user
  keelson.eks.pod_identities:
    platform: innovate
    environment: prod
    pod_identities:
      api:
        namespace: api
        service_account: api
        policy: "{{ database.applications.api.users.application.policy }}"

- name: Two applications in the database that came with the cluster
  keelson.eks.database_users:
    platform: innovate
    environment: dev
    applications:
      api: {database: app}
      worker: {database: app, migrations: false}

- name: Remove the users, and leave the data
  keelson.eks.database_users:
    platform: innovate
    environment: dev
    state: absent
"""

RETURN = r"""
applications:
  description:
    - Where each application connects, and as whom. C(policy) lets whoever has it log in as that user.
    - The token for a user is made by C(rds:GenerateDBAuthToken), with every AWS SDK; it takes TLS.
  returned: when state is present
  type: dict
  sample:
    api:
      host: innovate-prod-main.cluster-c0ffee.us-east-1.rds.amazonaws.com
      reader_host: innovate-prod-main.cluster-ro-c0ffee.us-east-1.rds.amazonaws.com
      port: 5432
      database: api
      schema: api
      users:
        application:
          name: api
          policy:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: rds-db:connect
                Resource: arn:aws:rds-db:us-east-1:111111111111:dbuser:cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ/api
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

from ansible_collections.keelson.eks.plugins.module_utils.components.data.database_users import COMPONENT
from ansible_collections.keelson.eks.plugins.module_utils.components.module import run_module


def main() -> None:
    run_module(COMPONENT)


if __name__ == "__main__":
    main()
