# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Variables with one mistake each, what is told of it, and where: the mistake's line ends with ``# here``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

RIGHT = """
keelson_platform: shop
keelson_environment: dev
keelson_region: us-east-1
keelson_account_id: "123456789012"
network_cidr: 10.10.0.0/16
network_zones: [us-east-1a, us-east-1b]
cluster_version: "1.35"
node_groups:
  system: {instance_types: [m7g.large], min: 1, max: 2}
encryption_keys:
  logs: {}
namespaces:
  shop: {}
dns_zones:
  shop.example: {}
certificates:
  site: {domain: www.shop.example, zone: shop.example, region: us-east-1}
site_enabled: true
site_domain: www.shop.example
site_certificate: site
site_zone: shop.example
database_enabled: true
database_users:
  api: {}
applications:
  web: {image: {repository: web, tag: "1"}, port: 8080, namespace: shop}
"""
"""In which each mistake is made: its text takes the place of the variables that it names."""
MARK = "# here"


@dataclass(frozen=True)
class Wrong:
    """``variable``: the path that the message begins with, behind file and line; ``says``: a part of what follows."""

    name: str
    given: str
    variable: str
    says: str

    @property
    def text(self) -> str:
        """The whole file."""
        given = self.given.strip("\n") + "\n"
        taken = {line.split(":")[0] for line in given.splitlines() if line[:1].isalpha()}
        blocks = [block for block in blocks_of(RIGHT) if block.split(":")[0] not in taken]
        return "---\n" + "".join(blocks) + given

    @property
    def line(self) -> int:
        [number] = [number for number, line in enumerate(self.text.splitlines(), 1) if line.endswith(MARK)]
        return number


def blocks_of(text: str) -> list[str]:
    """A text for each variable, with the lines that belong to it."""
    blocks: list[str] = []
    for line in text.strip("\n").splitlines(keepends=True):
        if line[:1].isalpha():
            blocks.append(line)
        else:
            blocks[-1] += line
    return [block if block.endswith("\n") else f"{block}\n" for block in blocks]


@dataclass(frozen=True)
class Mistake:
    """A file's whole text, and the line of it that has the mistake; else as of Wrong."""

    name: str
    text: str
    line: int
    variable: str
    says: str


def mistakes(file: Path) -> list[Mistake]:
    return [Mistake(**each) for each in yaml.safe_load(file.read_text())]


