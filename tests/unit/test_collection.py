# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What holds for every file of a sort: modules, actions, roles, requirements."""

from __future__ import annotations

import ast
import importlib
import re
from dataclasses import is_dataclass
from inspect import isabstract
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.keelson.eks.plugins.module_utils.engine.graph import kinds_needed
from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import Lookup

from tests.lint import ROOT, files
from tools.generate.documentation import modules
from tools.generate.roles import using

HEADER = (
    "# Copyright: (c) 2026, Keelson contributors\n"
    "# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)\n"
)
MODULES = sorted(path.stem for path in (ROOT / "plugins/modules").glob("*.py"))
WITHOUT_COMPONENT = {"plan", "preflight"}
"""They run on the controller alone, and see to all components of a play."""
ROLES = sorted(path.name for path in (ROOT / "roles").iterdir())
SOMEONES_FOLDER = re.compile(r"(?<![\w.~-])/(home|root|work|Users)/")


def load(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text())


def constants(module: str) -> dict[str, Any]:
    """The literals that a module's file assigns at its top level."""
    tree = ast.parse((ROOT / f"plugins/modules/{module}.py").read_text())
    return {
        statement.targets[0].id: statement.value.value
        for statement in tree.body
        if isinstance(statement, ast.Assign)
        and isinstance(statement.targets[0], ast.Name)
        and isinstance(statement.value, ast.Constant)
    }


def test_the_action_group_lists_every_module_and_nothing_else():
    group = [entry for entry in load("meta/runtime.yml")["action_groups"]["aws"] if isinstance(entry, str)]
    assert group == [module for module in MODULES if module not in WITHOUT_COMPONENT]


def test_the_action_group_takes_the_defaults_of_amazon_aws_too():
    [metadata] = [
        entry["metadata"] for entry in load("meta/runtime.yml")["action_groups"]["aws"] if isinstance(entry, dict)
    ]
    assert metadata == {"extend_group": ["amazon.aws.aws"]}


def test_every_module_has_an_action_of_its_own_name_and_every_action_a_module():
    assert sorted(path.stem for path in (ROOT / "plugins/action").glob("*.py")) == MODULES


@pytest.mark.parametrize("module", [module for module in MODULES if module not in WITHOUT_COMPONENT])
def test_a_module_and_its_action_run_the_component_of_their_name(module):
    package = "ansible_collections.keelson.eks.plugins"
    component = importlib.import_module(f"{package}.modules.{module}").COMPONENT
    action = importlib.import_module(f"{package}.action.{module}").ActionModule
    assert component.name == module
    [written] = ROOT.glob(f"plugins/module_utils/components/*/{module}_options.py")
    generated = importlib.import_module(f"{package}.module_utils.components.{written.parent.name}.{written.stem}")
    assert component.options is generated.OPTIONS, "its options are those that make generate has written"
    assert action.COMPONENT is component


@pytest.mark.parametrize("module", [module for module in MODULES if module not in WITHOUT_COMPONENT])
def test_the_types_of_a_kinds_fields_tell_whom_it_needs(module):
    """Without an instance: that is how deletes are put in order."""
    for kind in importlib.import_module(f"ansible_collections.keelson.eks.plugins.modules.{module}").COMPONENT.kinds:
        assert all(is_dataclass(needed) for needed in kinds_needed(kind))


@pytest.mark.parametrize("module", [module for module in MODULES if module not in WITHOUT_COMPONENT])
def test_what_a_modules_resources_come_from_are_options_and_kinds_of_its_own(module):
    component = importlib.import_module(f"ansible_collections.keelson.eks.plugins.modules.{module}").COMPONENT
    assert {option.partition(".")[0] for option in component.sources.values()} <= component.options.keys()
    kinds = {kind.__name__ for kind in component.kinds}
    assert {name.partition(".")[0] for name in component.sources} <= kinds


def test_whatever_finds_what_others_make_knows_what_they_will_have_made():
    """Else a plan of a whole run would miss it."""

    def below(kind):
        return [kind, *(found for each in kind.__subclasses__() for found in below(each))]

    for path in (ROOT / "plugins/module_utils").rglob("*.py"):
        dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        importlib.import_module(f"ansible_collections.keelson.eks.{dotted}".removesuffix(".__init__"))
    ours = [each for each in below(Lookup) if each.__module__.startswith("ansible_collections")]
    blind = [
        each.__name__ for each in ours if not isabstract(each) and each.planned.__func__ is Lookup.planned.__func__
    ]
    assert blind == ["Lookup", "GroupLookup"]


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_documented(module):
    written = constants(module)
    documentation = yaml.safe_load(written["DOCUMENTATION"])
    assert documentation["module"] == module
    fragments = {"keelson.eks.common", "keelson.eks.attributes"} if module not in WITHOUT_COMPONENT else set()
    assert fragments <= set(documentation.get("extends_documentation_fragment", ()))
    assert f"keelson.eks.{module}:" in written["EXAMPLES"]
    yaml.safe_load(written["EXAMPLES"])
    for name, value in yaml.safe_load(written["RETURN"]).items():
        assert {"description", "returned", "type"} <= value.keys(), name


