# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Secrets that are planted wherever a user or AWS may have some are found nowhere but in their own places.

One story on one cloud: an environment is planned, made, made again by ordinary modules, and fails in several ways, all
as loud as Ansible can be. Then everything that was said, written, started and left is searched.
"""

from __future__ import annotations

import base64
import contextlib
import gzip
import json
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret
from kubernetes import client, config
from localcloud.testing import REGION, Cloud

from .edge.site import ROOT, Run, Site
from .in_cluster.account import write_chart
from .leaks import Search, Watch, family

LOUD = ("-vvv", "--diff")
PASSWORD = """
apiVersion: v1
kind: Secret
metadata:
  name: {{ .Release.Name }}
stringData:
  password: {{ .Values.auth.password | quote }}
"""
BAD_NAME = """
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Values.auth.password | quote }}
"""
KEYS = """
- name: Use keys that are given to the task itself
  hosts: keelson
  gather_facts: false
  connection: local
  vars: {ansible_python_interpreter: "{{ ansible_playbook_python }}"}
  tasks:
    - name: Ask with keys that nobody knows
      keelson.eks.environment_info:
        platform: innovate
        environment: dev
        region: us-east-1
        access_key: AKIANOBODYKNOWSTHIS1
        secret_key: "{{ planted_secret_key }}"
        session_token: "{{ planted_session_token }}"
"""
BAD_TEMPLATE = """{{ fail (printf "cannot use %s" .Values.auth.password) }}"""

PLANTED = (
    "release",
    "refused",
    "failing",
    "misplaced",
    "mail",
    "token",
    "denied",
    "long",
    "listed",
    "text",
    "secret key",
    "session token",
)


def invented(name: str) -> str:
    """With characters that every encoding writes in a way of its own, and that shells, YAML and URLs mind."""
    return f"{name}-{secrets.token_hex(8)}/+\"'\\&%=ü: {{x}}"


@dataclass(frozen=True)
class Planted(Site):
    """An environment whose secrets come from files: AWS's from a credentials file, all else from a vault."""

    folder: Path = field(default_factory=Path)
    settings: dict[str, str] = field(default_factory=dict)

    def _process_environment(self) -> dict[str, str]:
        keys = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
        given = {name: value for name, value in super()._process_environment().items() if name not in keys}
        return {
            **given,
            "AWS_SHARED_CREDENTIALS_FILE": str(self.folder / "credentials"),
            "ANSIBLE_VAULT_PASSWORD_FILE": str(self.folder / "vault-password"),
            "ANSIBLE_LOG_PATH": str(self.folder / "log"),
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "tmp"),
            **self.settings,
        }


