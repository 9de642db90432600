# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Launch templates: versions that can be deleted, tags that are the template's own, lists that do not end at fifteen.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteLaunchTemplateVersions.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplateVersion.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import InvalidLaunchTemplateVersionNotFound
from moto.ec2.models import EC2Backend
from moto.ec2.models.launch_templates import LaunchTemplate, LaunchTemplateBackend, LaunchTemplateVersion
from moto.ec2.responses import EC2Response

from ..patching import add, override
from .requests import error

_PAGE = 200


def install() -> None:
    LaunchTemplate.tags = property(lambda self: self.get_tags(), lambda self, _value: None)
    override(LaunchTemplate, "create_version", _create_version)
    override(LaunchTemplate, "get_version", _get_version)
    add(LaunchTemplate, default_version)
    override(LaunchTemplateBackend, "describe_launch_templates", _describe_templates)
    override(EC2Response, "create_launch_template", _create_template)
    override(EC2Response, "create_launch_template_version", _create_template_version)
    override(EC2Response, "describe_launch_templates", _all_on_one_page)
    override(EC2Response, "describe_launch_template_versions", _describe_versions)
    add(EC2Response, delete_launch_template_versions)


def _create_version(original: Callable[..., Any], self: Any, data: dict[str, Any], description: str) -> Any:
    """A number is never used twice."""
    version = original(self, data, description)
    self.last_number = version.number = getattr(self, "last_number", 0) + 1
    return version


def _get_version(original: Callable[..., Any], self: LaunchTemplate, num: Any) -> LaunchTemplateVersion:
    if str(num).lower() in ("$latest", "$default"):
        return original(self, num)
    for version in self.versions:
        if str(version.number) == str(num):
            return version
    raise InvalidLaunchTemplateVersionNotFound(template_id=self.id, version=num)


def default_version(self: LaunchTemplate) -> LaunchTemplateVersion:
    return self.get_version(self.default_version_number)


def _describe_templates(
    original: Callable[..., Any],
    self: EC2Backend,
    template_names: list[str] | None = None,
    template_ids: list[str] | None = None,
    filters: Any = None,
) -> Any:
    for name in template_names or []:
        self.get_launch_template_by_name(name)
    for template_id in template_ids or []:
        self.get_launch_template(template_id)
    return original(self, template_names, template_ids, filters)


def _create_template(original: Callable[..., Any], self: EC2Response) -> Any:
    """moto puts the template's own tags among those of what is launched from it."""
    specifications = list(self._get_param("LaunchTemplateData.TagSpecifications", []))
    result = original(self)
    template = self.ec2_backend.get_launch_template_by_name(self._get_param("LaunchTemplateName"))
    data = template.versions[0].data
    if specifications:
        data["TagSpecifications"] = specifications
    else:
        data.pop("TagSpecifications", None)
    return result


def _create_template_version(original: Callable[..., Any], self: EC2Response) -> Any:
    source = self._get_param("SourceVersion")
    if source:
        base = _template(self).get_version(source).data
        self.params["LaunchTemplateData"] = {**base, **self._get_param("LaunchTemplateData", {})}
    return original(self)


def _all_on_one_page(original: Callable[..., Any], self: EC2Response) -> Any:
    self.params.setdefault("MaxResults", _PAGE)
    return original(self)


def _describe_versions(original: Callable[..., Any], self: EC2Response) -> Any:
    if self._get_param("Filters"):
        raise NotImplementedError("filters of DescribeLaunchTemplateVersions")
    return _all_on_one_page(original, self)


def delete_launch_template_versions(self: EC2Response) -> ActionResult:
    template = _template(self)
    deleted, kept = [], []
    for number in self._get_param("Versions", []):
        item = {"LaunchTemplateId": template.id, "LaunchTemplateName": template.name, "VersionNumber": int(number)}
        reason = _refusal(template, number)
        if reason:
            kept.append({**item, "ResponseError": reason})
        else:
            template.versions.remove(template.get_version(number))
            deleted.append(item)
    return ActionResult(
        {"SuccessfullyDeletedLaunchTemplateVersions": deleted, "UnsuccessfullyDeletedLaunchTemplateVersions": kept}
    )


def _refusal(template: LaunchTemplate, number: str) -> dict[str, str] | None:
    if not any(str(version.number) == number for version in template.versions):
        return {
            "Code": "launchTemplateVersionDoesNotExist",
            "Message": f"The launch template version {number} does not exist.",
        }
    if str(template.default_version_number) == number:
        return {
            "Code": "unexpectedError",
            "Message": f"The version {number} is the default version, which cannot be deleted.",
        }
    return None


def _template(response: EC2Response) -> LaunchTemplate:
    name, template_id = response._get_param("LaunchTemplateName"), response._get_param("LaunchTemplateId")
    if name:
        return response.ec2_backend.get_launch_template_by_name(name)
    if template_id:
        return response.ec2_backend.get_launch_template(template_id)
    raise error("MissingParameter", "The request must contain the parameter LaunchTemplateId or LaunchTemplateName")