@pytest.mark.parametrize("role", ROLES)
def test_a_roles_defaults_are_those_its_argument_specs_tell(role):
    defaults_file = f"roles/{role}/defaults/main.yml"
    defaults = (load(defaults_file) if (ROOT / defaults_file).exists() else None) or {}
    entry_points = load(f"roles/{role}/meta/argument_specs.yml")["argument_specs"].values()
    options = {name: option for entry_point in entry_points for name, option in entry_point.get("options", {}).items()}
    told = {name: option.get("default") for name, option in options.items() if not option.get("required")}
    required = options.keys() - told.keys()
    written = {name: value for name, value in defaults.items() if name not in required}
    computed = {
        name for name, value in written.items() if "{{" in str(value) and told.get(name) is None
    }  # from other variables
    assert {name: None if name in computed else value for name, value in written.items()} == told


def test_variables_that_become_secret_options_are_secret_too():
    lacking = []
    for role in using(modules()):
        component = importlib.import_module(f"ansible_collections.keelson.eks.plugins.modules.{role.module.name}")
        for option in getattr(getattr(component, "COMPONENT", None), "secret", ()):
            told = load(f"roles/{role.name}/meta/argument_specs.yml")["argument_specs"]["main"]["options"]
            if option in role.variables and not told[role.variables[option]].get("no_log"):
                lacking.append(f"{role.name}: {role.variables[option]}")
    assert not lacking


PLAYBOOKS = ("playbooks/site.yml", "playbooks/destroy.yml")
NOT_IN_PLAYBOOKS = {
    "common": "it holds what the others share, and has no tasks",
}
NOT_DESTROYED = {
    "database_users": "a database's users go with the database",
    "plan": "what an earlier role removes may be what keeps a later one from removing anything",
    "ready": "it tells what there is",
}


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_every_role_stands_in_the_playbook_with_its_own_name_as_tag(playbook):
    work = load(playbook)[1]["tasks"][0]
    found: dict[str, set[str]] = {}
    for task in (*work["block"], *work["always"]):
        if imported := task.get("ansible.builtin.import_role"):
            found.setdefault(imported["name"].removeprefix("keelson.eks."), set()).update(task["tags"])
    left_out = {*NOT_IN_PLAYBOOKS, *(NOT_DESTROYED if "destroy" in playbook else ())}
    assert sorted(set(ROLES) - found.keys()) == sorted(left_out), (
        f"import each role in {playbook}, where it has its place"
    )
    assert {role: tags for role, tags in found.items() if tags not in ({role}, {"always"})} == {}


@pytest.mark.parametrize("role", [role for role in ROLES if role != "common"])
def test_a_roles_variables_are_named_for_it(role):
    defaults = ROOT / f"roles/{role}/defaults/main.yml"
    variables = yaml.safe_load(defaults.read_text()) or {} if defaults.exists() else {}
    assert [name for name in variables if name != role and not name.startswith(f"{role}_")] == []


@pytest.mark.parametrize("role", ROLES)
def test_a_role_has_a_readme(role):
    assert (ROOT / f"roles/{role}/README.md").is_file()


def test_every_python_file_tells_its_copyright_and_license_first():
    lacking = []
    for path in files():
        if path.suffix == ".py":
            text = re.sub(r"\A#!.*\n", "", (ROOT / path).read_text())
            if text and not text.startswith(HEADER):  # Ansible wants some __init__.py to be empty
                lacking.append(str(path))
    assert not lacking


def test_no_file_names_a_folder_of_one_machine():
    found = []
    for path in files():
        if (ROOT / path).is_file() and path != Path(__file__).relative_to(ROOT):
            lines = (ROOT / path).read_text(errors="replace").splitlines()
            found += [f"{path}:{number}" for number, line in enumerate(lines, 1) if SOMEONES_FOLDER.search(line)]
    assert not found


def test_the_collection_resolves_from_a_checkout():
    assert (ROOT / "collections/ansible_collections/keelson/eks").resolve() == ROOT


def test_the_lock_file_pins_all_that_development_asks_for():
    locked = dict(
        line.split("==")
        for line in (ROOT / "requirements-dev.lock").read_text().splitlines()
        if not line.startswith("#")
    )
    pinned = {normalized(name) for name in locked}
    for source in ("requirements-dev.in", "requirements.txt"):
        lines = (ROOT / source).read_text().splitlines()
        asked = {normalized(re.match(r"[\w.-]+", line)[0]) for line in lines if line and not line.startswith("#")}
        assert asked <= pinned, source


def normalized(name: str) -> str:
    """A package's name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()
