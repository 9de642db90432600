# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What all components share: their common options, and the way from validated options to Ansible's result.

A component has two callers: a module (an ordinary AnsibleModule) and an action plugin that runs it
in the task's worker.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from ..aws.session import IMPORT_ERROR, Aws, Connection
from ..engine.converge import Mode, Outcome, converge
from ..engine.errors import InvalidArguments, KeelsonError
from ..engine.plan import Declaration, Policy
from ..engine.report import report
from ..engine.resource import Owner, Resource
from .scrub import HIDDEN, scrubbed

Arguments = Mapping[str, Any]

NAME = re.compile(r"[a-z]([a-z0-9-]*[a-z0-9])?")

CONNECTION_OPTIONS: dict[str, dict[str, Any]] = {
    "region": {"type": "str", "aliases": ["aws_region", "ec2_region"]},
    "profile": {"type": "str", "aliases": ["aws_profile"]},
    "access_key": {"type": "str", "aliases": ["aws_access_key_id", "aws_access_key"], "no_log": False},
    "secret_key": {"type": "str", "aliases": ["aws_secret_access_key", "aws_secret_key"], "no_log": True},
    "session_token": {"type": "str", "aliases": ["aws_session_token"], "no_log": True},
    "endpoint_url": {"type": "str", "aliases": ["aws_endpoint_url"]},
    "validate_certs": {"type": "bool", "default": True},
    "aws_ca_bundle": {"type": "path"},
    "aws_config": {"type": "dict"},
    "assume_role_arn": {"type": "str"},
}

COMMON_OPTIONS: dict[str, dict[str, Any]] = {
    **CONNECTION_OPTIONS,
    "platform": {"type": "str", "required": True},
    "environment": {"type": "str", "required": True},
    "component": {"type": "str"},
    "account_id": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "tags": {"type": "dict", "aliases": ["resource_tags"], "default": {}},
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 1800},
    "wait_interval": {"type": "float", "default": 5.0},
    "allow_replacement": {"type": "bool", "default": False},
    "prune_limit": {"type": "int", "default": 20},
    "protect": {"type": "bool", "default": False},
}


@dataclass(frozen=True)
class Context:
    """What a component knows while it declares and while it tells its outputs.

    ``aws`` may be read, never written to.
    """

    arguments: Arguments
    owner: Owner
    aws: Aws

    def __getitem__(self, option: str) -> Any:
        return self.arguments[option]


def no_problems(arguments: Arguments) -> Iterable[str]:
    return ()


@dataclass(frozen=True)
class Component:
    """One module's work.

    ``options``: its own options, an AnsibleModule argument_spec; ``restrictions``: mutually_exclusive, required_if, ...
    ``kinds``: all kinds that it may own. ``problems``: the rules between options, a line each that names the option's
    path and the rule; pure. ``declare``: from options to resources. ``outputs``: its own return values.
    """

    name: str
    options: dict[str, dict[str, Any]]
    kinds: tuple[type[Resource], ...]
    declare: Callable[[Context], Declaration]
    outputs: Callable[[Context, Outcome], dict[str, Any]]
    problems: Callable[[Arguments], Iterable[str]] = no_problems
    restrictions: dict[str, Any] = field(default_factory=dict)
    api: Callable[[Context], Any] = lambda context: context.aws
    """What the kinds are handed to work with."""
    tagged: bool = True
    """Whether the user's tags go on its resources: Kubernetes' objects take none."""

    @property
    def spec(self) -> dict[str, dict[str, Any]]:
        """All options, also those of things by name."""
        return self.argument_spec

    @property
    def argument_spec(self) -> dict[str, dict[str, Any]]:
        return {**COMMON_OPTIONS, **self.options}

    def run(self, arguments: Arguments, check: bool, diff: bool) -> dict[str, Any]:
        """Ansible's result. ``arguments`` are validated against the argument_spec; a null counts as left out."""
        if IMPORT_ERROR is not None:
            return {"failed": True, "msg": f"the Python libraries botocore and boto3 are required: {IMPORT_ERROR}"}
        try:
            result = self._run(arguments, check, diff)
        except KeelsonError as error:
            result = {"failed": True, "changed": False, "msg": str(error)}
        return scrubbed(result, self.argument_spec, arguments)

    def invocation(self, arguments: Arguments) -> dict[str, Any]:
        """What Ansible shows of a task's options: of secret ones nothing, not even the names in a dictionary."""
        spec = self.argument_spec
        return {
            "module_args": {
                name: HIDDEN if spec[name].get("no_log") and arguments[name] is not None else arguments[name]
                for name in spec
            }
        }

    def _run(self, arguments: Arguments, check: bool, diff: bool) -> dict[str, Any]:
        if problems := [*common_problems(arguments), *self.problems(arguments)]:
            raise InvalidArguments(*problems)
        aws = connect(arguments)
        owner = Owner(arguments["platform"], arguments["environment"], arguments["component"] or self.name)
        return self.work(Context(arguments, owner, aws), check, diff)

    def work(self, context: Context, check: bool, diff: bool) -> dict[str, Any]:
        arguments = context.arguments
        policy = Policy(
            arguments["tags"] if self.tagged else {}, arguments["allow_replacement"], arguments["prune_limit"]
        )
        mode = Mode(check, arguments["wait"], arguments["wait_timeout"], arguments["wait_interval"])
        api, declaration = self.api(context), self.declare(context)
        outcome = converge(api, context.owner, self.kinds, declaration, policy, mode, context.aws.look_anew)
        result = report(outcome, mode, diff)
        if arguments["state"] == "present":
            result.update(self.outputs(context, outcome))
        return result


def connect(arguments: Arguments) -> Aws:
    """The account and the region that these arguments mean.

    Raises KeelsonError when the caller is of another account.
    """
    aws = Aws(Connection(**{each.name: arguments[each.name] for each in fields(Connection)}))
    if arguments["account_id"] and aws.account_id != arguments["account_id"]:
        raise KeelsonError(
            f"account_id: this environment lives in account {arguments['account_id']}, but the caller is "
            f"{aws.identity['Arn']}. Use that account's credentials, or set keelson_assume_role_arn."
        )
    return aws


def common_problems(arguments: Arguments) -> Iterable[str]:
    for option, longest in (("platform", 20), ("environment", 12)):
        value = arguments[option]
        if not NAME.fullmatch(value):
            yield (
                f"{option}: {value!r} must be lower-case letters, digits and hyphens, "
                "begin with a letter and not end with a hyphen."
            )
        elif len(value) > longest:
            yield f"{option}: {value!r} is longer than {longest} characters, which names made of it would not allow."
    if arguments["protect"] and arguments["state"] == "absent":
        yield (
            "protect: this environment is protected from being removed. To lift that, and the deletion protections in "
            "AWS with it, set it to false and stand the environment up once more."
        )
    for name in arguments["tags"]:
        if str(name).startswith(("keelson:", "aws:")):
            yield f"tags.{name}: tags that begin with keelson: or aws: are reserved."
        if not isinstance(arguments["tags"][name], str):
            yield f"tags.{name}: {arguments['tags'][name]!r} is not text. Quote it in YAML."
    account = arguments["account_id"]
    if account and not (account.isdigit() and len(account) == 12):
        yield f"account_id: {account!r} is not twelve digits. Quote it in YAML, so that leading zeros are kept."
    for option in ("wait_timeout", "wait_interval"):
        if arguments[option] <= 0:
            yield f"{option}: must be more than 0 seconds."
