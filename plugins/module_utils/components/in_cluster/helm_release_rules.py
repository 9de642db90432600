# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The rules for Helm releases that can be checked without a cluster, and how applications become releases."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from ...aws.json_schema import violations
from ...kubernetes.api.client import load_all
from ..component import Arguments
from ..eks_names import DNS_LABEL, cluster_problems
from ..entries import entries, entry_problems
from .helm_releases_options import OPTIONS

RELEASE = OPTIONS["releases"]["entries"]

LONGEST = 53
"""Characters of a release's name, by Helm's own rule."""
VERSION = re.compile(r"v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")
KUBERNETES_VERSION = re.compile(r"1\.\d{2}")
OF_RELEASE = ("namespace", "needs", "timeout")
"""What of an application is its release's; all else are the chart's values."""


def problems(arguments: Arguments) -> Iterator[str]:
    yield from cluster_problems(arguments)
    version, executable = arguments["kubernetes_version"], arguments["helm_executable"]
    if version and not KUBERNETES_VERSION.fullmatch(version):
        yield f"kubernetes_version: {version!r} is not a minor version such as 1.35. Quote it in YAML."
    if executable and not Path(executable).is_file():
        yield f"helm_executable: there is no file {executable}."
    yield from application_problems(arguments)
    yield from entry_problems("releases", arguments["releases"], RELEASE)
    yield from entry_problems("applications", applications(arguments), RELEASE)
    found = declared(arguments)
    for name, release in found.items():
        path = path_of(arguments, name)
        yield from name_problems(path, name, release)
        yield from (() if path.startswith("applications.") else chart_problems(path, release))
        yield from (
            f"{path}.needs: there is no release {need!r}."
            for need in release["needs"]
            if need not in given_names(arguments)
        )
    yield from cycle_problems(arguments, found)
    yield from secret_problems(arguments)
    yield from value_problems(arguments)


def declared(arguments: Arguments) -> dict[str, dict[str, Any]]:
    """All releases by name, those of applications among them, with their defaults filled in."""
    return {**entries(arguments["releases"], RELEASE), **entries(applications(arguments), RELEASE)}


def applications(arguments: Arguments) -> dict[str, Any]:
    """Applications as releases of the application chart: those that are dictionaries of options."""
    defaults = {
        "chart": arguments["application_chart"] or "",
        "namespace": arguments["application_namespace"],
        "crds": False,
    }
    found: dict[str, Any] = {}
    for name, given in (arguments["applications"] or {}).items():
        if not isinstance(given, Mapping):
            continue
        own = {option: given[option] for option in OF_RELEASE if given.get(option) is not None}
        values = {option: value for option, value in given.items() if option not in OF_RELEASE}
        found[str(name)] = {**defaults, **own, "values": values}
    return found


def path_of(arguments: Arguments, name: str) -> str:
    return f"{'applications' if name in (arguments['applications'] or {}) else 'releases'}.{name}"


def given_names(arguments: Arguments) -> set[str]:
    return {str(name) for option in ("releases", "applications") for name in arguments[option] or {}}


def application_problems(arguments: Arguments) -> Iterator[str]:
    given, chart = arguments["applications"] or {}, arguments["application_chart"]
    if given and not chart:
        yield "application_chart: is required with applications."
    elif given and not is_chart(Path(chart)):
        yield f"application_chart: there is no chart at {chart}."
    for name, application in given.items():
        if not isinstance(application, Mapping):
            yield f"applications.{name}: the value is not a dictionary of options."
        if name in (arguments["releases"] or {}):
            yield f"applications.{name}: there is a release of this name too. Choose another."


def name_problems(path: str, name: str, release: dict[str, Any]) -> Iterator[str]:
    if not DNS_LABEL.fullmatch(name):
        yield (
            f"{path}: a release's name has lower-case letters, digits and hyphens, "
            "and begins and ends with a letter or digit."
        )
    elif len(name) > LONGEST:
        yield f"{path}: a release's name has at most {LONGEST} characters; this one has {len(name)}."
    if not DNS_LABEL.fullmatch(release["namespace"]):
        yield (
            f"{path}.namespace: {release['namespace']!r} is not a namespace's name: at most 63 lower-case letters, "
            "digits and hyphens."
        )
    if release["timeout"] <= 0:
        yield f"{path}.timeout: must be more than 0 seconds."