WRONG = [
    Wrong("misspelt-choice", "network_nat: per-zone # here", "network_nat", "Did you mean per_zone?"),
    Wrong("misspelt-variable", "network_natt: per_zone # here", "network_natt", "Did you mean network_nat?"),
    Wrong("misspelt-switch", "databse_enabled: true # here", "databse_enabled", "Did you mean database_enabled?"),
    Wrong("misspelt-protection", "keelson_protct: true # here", "keelson_protct", "Did you mean keelson_protect?"),
    Wrong("capital-letter", 'Cluster_version: "1.35" # here', "Cluster_version", "Did you mean cluster_version?"),
    Wrong("misspelt-list", "applicatons: {} # here", "applicatons", "Did you mean applications?"),
    Wrong("unknown-with-our-prefix", "network_ipv6: true # here", "network_ipv6", "no such variable"),
    Wrong("version-read-as-a-number", "cluster_version: 1.30 # here", "cluster_version", "quote it"),
    Wrong("version-that-is-none", 'cluster_version: "1.3" # here', "cluster_version", "no minor version"),
    Wrong(
        "account-with-a-leading-zero", "keelson_account_id: 012345670123 # here", "keelson_account_id", "twelve digits"
    ),
    Wrong("no-for-none", "network_nat: no # here", "network_nat", "quote it"),
    Wrong("null-entry", "node_groups:\n  system: # here", "node_groups.system.instance_types", "is required"),
    Wrong(
        "misspelt-key",
        "node_groups:\n  system: {instance_types: [m7g.large], min: 1, max: 2, disksize: 9} # here",
        "node_groups.system.disksize",
        "Did you mean disk_size?",
    ),
    Wrong(
        "text-for-a-number",
        "node_groups:\n  system: {instance_types: [m7g.large], min: two, max: 2} # here",
        "node_groups.system.min",
        "not a whole number",
    ),
    Wrong(
        "list-for-a-dictionary",
        "node_groups: # here\n  - {instance_types: [m7g.large], min: 1, max: 2}",
        "node_groups",
        "without a hyphen",
    ),
    Wrong("dictionary-for-a-list", "network_zones: {us-east-1a: true} # here", "network_zones", "not a list"),
    Wrong(
        "entry-that-is-a-text",
        "node_groups:\n  system: m7g.large # here",
        "node_groups.system",
        "dictionary of options",
    ),
    Wrong(
        "maximum-below-minimum",
        "node_groups:\n  system: {instance_types: [m7g.large], min: 3, max: 2} # here",
        "node_groups.system.min",
        "more than max",
    ),
    Wrong(
        "zone-of-another-region",
        "network_zones: [us-east-1a, eu-central-1b] # here",
        "network_zones[1]",
        "not in the region",
    ),
    Wrong("a-single-zone", "network_zones: [us-east-1a] # here", "network_zones", "two availability zones"),
    Wrong("host-bits", "network_cidr: 10.10.1.0/16 # here", "network_cidr", "Did you mean 10.10.0.0/16?"),
    Wrong("too-large-a-network", "network_cidr: 10.0.0.0/8 # here", "network_cidr", "/16 to /28"),
    Wrong(
        "tier-that-is-used",
        "network_tiers: [public, private]\ndatabase_subnet_tier: database # here",
        "database_subnet_tier",
        "no tier database",
    ),
    Wrong(
        "key-that-is-not-there", "cluster_secrets_kms_key: log # here", "cluster_secrets_kms_key", "Did you mean logs?"
    ),
    Wrong(
        "key-of-a-bucket", "buckets:\n  uploads: {kms_key: storage} # here", "buckets.uploads.kms_key", "no key storage"
    ),
    Wrong("certificate-that-is-not-there", "site_certificate: sitte # here", "site_certificate", "Did you mean site?"),
    Wrong("certificate-for-other-names", "site_domain: app.shop.example # here", "site_domain", "none of the names"),
    Wrong(
        "misspelt-zone",
        "site_zone: shopp.example # here\nsite_domain: www.shopp.example",
        "site_zone",
        "Did you mean shop.example?",
    ),
    Wrong(
        "users-without-a-database",
        "database_enabled: false\ndatabase_users: # here\n  api: {}",
        "database_users",
        "database_enabled is false",
    ),
    Wrong(
        "users-of-another-database", "database_users_cluster: man # here", "database_users_cluster", "no database man"
    ),
    Wrong("misspelt-add-on", "addons:\n  kube-prox: {} # here", "addons.kube-prox", "Did you mean kube-proxy?"),
    Wrong(
        "identity-that-is-not-there",
        "addons:\n  vpc-cni: {pod_identity: cni} # here",
        "addons.vpc-cni.pod_identity",
        "no identity cni",
    ),
    Wrong(
        "namespace-that-is-not-there",
        'applications:\n  web: {image: {repository: web, tag: "1"}, namespace: shopp} # here',
        "applications.web.namespace",
        "Did you mean shop?",
    ),
    Wrong(
        "misspelt-value-of-an-application",
        'applications:\n  web: {image: {repository: web, tag: "1"}, prot: 8080} # here',
        "applications.web.prot",
        "Did you mean port?",
    ),
    Wrong(
        "application-without-an-image",
        "applications:\n  web: {port: 8080} # here",
        "applications.web.image",
        "repository is missing",
    ),
    Wrong(
        "port-out-of-range",
        'applications:\n  web: {image: {repository: web, tag: "1"}, port: 80800} # here',
        "applications.web.port",
        "65535",
    ),
    Wrong(
        "talks-to-nobody",
        'applications:\n  web: {image: {repository: web, tag: "1"}, talks_to: [ledgr]} # here',
        "applications.web.talks_to[0]",
        "no application ledgr",
    ),
    Wrong(
        "needs-nobody",
        'applications:\n  web: {image: {repository: web, tag: "1"}, needs: [ledger]} # here',
        "applications.web.needs",
        "no release 'ledger'",
    ),
    Wrong(
        "chart-that-is-not-there",
        "helm_releases:\n  web: {namespace: shop, chart: /nowhere/web} # here",
        "helm_releases.web.chart",
        "no chart",
    ),
    Wrong("backup-window", "database_backup_window: 3am # here", "database_backup_window", "3am"),
    Wrong("tag-without-a-value", "keelson_tags:\n  team: # here", "keelson_tags.team", "not text"),
    Wrong("tag-that-is-a-number", "keelson_tags: {cost-center: 42} # here", "keelson_tags.cost-center", "Quote it"),
    Wrong("platform-in-capitals", "keelson_platform: Shop # here", "keelson_platform", "lower-case"),
    Wrong("lease-that-is-no-number", "environment_lock_lease: long # here", "environment_lock_lease", "whole number"),
    Wrong("settling-before-the-time", "environment_lock_settle: -1 # here", "environment_lock_settle", "0 or more"),
    Wrong("misspelt-region", "keelson_region: us-eats-1 # here", "keelson_region", "Did you mean us-east-1?"),
    Wrong(
        "other-variables-by-name",
        "keelson_other_variables: {network_team: true} # here",
        "keelson_other_variables",
        "is not a list",
    ),
    Wrong("misspelt-state", "keelson_state: absnt # here", "keelson_state", "Did you mean absent?"),
    Wrong("state-of-the-other-playbook", "keelson_state: absent # here", "keelson_state", "playbooks/destroy.yml"),
    Wrong("variable-that-is-not-there", 'network_cidr: "{{ cidrs.dev }}" # here', "network_cidr", "undefined"),
    Wrong(
        "policy-that-allows-everyone",
        "buckets:\n  uploads:\n    policy_statements:\n"
        "      - {Effect: Allow, Principal: '*', Action: s3:GetObject} # here",
        "buckets.uploads.policy_statements[0].Principal",
        "allows everyone",
    ),
    Wrong(
        "admin-that-is-a-session",
        'cluster_admin_role_arns: {ops: "arn:aws:sts::123456789012:assumed-role/ops/me"} # here',
        "cluster_admin_role_arns.ops",
        "session of a role",
    ),
]
