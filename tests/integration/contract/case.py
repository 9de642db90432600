# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a module's case of the contract test says, and how a component is run against an account of the local cloud."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.keelson.eks.plugins.module_utils.aws.session import Aws, Connection
from ansible_collections.keelson.eks.plugins.module_utils.components.component import Component, Context
from ansible_collections.keelson.eks.plugins.module_utils.engine.graph import in_order
from ansible_collections.keelson.eks.plugins.module_utils.engine.resource import Lookup, Owner, Properties, Resource
from kubernetes.client import ApiClient
from localcloud.testing import Cloud

from . import in_clusters

ROOT = Path(__file__).resolve().parents[3]

Options = dict[str, Any]
Result = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One module's case.

    ``options`` declare at least one resource of every kind, and use every property that can be used.

    ``needs``: modules to run before, with their options. ``changes``: kind and property -> what changes it behind the
    module's back, by boto3 or the cluster's own API; one function may change several. ``unchangeable``: kind and
    property -> why nobody can (what ``replaced_by`` names needs no entry). ``smaller``: options that leave parts out,
    and the kinds of which something is then purged. ``side_effects``: kinds of the dump of which AWS or Kubernetes
    makes some by itself, without the owner's tags. ``bad``: a name -> options that break a rule, and a pattern of the
    message; ``bad_when_made``: the same, once ``options`` were applied. ``kept``: kinds of the dump that ``state:
    absent`` leaves, with the reason.
    """

    module: str
    options: Options
    needs: tuple[tuple[str, Options], ...] = ()
    changes: dict[tuple[str, str], Callable[[Raw], None]] = field(default_factory=dict)
    unchangeable: dict[tuple[str, str], str] = field(default_factory=dict)
    smaller: Options = field(default_factory=dict)
    purged: frozenset[str] = frozenset()
    side_effects: frozenset[str] = frozenset()
    bad: dict[str, tuple[Options, str]] = field(default_factory=dict)
    bad_when_made: dict[str, tuple[Options, str]] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    control_plane: bool = False


def component_of(module: str) -> Component:
    return importlib.import_module(f"ansible_collections.keelson.eks.plugins.modules.{module}").COMPONENT


@dataclass(frozen=True)
class Account:
    """An account of the local cloud, and an environment ``acme-test`` in it."""

    cloud: Cloud
    seen: dict[str, Any] = field(default_factory=dict)

    @property
    def common(self) -> Options:
        env = self.cloud.env
        return {
            "platform": "acme",
            "environment": "test",
            "region": "us-east-1",
            "endpoint_url": env["AWS_ENDPOINT_URL"],
            "access_key": env["AWS_ACCESS_KEY_ID"],
            "secret_key": env["AWS_SECRET_ACCESS_KEY"],
            "wait_interval": 0.05,
            "wait_timeout": 60,
            "tags": {"team": "shop"},
        }

    def run(self, module: str, options: Options, check: bool = False) -> Result:
        """The component's result, diff included, from options that are validated as a task's are:
        a null is as if left out.
        """
        component = component_of(module)
        given = {name: value for name, value in {**self.common, **options}.items() if value is not None}
        validation = ArgumentSpecValidator(component.argument_spec, **component.restrictions).validate(given)
        if validation.error_messages:
            return {"failed": True, "msg": "\n".join(validation.error_messages)}
        return component.run(validation.validated_parameters, check=check, diff=True)

    def apply(self, module: str, options: Options) -> Result:
        result = self.run(module, options)
        assert not result.get("failed"), result["msg"]
        return result

    def plan(self, module: str, options: Options) -> Result:
        result = self.run(module, options, check=True)
        assert not result.get("failed"), result["msg"]
        return result

    def prepare(self, case: Case) -> None:
        for module, options in case.needs:
            self.apply(module, options)
        in_clusters.start(self.cloud)

    def hold(self, held: bool) -> None:
        """Whether what is being made stays so."""
        self.cloud.clock(held=held)
        in_clusters.hold(self.cloud, held)

    def watch(self) -> None:
        """Begin to look for writes."""
        self.cloud.clear_calls()
        self.seen.clear()
        self.seen.update(in_clusters.marks(self.cloud))

    def writes(self) -> list[str]:
        """The calls to AWS that write, and what has changed in clusters, since ``watch``."""
        calls = [f"{call['service']} {call['operation']}" for call in self.cloud.calls() if call["write"]]
        now = in_clusters.marks(self.cloud)
        return calls + sorted(name for name in now.keys() | self.seen.keys() if now.get(name) != self.seen.get(name))

    def ansible(self, module: str, options: Options, in_worker: bool, folder: Path) -> Result:
        """The module's result in check mode, through Ansible itself. ``folder`` is for its files."""
        answer, playbook = folder / f"answer-{in_worker}.json", folder / "play.yml"
        task = {"name": "Run it", f"keelson.eks.{module}": {**self.common, **options}, "register": "result"}
        keep = {
            "ansible.builtin.copy": {"content": "{{ result }}", "dest": str(answer), "mode": "0600"},
            "check_mode": False,
            "diff": False,
        }
        variables = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        play = {
            "hosts": "localhost",
            "gather_facts": False,
            "vars": variables,
            "tasks": [task, {"name": "Keep what it says", **keep}],
        }
        playbook.write_text(json.dumps([play]))
        command = [str(Path(sys.executable).parent / "ansible-playbook"), str(playbook), "--check", "--diff"]
        environment = {**os.environ, "KEELSON_IN_WORKER": "1" if in_worker else "0"}
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        result: Result = json.loads(answer.read_text())
        result.pop("invocation", None)
        return result

    def raw(self, case: Case) -> Raw:
        component = component_of(case.module)
        arguments = (
            ArgumentSpecValidator(component.argument_spec)
            .validate({**self.common, **case.options})
            .validated_parameters
        )
        aws = Aws(
            Connection(**{name: arguments[name] for name in ("region", "endpoint_url", "access_key", "secret_key")})
        )
        aws.look_anew()  # it is looked at again and again, and changed in between
        owner = Owner("acme", "test", arguments["component"] or component.name)
        return Raw(self.cloud, component, Context(arguments, owner, aws))


@dataclass(frozen=True)
class Raw:
    """For changes behind the module's back: clients, and what the module's resources are now."""

    cloud: Cloud
    component: Component
    context: Context

    def client(self, service: str) -> Any:
        return self.cloud.client(service, clean=True)

    def cluster(self) -> AbstractContextManager[ApiClient]:
        """A client of the environment's cluster, as its administrator."""
        return in_clusters.connect(self.cloud, self.context.owner.name)

    def found(self, kind: str, key: str | None = None) -> Properties:
        """A resource as its kind observes it: the one with this key, or the first by key."""
        found = dict(self.kinds[kind].observe(self.component.api(self.context), self.context.owner))
        return found[key] if key is not None else found[sorted(found)[0]]

    @property
    def kinds(self) -> dict[str, type[Resource]]:
        return {kind.__name__: kind for kind in self.component.kinds}

    def declared(self) -> Iterator[Resource]:
        """What the module declares, lookups left out."""
        for resource in in_order(self.component.declare(self.context).resources):
            if not isinstance(resource, Lookup):
                yield resource
