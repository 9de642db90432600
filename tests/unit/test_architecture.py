# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The architecture: who may import whom, no circles, and folders that one look takes in. See docs/architecture.md."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path

import pytest

from tests.lint import ROOT, files

LAYERS = (
    ("plugins/action", "plugins/modules"),
    ("plugins/plugin_utils",),
    ("plugins/module_utils/components/across.py",),
    ("plugins/module_utils/components/*/",),
    ("plugins/module_utils/components",),
    ("plugins/module_utils/kubernetes/kinds",),
    ("plugins/module_utils/kubernetes/helm",),
    ("plugins/module_utils/kubernetes/api",),
    ("plugins/module_utils/resources",),
    ("plugins/module_utils/aws",),
    ("plugins/module_utils/engine",),
)
"""From the top: a file imports from its own layer and from those below.

``components/*/`` are the areas; what lies beside them is below them.
"""
APART = {
    "tests/localcloud": ("plugins", "tests/integration", "tests/unit"),
    "plugins": ("tests", "tools"),
    # A module may run on a host that has module_utils alone.
    "plugins/modules": ("plugins/action", "plugins/plugin_utils"),
    # Of AWS they know the session only.
    "plugins/module_utils/kubernetes/helm": ("plugins/module_utils/resources",),
    "plugins/module_utils/kubernetes/api": ("plugins/module_utils/resources",),
}
"""A folder, and those from which it imports nothing, wherever they stand."""
MOST = 20
"""Python files in a folder, its ``__init__.py`` not counted: more hide two folders."""
FLAT = {"plugins/action", "plugins/modules"}
"""Ansible finds its plugins there, and in no folders below."""

Imports = Mapping[str, Mapping[str, int]]
"""By file: the files that it imports, each with the line. Paths from the project's root."""


@cache
def imports() -> Imports:
    """Of all files, wherever in a file an import stands."""
    known = {str(path) for path in files() if path.suffix == ".py"}
    return {name: dict(imported(name, (ROOT / name).read_text(), known)) for name in sorted(known)}


def imported(name: str, source: str, known: Iterable[str]) -> Iterator[tuple[str, int]]:
    package = name.split("/")[:-1]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            targets = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            begin = package[: len(package) - node.level + 1] if node.level else []
            module = [*begin, *(node.module.split(".") if node.module else [])]
            targets = [[*module, alias.name] for alias in node.names]
        else:
            continue
        for target in targets:
            if found := file_of(target, known):
                yield found, node.lineno


def file_of(dotted: list[str], known: Iterable[str]) -> str | None:
    """The file of a module, or of the module that a name is imported from."""
    if dotted[:3] == ["ansible_collections", "keelson", "eks"]:
        dotted = dotted[3:]
    if dotted[:1] == ["localcloud"]:
        dotted = ["tests", *dotted]
    for parts in (dotted, dotted[:-1]):
        for path in (f"{'/'.join(parts)}.py", f"{'/'.join(parts)}/__init__.py"):
            if parts and path in known:
                return path
    return None


def layer(name: str) -> int | None:
    """The layer's number, the top being 0: the one whose place says most of the path."""
    fitting = [(len(place), number) for number, places in enumerate(LAYERS) for place in places if is_in(name, place)]
    return max(fitting)[1] if fitting else None


def is_in(name: str, place: str) -> bool:
    parts, wanted = name.split("/"), place.rstrip("/").split("/")
    is_deep_enough = len(parts) > len(wanted) if not place.endswith(".py") else len(parts) == len(wanted)
    return is_deep_enough and all(want in ("*", part) for part, want in zip(parts, wanted, strict=False))


def upward(found: Imports) -> Iterator[str]:
    for name, targets in found.items():
        for target, line in targets.items():
            above, below = layer(target), layer(name)
            if above is not None and below is not None and above < below:
                yield f"{name}:{line} imports {target}: {LAYERS[above][0]} is above {LAYERS[below][0]}"
            for folder, others in APART.items():
                if name.startswith(f"{folder}/") and target.startswith(tuple(f"{other}/" for other in others)):
                    yield f"{name}:{line} imports {target}: {folder} imports nothing from there"


def homeless(found: Imports) -> Iterator[str]:
    for name, targets in found.items():
        if name.startswith("plugins/") and targets and layer(name) is None:
            yield f"{name}:{min(targets.values())} imports, and is in no layer: say in LAYERS where its folder stands"


def circles(found: Imports) -> Iterator[str]:
    """Among files, and among folders."""
    by_file: dict[str, dict[str, str]] = {}
    by_folder: dict[str, dict[str, str]] = {}
    for name, targets in found.items():
        for target, line in targets.items():
            by_file.setdefault(name, {})[target] = f"{name}:{line}"
            one, other = str(Path(name).parent), str(Path(target).parent)
            is_within = one.startswith(f"{other}/") or other.startswith(f"{one}/")
            if one != other and not is_within and name.startswith("plugins/"):
                by_folder.setdefault(one, {}).setdefault(other, f"{name}:{line}")
    for graph in (by_file, by_folder):
        try:
            TopologicalSorter({one: others.keys() - {one} for one, others in graph.items()}).prepare()
        except CycleError as error:
            steps = [f"{graph[one][other]} imports {other}" for one, other in pairwise(reversed(error.args[1]))]
            yield f"a circle of imports: {', '.join(steps)}"


