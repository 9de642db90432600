# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the playbooks make of inventories, limits, tags, extra variables and callers."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from localcloud.testing import Cloud

from tests.lint import ROOT

from .inventories import Inventory
from .wrong_variables import Wrong

RIGHT = Wrong("right", "", "", "").text
NETWORK = """---
keelson_platform: shop
keelson_environment: dev
keelson_region: us-east-1
network_cidr: 10.10.0.0/16
network_zones: [us-east-1a, us-east-1b]
"""


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    with Cloud() as cloud:
        yield cloud


@pytest.fixture(autouse=True)
def quiet(cloud: Cloud) -> None:
    cloud.reset()
    cloud.clear_calls()


@pytest.fixture
def right(tmp_path: Path) -> Inventory:
    return Inventory(tmp_path / "inventory", {"shop-dev": RIGHT})


@pytest.fixture
def network(tmp_path: Path) -> Inventory:
    return Inventory(tmp_path / "inventory", {"shop-dev": NETWORK})


def writes(cloud: Cloud) -> list[str]:
    return [call["operation"] for call in cloud.calls() if call["write"]]


def test_a_group_of_another_name_is_refused(cloud: Cloud, tmp_path: Path) -> None:
    said = Inventory(tmp_path / "inventory", {"shop-dev": RIGHT}, group="eks").run(cloud)
    assert said.status == 2
    assert said.messages["shop-dev"].startswith("No host of the group keelson is among shop-dev")
    assert cloud.calls() == []


def test_a_limit_to_a_host_outside_of_the_group_is_refused(cloud: Cloud, right: Inventory) -> None:
    (right.folder / "others.yml").write_text("bastions:\n  hosts:\n    bastion:\n")
    said = right.run(cloud, "--limit", "bastion")
    assert said.status == 2
    assert said.messages["bastion"].startswith("No host of the group keelson is among bastion")
    assert cloud.calls() == []


def test_an_inventory_that_is_not_there_is_refused_also_away_from_the_checkout(cloud: Cloud, right: Inventory) -> None:
    lenient = {"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "false", "ANSIBLE_INVENTORY_UNPARSED_FAILED": "false"}
    gone = Inventory(right.folder / "gone", {})
    (gone.folder / "hosts.yml").unlink()
    said = gone.run(cloud, **lenient)
    assert said.status == 2 and "No host of the group keelson" in said.output
    assert cloud.calls() == []


def test_a_limit_to_one_environment_checks_and_stands_up_that_one(cloud: Cloud, tmp_path: Path) -> None:
    both = Inventory(tmp_path / "inventory", {"shop-dev": NETWORK, "broken": "---\nnetwork_natt: single\n"})
    said = both.run(cloud, "--limit", "shop-dev", "--tags", "network")
    assert said.status == 0, said.output
    assert "broken" not in said.output


def test_environments_of_one_inventory_do_not_overlap(cloud: Cloud, tmp_path: Path) -> None:
    hosts = {
        "shop-dev": RIGHT,
        "shop-staging": RIGHT.replace("environment: dev", "environment: staging").replace("0.0/16", "128.0/17"),
    }
    inventory = Inventory(tmp_path / "inventory", hosts)
    said = inventory.run(cloud)
    assert said.status == 2
    assert f"{inventory.file('shop-dev')}:6:15: network_cidr: 10.10.0.0/16 overlaps " in said.messages["shop-dev"]
    assert " of shop-dev, with which" in said.messages["shop-staging"]
    assert cloud.calls() == []


def test_two_hosts_are_not_one_environment(cloud: Cloud, tmp_path: Path) -> None:
    inventory = Inventory(tmp_path / "inventory", {"one": RIGHT, "two": RIGHT.replace("10.10.0.0", "10.20.0.0")})
    said = inventory.run(cloud)
    assert said.status == 2
    assert "keelson_environment: two is the environment shop-dev too." in said.messages["one"]
    assert "keelson_environment: one is the environment shop-dev too." in said.messages["two"]
    assert cloud.calls() == []


@pytest.mark.parametrize(("option", "meant"), [("--tags", "network"), ("--skip-tags", "network")])
def test_a_tag_that_nothing_has_is_told(cloud: Cloud, right: Inventory, option: str, meant: str) -> None:
    said = right.run(cloud, option, "netwrok")
    assert said.status == 2
    assert said.messages["shop-dev"].startswith(f"{option} netwrok: nothing here has this tag. Did you mean {meant}?")
    assert cloud.calls() == []


def test_with_tags_only_what_they_choose_is_checked(cloud: Cloud, tmp_path: Path) -> None:
    inventory = Inventory(tmp_path / "inventory", {"shop-dev": NETWORK + 'cluster_version: "1.3"\n'})
    assert inventory.run(cloud, "--check", "--tags", "network").status == 0
    refused = inventory.run(cloud, "--check", "--tags", "network,cluster")
    assert ": cluster_version: '1.3' is no minor version" in refused.messages["shop-dev"]


def test_a_variable_of_ones_own_may_look_like_one_of_ours_when_it_is_listed(cloud: Cloud, tmp_path: Path) -> None:
    own = NETWORK + "network_team: core\nkeelson_other_variables: [network_team]\n"
    said = Inventory(tmp_path / "inventory", {"shop-dev": own}).run(cloud, "--check", "--tags", "network")
    assert said.status == 0, said.output


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("network_flow_logs_retention_days=31", "network_flow_logs_retention_days: 31 is none of the periods"),
        ("cluster_version=1.3", "cluster_version: '1.3' is no minor version"),
        ("network_natt=single", "network_natt: there is no such variable. Did you mean network_nat?"),
        ('{"cluster_version": 1.30}', "cluster_version: 1.3 is not text"),
        ("keelson_state=absent", "keelson_state: 'absent' is not for this playbook; playbooks/destroy.yml"),
    ],
)
def test_extra_variables_are_checked_like_all_others(cloud: Cloud, right: Inventory, given: str, says: str) -> None:
    said = right.run(cloud, "-e", given)
    assert said.status == 2
    assert says in said.messages["shop-dev"]
    assert cloud.calls() == []


