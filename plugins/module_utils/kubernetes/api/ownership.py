# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whose an object is: the owner's tags, as labels."""

from __future__ import annotations

from collections.abc import Mapping

from ...engine.resource import Owner

LABELS = {
    "keelson:platform": "keelson.dev/platform",
    "keelson:environment": "keelson.dev/environment",
    "keelson:component": "keelson.dev/component",
}
"""The owner's tags, as labels."""


def labels(owner: Mapping[str, str]) -> dict[str, str]:
    """An owner's tags as labels. An object's key is not among them: it follows from its name and namespace."""
    return {label: owner[tag] for tag, label in LABELS.items() if tag in owner}


def tags(labels: Mapping[str, str] | None, key: str) -> dict[str, str]:
    """Labels as the owner's tags."""
    found = {tag: labels[label] for tag, label in LABELS.items() if label in labels} if labels else {}
    return {**found, "keelson:key": key} if found else {}


def owned(owner: Owner, found: Mapping[str, str] | None) -> bool:
    return bool(found) and labels(owner.scope).items() <= (found or {}).items()
