# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a site's bucket holds, as the last publication left it on record,
and what is to be done to publish another state.

S3's listing tells an object's ETag, which is a digest of its content only where S3's own keys encrypt it, and nothing
of how it is served. Therefore the manifest, an object of its own, keeps each file's digest and headers, beside the ETag
that S3 gave it: an ETag that has changed since tells of a change by somebody else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from ...engine.errors import KeelsonError

FORMAT = 1
RECORDS = ".keelson/"
"""Where in the bucket the manifest is: what begins so is no part of the site, and nobody gets it through CloudFront."""
CHANGED_BY_OTHERS = "changed by somebody else"
MISSING = "missing"


@dataclass(frozen=True)
class File:
    """A file as it is to be served. ``sha256``: hexadecimal; ``source``: where on this machine it lies."""

    content_type: str
    cache_control: str
    sha256: str
    source: str = field(default="", compare=False)

    @property
    def is_immutable(self) -> bool:
        return "immutable" in self.cache_control

    def __str__(self) -> str:
        return f"{self.content_type} | {self.cache_control} | {self.sha256}"


@dataclass(frozen=True)
class Entry:
    """A file in the bucket.

    ``etag``: None while its upload is under way; ``old_since``: when it ceased to be a part of the site.
    """

    file: File
    etag: str | None = None
    old_since: date | None = None


@dataclass(frozen=True)
class Manifest:
    """``stale``: keys that CloudFront has yet to be told of, under ``reference``; ``invalidation``:
    the id of the latest one.
    """

    entries: Mapping[str, Entry] = field(default_factory=dict)
    keep_old_days: int = 0
    distribution_id: str = ""
    stale: frozenset[str] = frozenset()
    reference: str = ""
    invalidation: str = ""

    def is_due(self, entry: Entry, today: date) -> bool:
        return entry.old_since is not None and entry.old_since + timedelta(days=self.keep_old_days) <= today


@dataclass(frozen=True)
class Work:
    """``upload``: files by key; ``retire``: keys that are kept as old; ``delete`` and ``stale``: keys."""

    upload: Mapping[str, File] = field(default_factory=dict)
    retire: frozenset[str] = frozenset()
    delete: frozenset[str] = frozenset()
    stale: frozenset[str] = frozenset()


def in_the_bucket(manifest: Manifest, etags: Mapping[str, str]) -> tuple[dict[str, File], dict[str, File]]:
    """The site's files as they are there, and the old ones. ``etags``: of the bucket's objects by key."""
    current: dict[str, File] = {}
    old: dict[str, File] = {}
    for key, entry in manifest.entries.items():
        is_as_left = entry.etag is not None and etags.get(key) == entry.etag
        doubt = CHANGED_BY_OTHERS if key in etags else MISSING
        (old if entry.old_since else current)[key] = entry.file if is_as_left else replace(entry.file, sha256=doubt)
    return current, old


def work(manifest: Manifest, etags: Mapping[str, str], wanted: Mapping[str, File], today: date) -> Work:
    """What makes the bucket hold the wanted files.

    ``manifest`` tells what was, and how long old ones are to be kept from now on. Immutable files stay a while as old
    ones, because pages that browsers still show refer to them. CloudFront has to be told of what is written over or
    deleted, but for immutable ones that go: nobody asks for them any more.
    """
    current, old = in_the_bucket(manifest, etags)
    upload = {key: file for key, file in wanted.items() if file != current.get(key, old.get(key))}
    dropped = current.keys() - wanted.keys()
    as_left = {key for key in dropped if current[key] == manifest.entries[key].file}
    retire = {key for key in as_left if manifest.keep_old_days and current[key].is_immutable}
    due = {key for key in old.keys() - wanted.keys() if manifest.is_due(manifest.entries[key], today)}
    delete = (dropped - retire) | due
    begun_before = {
        key for key, entry in manifest.entries.items() if entry.etag is None
    }  # CloudFront is to be told already
    overwritten = upload.keys() & (etags.keys() | manifest.entries.keys()) - begun_before
    stale = overwritten | {key for key in delete if not manifest.entries[key].file.is_immutable}
    return Work(upload, frozenset(retire), frozenset(delete), frozenset(stale))


def begun(manifest: Manifest, todo: Work, reference: str) -> Manifest:
    """To be on record before the first upload,
    so that the next run knows what may be there and what CloudFront has to be told.

    ``reference``: a new one, for what is told from now on is not what was told before.
    """
    uploading = {key: Entry(file) for key, file in todo.upload.items()}
    return replace(
        manifest, entries={**manifest.entries, **uploading}, stale=manifest.stale | todo.stale, reference=reference
    )


def finished(manifest: Manifest, todo: Work, wanted: Iterable[str], etags: Mapping[str, str], today: date) -> Manifest:
    """``etags``: of what was uploaded."""
    entries = {key: entry for key, entry in manifest.entries.items() if key not in todo.delete}
    entries |= {key: replace(entries[key], old_since=today) for key in todo.retire}
    entries |= {key: replace(entries[key], old_since=None) for key in wanted if key in entries}
    entries |= {key: Entry(file, etags[key]) for key, file in todo.upload.items()}
    return replace(manifest, entries=entries)


def as_json(manifest: Manifest) -> str:
    objects = {}
    for key, entry in sorted(manifest.entries.items()):
        facts = {
            "content_type": entry.file.content_type,
            "cache_control": entry.file.cache_control,
            "sha256": entry.file.sha256,
        }
        objects[key] = {**facts, "etag": entry.etag, "old_since": entry.old_since and entry.old_since.isoformat()}
    rest = {name: getattr(manifest, name) for name in ("keep_old_days", "distribution_id", "reference", "invalidation")}
    return json.dumps({"format": FORMAT, **rest, "stale": sorted(manifest.stale), "objects": objects}, indent=1)


def from_json(text: str | bytes) -> Manifest:
    """Raises KeelsonError when it is not what ``as_json`` has written."""
    try:
        given = json.loads(text)
        if given["format"] != FORMAT:
            raise KeelsonError(
                f"the manifest has the format {given['format']}, "
                "which a newer version of this collection has written. Use that."
            )
        return Manifest(
            entries={key: _entry(facts) for key, facts in given["objects"].items()},
            stale=frozenset(given["stale"]),
            **{name: given[name] for name in ("keep_old_days", "distribution_id", "reference", "invalidation")},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeelsonError(
            "the manifest is not what was written there. Delete it: then all files are uploaded anew."
        ) from error


def _entry(facts: Mapping[str, Any]) -> Entry:
    file = File(facts["content_type"], facts["cache_control"], facts["sha256"])
    return Entry(file, facts["etag"], date.fromisoformat(facts["old_since"]) if facts["old_since"] else None)