def outgrown(names: Iterable[str]) -> Iterator[str]:
    count: dict[str, int] = {}
    for name in names:
        if not name.endswith("/__init__.py"):
            count[str(Path(name).parent)] = count.get(str(Path(name).parent), 0) + 1
    for folder, number in count.items():
        if number > MOST and folder not in FLAT:
            yield f"{folder} has {number} Python files: make rooms of what is in it, none with more than {MOST}"


def test_files_import_from_below() -> None:
    assert told(upward(imports())) == ""


def test_every_file_of_the_collection_that_imports_is_in_a_layer() -> None:
    assert told(homeless(imports())) == ""


def test_there_is_no_circle_of_imports() -> None:
    assert told(circles(imports())) == ""


def test_no_folder_outgrows_its_size() -> None:
    assert told(outgrown(str(path) for path in files() if path.suffix == ".py")) == ""


def told(problems: Iterable[str]) -> str:
    """A line each: pytest shows a text in full, and of a list only how it begins."""
    return "\n".join(problems)


ENGINE, AWS = "plugins/module_utils/engine/plan.py", "plugins/module_utils/aws/session.py"
VPC, RULES = "plugins/module_utils/components/network/vpc.py", "plugins/module_utils/components/network/vpc_rules.py"


@pytest.mark.parametrize(
    ("name", "target", "says"),
    [
        (ENGINE, AWS, "plugins/module_utils/aws is above plugins/module_utils/engine"),
        (AWS, VPC, "components/*/ is above plugins/module_utils/aws"),
        ("plugins/module_utils/components/entries.py", VPC, "components/*/ is above plugins/module_utils/components"),
        (VPC, "plugins/module_utils/components/across.py", "across.py is above"),
        ("plugins/module_utils/kubernetes/api/client.py", "plugins/module_utils/kubernetes/helm/choice.py", "is above"),
        ("tests/localcloud/server.py", ENGINE, "tests/localcloud imports nothing from there"),
        (ENGINE, "tests/lint/__init__.py", "plugins imports nothing from there"),
        ("plugins/modules/vpc.py", "plugins/plugin_utils/play.py", "plugins/modules imports nothing from there"),
        (
            "plugins/module_utils/kubernetes/helm/charts.py",
            "plugins/module_utils/resources/s3/bucket.py",
            "plugins/module_utils/kubernetes/helm imports nothing from there",
        ),
    ],
)
def test_an_import_from_above_is_found(name: str, target: str, says: str) -> None:
    [line] = upward({name: {target: 7}})
    assert line.startswith(f"{name}:7 imports {target}: ") and says in line


def test_an_import_from_below_or_beside_is_none() -> None:
    assert list(upward({VPC: {RULES: 1, AWS: 2, ENGINE: 3}, AWS: {ENGINE: 4}})) == []


def test_a_circle_is_found_among_files_and_among_folders() -> None:
    [line] = circles({VPC: {RULES: 1}, RULES: {VPC: 2}})
    assert f"{VPC}:1 imports {RULES}" in line and f"{RULES}:2 imports {VPC}" in line
    edge = "plugins/module_utils/components/edge"
    folders = {VPC: {f"{edge}/site.py": 1}, f"{edge}/zones.py": {RULES: 1}, RULES: {}, f"{edge}/site.py": {}}
    [line] = circles(folders)
    assert f"{VPC}:1 imports {edge}" in line and f"{edge}/zones.py:1 imports {Path(RULES).parent}" in line


def test_a_folder_that_is_in_no_layer_is_found() -> None:
    [line] = homeless({"plugins/module_utils/billing/costs.py": {ENGINE: 7}})
    assert line.startswith("plugins/module_utils/billing/costs.py:7 imports, and is in no layer")


def test_a_folder_that_has_grown_too_large_is_found() -> None:
    names = [f"plugins/module_utils/resources/eks/kind{number}.py" for number in range(MOST)]
    assert list(outgrown([*names, "plugins/module_utils/resources/eks/__init__.py"])) == []
    [line] = outgrown([*names, "plugins/module_utils/resources/eks/one.py"])
    assert line.startswith("plugins/module_utils/resources/eks has 21 Python files")
    assert list(outgrown([f"plugins/modules/module{number}.py" for number in range(MOST + 1)])) == []


def test_imports_are_found_wherever_they_stand() -> None:
    source = "def work():\n    from ..aws import session\n    import localcloud.server\n"
    known = {AWS, "tests/localcloud/server.py"}
    found = dict(imported("plugins/module_utils/engine/plan.py", source, known))
    assert found == {AWS: 2, "tests/localcloud/server.py": 3}
