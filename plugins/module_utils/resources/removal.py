# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What ``state: absent`` does with a bucket or a registry and the data in it.

It is kept in a tag, since whoever removes a thing knows nothing but the thing itself.
"""

from __future__ import annotations

from ..engine.resource import Properties

REMOVAL_TAG = "keelson:on-removal"
REMOVALS = ("delete", "empty", "retain")
"""Delete it when it holds nothing; delete it with all that it holds; leave it where it is."""


def removal(observed: Properties) -> str:
    """One of REMOVALS; the least where the tag was lost or changed."""
    tag = observed["Tags"].get(REMOVAL_TAG, "")
    return tag if tag in REMOVALS else "delete"


def not_empty(what: str) -> str:
    """Why it is not deleted: it holds objects, images, ..."""
    return (
        f"it holds {what}, and its on_removal is delete, which deletes only what is empty. Empty it, "
        f"or apply on_removal: empty to delete all {what} with it, or on_removal: retain to keep it; then remove it."
    )
