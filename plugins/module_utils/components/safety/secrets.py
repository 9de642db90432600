# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Secrets: generated in AWS where nobody needs to know them, given where somebody does."""

from __future__ import annotations

from typing import Any

from ...engine.converge import Outcome
from ...engine.plan import Declaration
from ...engine.report import known
from ...resources.kms.key import KeyLookup
from ...resources.secretsmanager.secret import Generator, Secret, secret_name
from ..component import Component, Context
from ..entries import entries
from .secret_rules import SECRET, problems
from .secrets_options import OPTIONS


def declare(context: Context) -> Declaration:
    if context["state"] == "absent":
        return Declaration(absent=True)
    return Declaration(
        tuple(_secret(context, name, given) for name, given in entries(context["secrets"], SECRET).items())
    )


def _secret(context: Context, name: str, given: dict[str, Any]) -> Secret:
    return Secret(
        key=name,
        name=secret_name(context.owner, name),
        description=given["description"] or f"{name} of {context.owner.name}",
        generator=Generator(
            given["length"] or 32,
            given["exclude_characters"] or "",
            given["exclude_punctuation"] or False,
            given["template"] or {},
            given["generated_key"],
        ),
        value=(context["values"] or {}).get(name),
        overwrite=given["overwrite"],
        kms_key=KeyLookup(given["kms_key"]) if given["kms_key"] else None,
        statements=tuple({"Resource": "*", **statement} for statement in given["policy_statements"]),
        recovery_window_days=given["recovery_window_days"],
    )


def outputs(context: Context, outcome: Outcome) -> dict[str, Any]:
    paths = {"name": "Name", "arn": "ARN"}
    secrets = {resource.key: resource for resource in declare(context).resources}
    return {
        "secrets": {
            key: {name: known(outcome, secret, path) for name, path in paths.items()} for key, secret in secrets.items()
        }
    }


COMPONENT = Component(
    name="secrets",
    options=OPTIONS,
    kinds=(Secret,),
    declare=declare,
    outputs=outputs,
    problems=problems,
    listed=("secrets",),
    secret=frozenset({"values"}),
    quiet=frozenset({"secrets"}),
)