@dataclass
class Story:
    """What happened: the runs by name, and the processes that were seen meanwhile."""

    cloud: Cloud
    folder: Path
    search: Search
    credentials: dict[str, str]
    began: float = field(default_factory=time.time)
    runs: dict[str, Run] = field(default_factory=dict)
    processes: dict[str, bytes] = field(default_factory=dict)

    def run(
        self, name: str, variables: dict[str, Any], *arguments: str, playbook: str = "site.yml", **settings: str
    ) -> Run:
        """``variables`` come from a file, their secrets vaulted."""
        given = self.folder / f"{name}.yml"
        given.write_text(self.vaulted(variables))
        site = Planted(self.cloud, "dev", folder=self.folder, settings=settings)
        with (
            site.running(*LOUD, "-e", f"@{given}", *arguments, playbook=playbook) as running,
            Watch(running.pid) as watch,
        ):
            self.runs[name] = running.wait()
        self.processes |= {f"{name}: {process}": content for process, content in watch.seen.items()}
        return self.runs[name]

    def fail(
        self,
        name: str,
        variables: dict[str, Any],
        said: str,
        *arguments: str,
        playbook: str = "site.yml",
        **settings: str,
    ) -> None:
        """It ends in an error in these words."""
        told = self.run(name, variables, *arguments, playbook=playbook, **settings).failed().output
        assert said in " ".join(told.split()), told

    def vaulted(self, variables: dict[str, Any]) -> str:
        password = VaultSecret((self.folder / "vault-password").read_bytes())
        vault = VaultLib([("default", password)])

        class Dumper(yaml.SafeDumper):
            pass

        def represent(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
            if text in self.search.secrets.values():
                return dumper.represent_scalar("!vault", vault.encrypt(text, password).decode(), style="|")
            return yaml.SafeDumper.represent_str(dumper, text)

        Dumper.add_representer(str, represent)
        return yaml.dump(variables, Dumper=Dumper)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with Cloud(control_plane=True) as cloud:
        folder = tmp_path_factory.mktemp("planted")
        for name in ("home", "tmp"):
            (folder / name).mkdir()
        search = Search(**{name: invented(name) for name in PLANTED})
        (folder / "keys.play.yml").write_text(KEYS)
        (folder / "vault-password").write_text(secrets.token_hex(20))
        search.add("vault password", (folder / "vault-password").read_text())
        story = Story(cloud, folder, search, leave_credentials(cloud, folder, search))
        tell(story)
        yield story


def leave_credentials(cloud: Cloud, folder: Path, search: Search) -> dict[str, str]:
    """Temporary ones, in the file where the AWS command line keeps them."""
    role = "arn:aws:iam::111111111111:role/keelson-deploy"
    given = cloud.client("sts").assume_role(RoleArn=role, RoleSessionName="planted")["Credentials"]
    lines = [
        "[default]",
        f"aws_access_key_id = {given['AccessKeyId']}",
        f"aws_secret_access_key = {given['SecretAccessKey']}",
        f"aws_session_token = {given['SessionToken']}",
    ]
    (folder / "credentials").write_text("\n".join(lines))
    search.add("AWS secret key", given["SecretAccessKey"])
    search.add("AWS session token", given["SessionToken"])
    return dict(given)


def tell(story: Story) -> None:
    variables = everything(story)
    story.run("plan", variables, "--check").succeeded()
    story.run("apply", variables).succeeded()
    with_secrets = "secrets,database,rds_instances,database_users,helm_releases"
    story.run("again as modules", variables, "--tags", with_secrets, KEELSON_IN_WORKER="0").succeeded()
    fail_with_secrets(story, variables)
    fail_in_the_cluster(story, variables)
    for name, value in generated(story):
        story.search.add(name, value)


def everything(story: Story) -> dict[str, Any]:
    """An environment's variables, with secrets of every sort."""
    planted = story.search.secrets
    return {
        "secrets": {
            "mail": {"recovery_window_days": 0},
            "token": {"recovery_window_days": 0},
            "session": {"length": 64, "recovery_window_days": 0},
            "reports": {"template": {"username": "reports"}, "generated_key": "password", "recovery_window_days": 0},
        },
        "secrets_values": {"mail": {"username": "postmaster", "password": planted["mail"]}, "token": planted["token"]},
        "rds_instances": {
            "legacy": {"engine": "postgres", "instance_class": "db.t4g.micro", "storage": 20, "final_snapshot": False}
        },
        "helm_releases": {
            "planted": {
                "namespace": "default",
                "chart": write_chart(story.folder / "good", templates={"secret": PASSWORD}),
            }
        },
        "helm_releases_secret_values": {"planted": {"auth": {"password": planted["release"]}}},
    }


def generated(story: Story) -> Iterator[tuple[str, str]]:
    """What AWS has made: passwords by Secrets Manager, and those of the databases' master users."""
    given = story.credentials
    session = boto3.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], REGION)
    manager = session.client("secretsmanager", endpoint_url=f"{story.cloud.url}/_localcloud/clean")
    for listed in manager.list_secrets()["SecretList"]:
        value = manager.get_secret_value(SecretId=listed["ARN"])["SecretString"]
        with contextlib.suppress(ValueError):
            value = json.loads(value)["password"]
        if value not in story.search.secrets.values():
            yield f"generated {listed['Name']}", value


def fail_with_secrets(story: Story, made: dict[str, Any]) -> None:
    planted, only = story.search.secrets, ("--tags", "secrets")
    story.cloud.faults(errors=[{"kind": "denied", "operations": ["secretsmanager Put*", "secretsmanager Create*"]}])
    denied = {
        "secrets": {**made["secrets"], "more": {}},
        "secrets_values": {**made["secrets_values"], "more": planted["denied"]},
    }
    story.fail("denied", denied, "create Secret more: secretsmanager:CreateSecret: AccessDeniedException", *only)
    story.cloud.faults()
    for name, value, said in (
        ("long", {"password": planted["long"], "filling": "x" * 66000}, "is longer than 65536 bytes"),
        ("listed", [planted["listed"]], "must be text, or a dictionary that becomes a JSON object"),
    ):
        story.fail(name, {**denied, "secrets_values": {"more": value}}, said, *only)
    unknown = {"secrets": made["secrets"], "secrets_values": {"unheard of": planted["denied"]}}
    story.fail("a value of no secret", unknown, "are for no secret among secrets", *only)
    story.fail("a text", {**unknown, "secrets_values": planted["text"]}, "are for no secret among secrets", *only)
    keys = {"planted_secret_key": planted["secret key"], "planted_session_token": planted["session token"]}
    for settings in ({}, {"KEELSON_IN_WORKER": "0"}):
        story.fail(
            f"keys {settings}", keys, "InvalidClientTokenId", playbook=str(story.folder / "keys.play.yml"), **settings
        )


def fail_in_the_cluster(story: Story, made: dict[str, Any]) -> None:
    """Where errors may repeat what they were given."""
    only = ("--tags", "helm_releases")
    for name, template, said in (
        ("refused", BAD_NAME, "invalid resource name"),
        ("failing", BAD_TEMPLATE, "cannot use"),
    ):
        chart = write_chart(story.folder / name, templates={"object": template})
        variables = {
            "helm_releases": {**made["helm_releases"], name: {"namespace": "default", "chart": chart, "timeout": 20}},
            "helm_releases_secret_values": {
                **made["helm_releases_secret_values"],
                name: {"auth": {"password": story.search.secrets[name]}},
            },
        }
        for settings in ({}, {"KEELSON_IN_WORKER": "0"}):
            story.fail(f"{name} {settings}", variables, said, *only, **settings)
    misplaced = {**made, "helm_releases_secret_values": [story.search.secrets["misplaced"]]}
    story.fail("misplaced", misplaced, "helm_releases_secret_values: the value is not a dictionary", *only)