def test_numbers_and_switches_from_the_command_line_are_texts_and_taken_for_what_they_say(
    cloud: Cloud, network: Inventory
) -> None:
    given = ["-e", "network_flow_logs_retention_days=7", "-e", "network_keep_logs=yes", "-e", "keelson_wait=true"]
    said = network.run(cloud, "--check", "--tags", "network", *given)
    assert said.status == 0, said.output


def test_destroying_needs_the_state_that_it_sets_itself(cloud: Cloud, right: Inventory) -> None:
    said = right.run(
        cloud, "-e", "keelson_state=present", "-e", "keelson_confirm_destroy=shop-dev", playbook="playbooks/destroy.yml"
    )
    assert said.status == 2
    assert "keelson_state: 'present' is not for this playbook" in said.messages["shop-dev"]
    assert cloud.calls() == []


def test_a_protected_environment_is_removed_by_no_role_either(cloud: Cloud, network: Inventory, tmp_path: Path) -> None:
    play = tmp_path / "play.yml"
    play.write_text(
        "- hosts: keelson\n  gather_facts: false\n  connection: local\n  roles:\n    - role: keelson.eks.network\n"
    )
    said = network.run(cloud, "-e", "keelson_state=absent", "-e", "keelson_protect=true", playbook=str(play))
    assert said.status == 2
    assert "keelson_protect: this environment is protected from being removed." in said.messages["shop-dev"]
    assert writes(cloud) == []


def test_the_protections_in_aws_default_to_the_environments(cloud: Cloud, right: Inventory) -> None:
    said = right.run(cloud, "--check", "--diff", "-e", "keelson_protect=true")
    assert said.status == 0, said.output
    assert said.output.count("deletionProtection: true") == 1
    assert said.output.count("DeletionProtection: true") == 1


@pytest.mark.parametrize("playbook", ["site.yml", "playbooks/destroy.yml"])
def test_the_checks_and_the_lock_cannot_be_skipped(cloud: Cloud, network: Inventory, playbook: str) -> None:
    said = network.run(cloud, "--skip-tags", "always", playbook=playbook)
    assert said.status == 2
    assert said.messages["shop-dev"].startswith("--skip-tags always: would leave out ")
    assert cloud.calls() == []


def test_destroying_may_start_at_a_task_and_needs_its_confirmation_there_too(cloud: Cloud, network: Inventory) -> None:
    start = ["--start-at-task", "Make the environment's registries"]
    unconfirmed = network.run(cloud, *start, playbook="playbooks/destroy.yml")
    assert unconfirmed.status == 2 and "-e keelson_confirm_destroy=shop-dev" in unconfirmed.output
    assert cloud.calls() == []
    done = network.run(cloud, *start, "-e", "keelson_confirm_destroy=shop-dev", playbook="playbooks/destroy.yml")
    assert done.status == 0, done.output


