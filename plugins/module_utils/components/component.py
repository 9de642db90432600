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
from functools import cached_property
from typing import Any

from ..aws.session import IMPORT_ERROR, Aws, Connection
from ..engine.converge import Mode, Outcome, converge
from ..engine.errors import InvalidArguments, KeelsonError
from ..engine.plan import Declaration, Policy
from ..engine.report import report
from ..engine.resource import Owner, Resource
from .common_options import COMMON_OPTIONS
from .scrub import HIDDEN, scrubbed

Arguments = Mapping[str, Any]

NAME = re.compile(r"[a-z]([a-z0-9-]*[a-z0-9])?")

SECRET_OPTIONS = frozenset({"secret_key", "session_token"})
LIKE_A_SECRET = re.compile(r"pass(?!ive)|secret|token|key", re.IGNORECASE)
"""As ansible-test's validate-modules has it."""


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

    def protection(self, given: bool | None) -> bool:
        """A deletion protection in AWS, which is the environment's unless it was given."""
        return bool(self["protect"] if given is None else given)


def with_no_log(name: str, option: Mapping[str, Any], secret: bool = False) -> dict[str, Any]:
    """An option that is no secret says so where Ansible would take it for one by its name."""
    found = dict(option)
    if secret or LIKE_A_SECRET.search(name):
        found["no_log"] = secret
    if "options" in option:
        found["options"] = {each: with_no_log(each, given) for each, given in option["options"].items()}
    return found


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
    listed: tuple[str, ...] = ()
    """The options that list what there is to be, by name. Where all of them are left out, everything stays as it is."""
    tagged: bool = True
    """Whether the user's tags go on its resources: Kubernetes' objects take none."""

    sources: Mapping[str, str] = field(default_factory=dict)
    """The option that a resource, or a property of it, comes from: by ``Kind`` and by ``Kind.Property``."""
    secret: frozenset[str] = frozenset()
    """The options whose values are shown nowhere."""
    quiet: frozenset[str] = frozenset()
    """Those of which no message shows a value, for a secret may stand there by mistake."""

    @cached_property
    def spec(self) -> dict[str, dict[str, Any]]:
        """All options, those of things by name as ``entries``."""
        return {
            name: {**with_no_log(name, option, name in self.secret | SECRET_OPTIONS), "quiet": name in self.quiet}
            for name, option in {**COMMON_OPTIONS, **self.options}.items()
        }

    @cached_property
    def argument_spec(self) -> dict[str, dict[str, Any]]:
        """As AnsibleModule takes it, which knows no things by name."""
        ours = {"entries", "quiet"}
        return {name: {key: option[key] for key in option if key not in ours} for name, option in self.spec.items()}

    def source(self, arguments: Arguments, kind: str, key: str, properties: Iterable[str]) -> str | None:
        """The path of the option that a step comes from, such as ``buckets.uploads``; None where no single one is."""
        for name in (*(f"{kind}.{each}" for each in properties), kind):
            if name in self.sources:
                return self.sources[name]
        for option in self.listed:
            for name in arguments[option] or {}:
                if str(name) in re.split(r"[/~]", key):
                    return f"{option}.{name}"
        return None

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
        return self.work(Context(arguments, owner_of(self, arguments), connect(arguments)), check, diff)

    def is_left_out(self, arguments: Arguments) -> bool:
        """Whether the options that list what there is to be were left out: then nothing is looked at either."""
        given = [arguments[option] for option in self.listed]
        return arguments["state"] == "present" and bool(given) and not any(value is not None for value in given)

    def work(self, context: Context, check: bool, diff: bool) -> dict[str, Any]:
        return self.told(context, self.converge(context, check), check, diff)

    def converge(self, context: Context, check: bool) -> Outcome:
        arguments = context.arguments
        policy = Policy(
            arguments["tags"] if self.tagged else {}, arguments["allow_replacement"], arguments["prune_limit"]
        )
        mode = Mode(check, arguments["wait"], arguments["wait_timeout"], arguments["wait_interval"])
        api, leave = self.api(context), self.is_left_out(arguments)
        kinds, declaration = ((), Declaration()) if leave else (self.kinds, self.declare(context))
        return converge(api, context.owner, kinds, declaration, policy, mode, context.aws.look_anew)

    def told(self, context: Context, outcome: Outcome, check: bool, diff: bool) -> dict[str, Any]:
        """What was done, or in check mode would be, as Ansible's result."""
        result = report(outcome, Mode(check), diff)
        if context["state"] == "present":
            result.update(self.outputs(context, outcome))
        return result


def owner_of(component: Component, arguments: Arguments) -> Owner:
    return Owner(arguments["platform"], arguments["environment"], arguments["component"] or component.name)


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