def test_the_search_sees_the_arguments_and_the_environment_of_a_grandchild(story: Story) -> None:
    """Shown by what is no secret: the environment names the vault password's file,
    an argument the file of variables.
    """
    seen = b"".join(story.processes.values())
    assert f"ANSIBLE_VAULT_PASSWORD_FILE={story.folder}/vault-password".encode() in seen
    assert f"@{story.folder}/apply.yml".encode() in seen
    assert len(family(os.getpid())) > 1, "the cloud is a child of this process"


@pytest.fixture
def anything(story: Story) -> Search:
    """The planted secrets, and what those begin with that are made on the way: session tokens,
    and tokens for the cluster.
    """
    session_token = story.search.secrets["AWS session token"]
    return Search(
        **story.search.secrets, **{"a session token": session_token[:17], "a token for the cluster": "k8s-aws-v1."}
    )


def test_nothing_is_said(story: Story, anything: Search) -> None:
    found = [line for name, run in story.runs.items() for line in anything.find(f"output of {name}", run.output)]
    assert found == []


def test_nothing_is_logged(story: Story, anything: Search) -> None:
    log = (story.folder / "log").read_bytes()
    assert b"PLAY RECAP" in log
    assert list(anything.find("log", log)) == []


def test_nothing_is_in_the_arguments_or_the_environment_of_a_process(story: Story, anything: Search) -> None:
    found = [line for process, content in story.processes.items() for line in anything.find(process, content)]
    assert found == []


def test_nothing_is_left_in_files(story: Story) -> None:
    places = [story.folder / "home", story.folder / "tmp", Path("/dev/shm")]
    places += [path for path in ROOT.iterdir() if path.is_dir() and path.name not in (".git", ".venv")]
    assert [line for place in places for line in story.search.find_in_files(place, story.began)] == []


def test_nothing_is_in_the_account_but_in_its_own_place(story: Story) -> None:
    """Also in tags and names. The dump tells of a secret of Secrets Manager everything but its value."""
    found = []
    for name, properties in (dump := story.cloud.dump()).items():
        is_own = name.startswith("kubernetes/release/") and name.endswith("/default/planted")
        found += story.search.find(name, json.dumps(properties, default=str), own="release" if is_own else "")
    assert found == []
    assert {name.rpartition("/")[2] for name in dump if name.startswith("secretsmanager/secret/")} >= {
        "mail",
        "token",
        "session",
        "reports",
    }


def test_nothing_is_in_the_cluster_but_in_its_own_place(story: Story) -> None:
    """Of Secrets the data, and what Helm has packed there; of everything the names, labels and annotations."""
    found = []
    with config.new_client_from_config(config_file=str(story.cloud.directory / "kubeconfig-innovate-dev")) as api:
        core = client.CoreV1Api(api)
        kept = {"secret": core.list_secret_for_all_namespaces, "configmap": core.list_config_map_for_all_namespaces}
        kept |= {"event": core.list_event_for_all_namespaces, "pod": core.list_pod_for_all_namespaces}
        for kind, read in kept.items():
            for item in json.loads(read(_preload_content=False).data)["items"]:
                metadata, name = item["metadata"], f"{kind} {item['metadata']['namespace']}/{item['metadata']['name']}"
                is_own = (
                    metadata["namespace"] == "default"
                    and (metadata.get("labels", {}).get("name") or metadata["name"]) == "planted"
                )
                found += story.search.find(f"metadata of {name}", json.dumps({**metadata, "managedFields": None}))
                found += story.search.find(name, json.dumps(item), own="release" if is_own else "")
                for packed in (item.get("data") or {}).values() if item.get("type") == "helm.sh/release.v1" else ():
                    record = gzip.decompress(base64.b64decode(base64.b64decode(packed)))
                    found += story.search.find(f"record {name}", record, own="release" if is_own else "")
    assert found == []


def test_each_secret_is_in_its_own_place(story: Story) -> None:
    """What was never planted would never be found."""
    with config.new_client_from_config(config_file=str(story.cloud.directory / "kubeconfig-innovate-dev")) as api:
        held = client.CoreV1Api(api).read_namespaced_secret("planted", "default").data["password"]
    assert base64.b64decode(held).decode() == story.search.secrets["release"]
    assert len([name for name in story.search.secrets if name.startswith("generated ")]) == 4, (
        "two asked for, and two of master users"
    )
    for name in ("apply", "refused {}", "denied", "keys {}"):
        assert "$ANSIBLE_VAULT" in (story.folder / f"{name}.yml").read_text()