def test_what_the_modules_are_handed_is_not_to_be_set(cloud: Cloud, network: Inventory) -> None:
    defaults = {"platform": "shop", "environment": "dev", "region": "us-east-1", "state": "absent"}
    said = network.run(cloud, "-e", json.dumps({"keelson_module_defaults": defaults, "keelson_protect": True}))
    assert said.status == 2 and "keelson_module_defaults: is not to be set" in said.messages["shop-dev"]
    assert cloud.calls() == []


def test_what_cannot_be_read_of_another_environment_stops_that_one_alone(cloud: Cloud, tmp_path: Path) -> None:
    other = NETWORK.replace("dev", "two").replace("10.10.", "10.20.")
    hosts = {"broken": NETWORK + "network_secondary_cidrs: 5\n", "sound": other}
    said = Inventory(tmp_path / "inventory", hosts).run(cloud, "--check", "--tags", "network")
    assert list(said.messages) == ["broken"], said.output


def test_a_secret_in_a_vault_without_its_password_is_told_with_its_variable(cloud: Cloud, tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text("open sesame")
    vault = [str(Path(sys.executable).with_name("ansible-vault")), "encrypt_string", "--vault-password-file"]
    done = subprocess.run(
        [*vault, str(password), "hunter22", "--name", "mail"], check=True, capture_output=True, text=True
    )
    secret = "secrets: {mail: {}}\nsecrets_values:\n" + "".join(f"  {line}\n" for line in done.stdout.splitlines())
    inventory = Inventory(tmp_path / "inventory", {"shop-dev": RIGHT + secret})
    said = inventory.run(cloud)
    assert said.status == 2
    assert "secrets_values" in said.messages["shop-dev"] and "vault" in said.messages["shop-dev"]
    assert cloud.calls() == []
    opened = inventory.run(cloud, "--check", "--tags", "secrets", "--vault-password-file", str(password))
    assert opened.status == 0, opened.output
    assert "hunter22" not in opened.output


@pytest.mark.parametrize(
    "given",
    [
        "secrets: {api: PLANTEDone}",
        "secrets: {api: {template: PLANTEDone, length: PLANTEDtwo, generated_key: [PLANTEDthree]}}",
        'secrets: {api: {}}\nsecrets_values: {api: "{{ planted | to_datetime }}"}\nplanted: PLANTEDone',
        "applications_secret_values: {web: {port: 987654321, service: PLANTEDone, image: {tag: {PLANTEDkey: 1}}}}",
        "applications_secret_values: {web: [PLANTEDone]}",
        "secret_values: {web: PLANTEDone}\napplications_secret_value: {web: PLANTEDtwo}",
    ],
)
def test_no_message_shows_what_is_or_may_be_a_secret(cloud: Cloud, tmp_path: Path, given: str) -> None:
    inventory = Inventory(tmp_path / "inventory", {"shop-dev": f"{RIGHT}{given}\n"})
    said = inventory.run(cloud, "-vvv")
    assert said.status == 2 and said.messages["shop-dev"].startswith(str(inventory.file("shop-dev"))), said.output
    assert "PLANTED" not in said.output and "987654321" not in said.output
    assert cloud.calls() == []


def test_a_variable_that_is_there_twice_is_refused(cloud: Cloud, tmp_path: Path) -> None:
    twice = RIGHT + "node_groups:\n  batch: {instance_types: [m7g.large], min: 0, max: 5}\n"
    said = Inventory(tmp_path / "inventory", {"shop-dev": twice}).run(cloud)
    assert said.status != 0
    assert "node_groups" in said.output and "duplicate" in said.output.lower()
    assert cloud.calls() == []


def test_the_caller_of_another_account_is_refused_once_and_before_the_lock(cloud: Cloud, right: Inventory) -> None:
    said = right.run(cloud, "-e", "keelson_account_id='999999999999'")
    assert said.status == 2
    assert "keelson_account_id: this environment lives in account 999999999999" in said.messages["shop-dev"]
    assert [call["operation"] for call in cloud.calls()] == ["GetCallerIdentity"]
    assert said.output.count("[ERROR]") == 1


def test_without_credentials_the_way_out_is_told_once(cloud: Cloud, right: Inventory, tmp_path: Path) -> None:
    nothing = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_CONFIG_FILE": str(tmp_path / "none")}
    said = right.run(cloud, **nothing, AWS_SHARED_CREDENTIALS_FILE=str(tmp_path / "none"))
    assert said.status == 2
    assert "Set keelson_profile, or AWS_PROFILE" in said.messages["shop-dev"]
    assert said.output.count("[ERROR]") == 1
    assert cloud.calls() == []


def test_starting_at_a_task_still_checks_and_holds_the_lock(cloud: Cloud, network: Inventory) -> None:
    name = "Make the VPC with its subnets, gateways, routes and endpoints"
    wrong = network.run(cloud, "--tags", "network", "--start-at-task", name, "-e", "network_nat=per-zone")
    assert wrong.status == 2 and "Did you mean per_zone?" in wrong.messages["shop-dev"]
    assert cloud.calls() == []
    said = network.run(cloud, "--tags", "network", "--start-at-task", name)
    assert said.status == 0, said.output
    locks = [call["operation"] for call in cloud.calls() if call["service"] == "ssm" and call["write"]]
    assert locks == ["PutParameter", "DeleteParameter"]
    assert writes(cloud)[0] == "PutParameter" and writes(cloud)[-1] == "DeleteParameter"


PLAY = """---
- name: Use modules as they come
  hosts: keelson
  gather_facts: false
  connection: local
  vars: {network_nat: single}
  tasks:
    - name: Check all variables
      keelson.eks.preflight:
      tags: [always]

    - name: Find a network
      ansible.builtin.set_fact: {found: 10.20.0.0/16}
      register: cidr_found

    - name: Make a network of what was found
      keelson.eks.vpc:
        platform: shop
        environment: dev
        cidr: "{{ cidr_found.ansible_facts.found }}"
        zones: [us-east-1a, us-east-1b]
        profile: "{{ nothing | default(omit) }}"
      tags: [found]

    - name: Make registries, one after the other
      keelson.eks.registries:
        component: "{{ item }}"
        registries: {app: {}}
      args: {platform: shop, environment: dev}
      loop: [one, two]
      tags: [loop]

    - name: Make a network of another range
      ansible.builtin.import_role: {name: keelson.eks.network, rolespec_validate: false}
      vars: {network_cidr: 10.0.0.0/99}
      tags: [imported]

    - name: Make two lists of registries
      keelson.eks.registries: {platform: shop, environment: dev, component: first, registries: {app: {}}}
      tags: [lists]

    - name: Make the second one
      keelson.eks.registries:
        platform: shop
        environment: dev
        component: second
        registries: {app: {on_removl: retain}}
      tags: [lists]
"""


@pytest.mark.parametrize(
    ("tag", "says"),
    [
        ("found", ""),
        ("loop", ""),
        ("imported", "network_cidr: '10.0.0.0/99' is no IPv4 CIDR"),
        ("lists", "registries.app.on_removl: there is no such option. Did you mean on_removal?"),
    ],
)
def test_a_play_of_ones_own_is_checked_as_its_tasks_see_it(
    cloud: Cloud, network: Inventory, tmp_path: Path, tag: str, says: str
) -> None:
    (tmp_path / "play.yml").write_text(PLAY)
    said = network.run(cloud, "--check", "--tags", tag, playbook=str(tmp_path / "play.yml"))
    if not says:
        assert "PLAY RECAP" in said.output and "Check all variables" in said.output
        assert not re.search(r"TASK \[Check all variables\] \*+\n\[ERROR\]", said.output), said.output
    else:
        assert said.status == 2 and says in said.messages["shop-dev"], said.output
        assert cloud.calls() == []


def test_what_the_command_line_says_is_no_file_s_fault(cloud: Cloud, network: Inventory) -> None:
    said = network.run(cloud, "-e", "network_cidr=10.0.0.0/99", "--tags", "network")
    assert said.messages["shop-dev"].startswith("network_cidr: '10.0.0.0/99' is no IPv4 CIDR")


def test_readmes_own_inventory_stands_up_on_the_local_cloud_and_changes_nothing_again(
    cloud: Cloud, tmp_path: Path
) -> None:
    [example] = re.findall(
        r"as `inventories/shop/hosts\.yml`:\n\n```yaml\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL
    )
    inventory = Inventory(tmp_path / "inventory", {})
    (inventory.folder / "hosts.yml").write_text(example)
    first = inventory.run(cloud, "-e", "keelson_wait_interval=0.2")
    assert first.status == 0, first.output
    again = inventory.run(cloud, "-e", "keelson_wait_interval=0.2")
    assert again.status == 0 and " changed=0 " in again.output, again.output
