# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Charts on disk: their digest, and the definitions in them."""

from __future__ import annotations

from pathlib import Path

import helm_python
import pytest
from ansible_collections.keelson.eks.plugins.module_utils.engine.errors import KeelsonError
from ansible_collections.keelson.eks.plugins.module_utils.kubernetes.helm.charts import fetch, read
from ansible_collections.keelson.eks.plugins.module_utils.kubernetes.helm.interface import Source

CHART = "apiVersion: v2\nname: {name}\nversion: 1.0.0\n"
DEFINITION = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{name: {name}}}\n"


def no_helm() -> None:
    raise AssertionError("a chart on this machine needs no Helm")


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    """A chart with a subchart; both have a definition, and each has a template that looks like one."""
    for folder, name in ((tmp_path / "web", "web"), (tmp_path / "web/charts/sub", "sub")):
        (folder / "crds").mkdir(parents=True)
        (folder / "templates/crds").mkdir(parents=True)
        (folder / "Chart.yaml").write_text(CHART.format(name=name))
        (folder / "crds/one.yaml").write_text(DEFINITION.format(name=f"{name}.acme.example"))
        (folder / "templates/crds/no.yaml").write_text(DEFINITION.format(name="no.acme.example"))
    return tmp_path / "web"


def source(path: object) -> Source:
    return Source(str(path))


def test_a_packed_chart_has_the_digest_of_its_directory(chart: Path, tmp_path: Path) -> None:
    packed = helm_python.package(chart, destination=tmp_path)
    unpacked = tmp_path / "unpacked"
    helm_python.expand(unpacked, packed)  # packing rewrites Chart.yaml
    assert read(source(packed), Path(packed)).digest == read(source(unpacked), unpacked / "web").digest


def test_a_chart_that_changes_in_one_byte_has_another_digest(chart: Path) -> None:
    before = read(source(chart), chart).digest
    (chart / "charts/sub/templates/crds/no.yaml").write_text("#")
    assert read(source(chart), chart).digest != before


def test_a_file_that_is_renamed_changes_the_digest(chart: Path) -> None:
    before = read(source(chart), chart).digest
    (chart / "crds/one.yaml").rename(chart / "crds/two.yaml")
    assert read(source(chart), chart).digest != before


def test_definitions_are_those_of_the_crds_directories_subcharts_included(chart: Path, tmp_path: Path) -> None:
    packed = Path(helm_python.package(chart, destination=tmp_path))
    for path in (chart, packed):
        found = [each["metadata"]["name"] for each in read(source(path), path).definitions()]
        assert sorted(found) == ["sub.acme.example", "web.acme.example"]


def test_what_is_no_chart_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "not.tgz").write_text("no archive")
    for path in (tmp_path, tmp_path / "missing", tmp_path / "not.tgz"):
        with pytest.raises(KeelsonError, match=f"chart {path}: "):
            fetch(source(path), no_helm)


def test_a_source_is_told_with_its_version() -> None:
    assert str(Source("redis", "https://charts.example/", "1.2.3")) == "https://charts.example/redis 1.2.3"
    assert str(Source("oci://registry.example/redis", None, "1.2.3")) == "oci://registry.example/redis 1.2.3"