def chart_problems(path: str, release: dict[str, Any]) -> Iterator[str]:
    chart, repository, version = release["chart"], release["repository"], release["version"]
    if chart.startswith("oci://"):
        if repository:
            yield f"{path}.repository: an oci:// chart names its registry itself. Leave this out."
    elif repository:
        if not re.match(r"https?://[^/]", repository):
            yield (
                f"{path}.repository: {repository!r} is not an http:// or https:// URL. "
                "A chart in a registry is written chart: oci://..."
            )
        if "/" in chart:
            yield f"{path}.chart: {chart!r} must be a chart's bare name when its repository is given."
    elif not chart.startswith("/"):
        yield (
            f"{path}.chart: {chart!r} is no absolute path (write {{{{ playbook_dir }}}}/...), nor oci://. "
            "Else name its repository."
        )
    elif not is_chart(Path(chart)):
        yield f"{path}.chart: there is no chart at {chart}: neither a .tgz nor a directory with a Chart.yaml."
    if (repository or chart.startswith("oci://")) and not version:
        yield f"{path}.version: is required for a chart that is fetched, so that every run installs the same."
    elif version and not (repository or chart.startswith("oci://")):
        yield f"{path}.version: a chart on this machine has its version in its Chart.yaml. Leave this out."
    elif version and not VERSION.fullmatch(version):
        yield f"{path}.version: {version!r} is not one exact version such as 1.4.2."


def is_chart(path: Path) -> bool:
    return (path / "Chart.yaml").is_file() or (path.suffix == ".tgz" and path.is_file())


def cycle_problems(arguments: Arguments, found: dict[str, dict[str, Any]]) -> Iterator[str]:
    try:
        TopologicalSorter({name: release["needs"] for name, release in found.items()}).prepare()
    except CycleError as error:
        circle = [str(name) for name in reversed(error.args[1])]
        yield (
            f"{path_of(arguments, circle[0])}.needs: these releases need each other in a circle: {' -> '.join(circle)}."
        )


def secret_problems(arguments: Arguments) -> Iterator[str]:
    values, names = arguments["secret_values"] or {}, given_names(arguments)
    if strange := values.keys() - set(names):  # not named: Ansible makes names of a text with = in it
        yield (
            f"secret_values: {len(strange)} of them are for no release "
            f"(there are {', '.join(sorted(names)) or 'none'})."
        )
    for name in sorted(names):
        if name in values and not isinstance(values[name], Mapping):
            yield f"secret_values.{name}: must be a dictionary of the chart's values."


def value_problems(arguments: Arguments) -> Iterator[str]:
    """The applications' values, laid over the chart's own, as the chart's schema has them."""
    schema, defaults = contents(arguments["application_chart"])
    secret = arguments["secret_values"] or {}
    for name, application in applications(arguments).items():
        values = laid_over(defaults, application["values"])
        plain = set(violations(values, schema, f"applications.{name}"))
        for line in violations(laid_over(values, secret.get(name) or {}), schema, f"applications.{name}"):
            yield line if line in plain else f"secret_values.{name}: it is not what the chart's schema wants."


def contents(chart: str | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """The schema and the default values of a chart that is a folder; empty where it has none, or is packed."""
    schema, values = Path(chart or "") / "values.schema.json", Path(chart or "") / "values.yaml"
    return (
        json.loads(schema.read_text()) if schema.is_file() else {},
        next(iter(load_all(values.read_text())), {}) if values.is_file() else {},
    )


def laid_over(below: Any, above: Any) -> Any:
    """As Helm does it: dictionaries are merged, a null takes a default away, all else replaces."""
    if not isinstance(below, Mapping) or not isinstance(above, Mapping):
        return above
    merged = {**below, **{name: laid_over(below.get(name), value) for name, value in above.items()}}
    return {name: value for name, value in merged.items() if value is not None or above.get(name, 0) is not None}
