# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a publication does with a bucket, what is on record of it, and what CloudFront is told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.engine.errors import KeelsonError
from ansible_collections.keelson.eks.plugins.module_utils.resources.cloudfront.invalidation import invalidation_paths
from ansible_collections.keelson.eks.plugins.module_utils.resources.cloudfront.site_manifest import (
    CHANGED_BY_OTHERS,
    MISSING,
    Entry,
    File,
    Manifest,
    Work,
    as_json,
    begun,
    finished,
    from_json,
    in_the_bucket,
    work,
)

TODAY = date(2026, 11, 21)
PAGE = File("text/html; charset=utf-8", "no-cache", "11", "/site/index.html")
ASSET = File("text/javascript; charset=utf-8", "public, max-age=31536000, immutable", "22", "/site/app.1a2b3c4d.js")
IMAGE = File("image/png", "public, max-age=300", "33", "/site/logo.png")
SITE = {"index.html": PAGE, "app.1a2b3c4d.js": ASSET, "logo.png": IMAGE}
ETAGS = {"index.html": '"e1"', "app.1a2b3c4d.js": '"e2"', "logo.png": '"e3"'}
MANIFEST = Manifest(
    {key: Entry(file, ETAGS[key]) for key, file in SITE.items()}, keep_old_days=30, distribution_id="E1", reference="r0"
)


def without(key: str) -> dict[str, File]:
    return {name: file for name, file in SITE.items() if name != key}


def published(
    manifest: Manifest, wanted: dict[str, File], etags: dict[str, str], on: date = TODAY
) -> tuple[Manifest, dict[str, str]]:
    """The record and the bucket's listing after a publication that nothing interrupts."""
    todo = work(manifest, etags, wanted, on)
    new = {key: f'"{file.sha256}"' for key, file in todo.upload.items()}
    left = {key: etag for key, etag in {**etags, **new}.items() if key not in todo.delete}
    return finished(begun(manifest, todo, "r1"), todo, wanted, new, on), left


def test_what_is_there_as_it_should_be_is_no_work() -> None:
    assert work(MANIFEST, ETAGS, SITE, TODAY) == Work()


def test_a_first_publication_uploads_everything_and_tells_cloudfront_nothing() -> None:
    todo = work(Manifest(keep_old_days=30), {}, SITE, TODAY)
    assert (todo.upload, todo.delete, todo.stale) == (SITE, set(), set())


@pytest.mark.parametrize("change", [{"sha256": "12"}, {"content_type": "text/plain"}, {"cache_control": "no-store"}])
def test_a_change_of_one_file_is_one_upload_and_its_path(change: dict[str, str]) -> None:
    todo = work(MANIFEST, ETAGS, {**SITE, "logo.png": replace(IMAGE, **change)}, TODAY)
    assert (set(todo.upload), todo.delete, todo.stale) == ({"logo.png"}, set(), {"logo.png"})


def test_a_change_by_somebody_else_is_seen_and_overwritten() -> None:
    changed = {**ETAGS, "app.1a2b3c4d.js": '"theirs"'}
    assert in_the_bucket(MANIFEST, changed)[0]["app.1a2b3c4d.js"].sha256 == CHANGED_BY_OTHERS
    todo = work(MANIFEST, changed, SITE, TODAY)
    assert (set(todo.upload), todo.stale) == ({"app.1a2b3c4d.js"}, {"app.1a2b3c4d.js"})


def test_what_somebody_else_has_deleted_is_uploaded_again() -> None:
    left = {key: etag for key, etag in ETAGS.items() if key != "logo.png"}
    assert in_the_bucket(MANIFEST, left)[0]["logo.png"].sha256 == MISSING
    assert set(work(MANIFEST, left, SITE, TODAY).upload) == {"logo.png"}


def test_an_immutable_file_that_is_no_longer_used_is_kept_a_while_and_then_goes_in_silence() -> None:
    manifest, etags = published(MANIFEST, without("app.1a2b3c4d.js"), ETAGS)
    assert manifest.entries["app.1a2b3c4d.js"].old_since == TODAY
    assert etags == ETAGS
    assert manifest.stale == set()
    almost, due = TODAY + timedelta(days=29), TODAY + timedelta(days=30)
    assert work(manifest, etags, without("app.1a2b3c4d.js"), almost) == Work()
    todo = work(manifest, etags, without("app.1a2b3c4d.js"), due)
    assert todo == Work(delete=frozenset({"app.1a2b3c4d.js"}))
    manifest, etags = published(manifest, without("app.1a2b3c4d.js"), etags, due)
    assert "app.1a2b3c4d.js" not in {**manifest.entries, **etags}


def test_an_old_file_that_is_used_again_is_not_uploaded_again() -> None:
    manifest, etags = published(MANIFEST, without("app.1a2b3c4d.js"), ETAGS)
    todo = work(manifest, etags, SITE, TODAY + timedelta(days=60))
    assert todo == Work()
    manifest = finished(manifest, todo, SITE, {}, TODAY)
    assert manifest.entries["app.1a2b3c4d.js"].old_since is None


def test_without_days_to_keep_old_files_they_go_at_once() -> None:
    at_once = replace(MANIFEST, keep_old_days=0)
    assert work(at_once, ETAGS, without("app.1a2b3c4d.js"), TODAY).delete == {"app.1a2b3c4d.js"}
    manifest, etags = published(MANIFEST, without("app.1a2b3c4d.js"), ETAGS)
    assert work(replace(manifest, keep_old_days=0), etags, without("app.1a2b3c4d.js"), TODAY).delete == {
        "app.1a2b3c4d.js"
    }


def test_any_other_file_that_is_no_longer_used_goes_at_once_and_cloudfront_is_told() -> None:
    todo = work(MANIFEST, ETAGS, without("logo.png"), TODAY)
    assert todo == Work(delete=frozenset({"logo.png"}), stale=frozenset({"logo.png"}))


def test_what_others_keep_in_the_bucket_is_left_alone_unless_the_site_has_a_file_of_that_name() -> None:
    assert work(MANIFEST, {**ETAGS, "theirs.txt": '"t"'}, SITE, TODAY) == Work()
    todo = work(MANIFEST, {**ETAGS, "theirs.txt": '"t"'}, {**SITE, "theirs.txt": IMAGE}, TODAY)
    assert (set(todo.upload), todo.stale) == ({"theirs.txt"}, {"theirs.txt"})


def test_a_run_that_died_while_uploading_leaves_nothing_unknown_behind() -> None:
    new = {**SITE, "index.html": replace(PAGE, sha256="12"), "new.png": IMAGE}
    record = begun(MANIFEST, work(MANIFEST, ETAGS, new, TODAY), "r1")
    half = {**ETAGS, "new.png": '"n"'}
    again = work(record, half, new, TODAY)
    assert (set(again.upload), again.stale) == ({"index.html", "new.png"}, set())
    assert begun(record, again, "r2").stale == {"index.html"}, "what it has overwritten, and not what is new"
    given_up = work(record, half, SITE, TODAY)
    assert (set(given_up.upload), given_up.delete) == ({"index.html"}, {"new.png"})


def test_a_run_that_died_before_the_invalidation_has_it_on_record_with_its_reference() -> None:
    manifest, etags = published(MANIFEST, {**SITE, "logo.png": replace(IMAGE, sha256="34")}, ETAGS)
    assert (manifest.stale, manifest.reference) == ({"logo.png"}, "r1")
    again = work(manifest, etags, {**SITE, "logo.png": replace(IMAGE, sha256="34")}, TODAY)
    assert again == Work()
    assert finished(manifest, again, SITE, {}, TODAY).reference == "r1", "the same invalidation, not a second"
    more = work(
        manifest,
        etags,
        {**SITE, "index.html": replace(PAGE, sha256="12"), "logo.png": replace(IMAGE, sha256="34")},
        TODAY,
    )
    more_etags = dict.fromkeys(more.upload, '"x"')
    both = finished(begun(manifest, more, "r2"), more, SITE, more_etags, TODAY)
    assert (both.stale, both.reference) == ({"logo.png", "index.html"}, "r2")


def test_the_record_says_after_reading_what_was_written() -> None:
    manifest, _etags = published(MANIFEST, {"index.html": replace(PAGE, sha256="12"), "grün/a b.png": IMAGE}, ETAGS)
    assert from_json(as_json(manifest)) == manifest


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1}', '{"format": 1, "objects": []}', "null"])
def test_a_record_that_somebody_has_spoilt_is_told_and_how_to_go_on(text: str) -> None:
    with pytest.raises(KeelsonError, match=r"^the manifest is not what was written there\. Delete it"):
        from_json(text)


def test_a_record_of_a_later_version_is_not_guessed_at() -> None:
    with pytest.raises(KeelsonError, match=r"newer version"):
        from_json(json.dumps({**json.loads(as_json(MANIFEST)), "format": 2}))


def test_the_paths_are_encoded_as_cloudfront_asks() -> None:
    keys = {"a b.html", "grün.html", "(1)&+$,;=:@!'.js", 'x<>"#%{}|\\^[]`?.js', "docs/index.html"}
    assert invalidation_paths(keys)[0] == sorted(
        [
            "/a%20b.html",
            "/gr%C3%BCn.html",
            "/(1)&+$,;=:@!'.js",
            "/x%3C%3E%22%23%25%7B%7D%7C%5C%5E%5B%5D%60%3F.js",
            "/docs/index.html",
        ]
    )


def test_the_page_that_everybody_begins_with_has_two_paths() -> None:
    assert invalidation_paths({"index.html"}) == (["/", "/index.html"], "")
    assert invalidation_paths(set()) == ([], "")


def test_what_cloudfront_cannot_name_goes_with_all_that_begins_alike() -> None:
    assert invalidation_paths({"a/tilde~1.js", "a/tilde~2.js", "star*.js"}) == (["/a/tilde*", "/star*"], "")


def test_too_many_paths_become_one_for_everything_and_it_is_told_why() -> None:
    assert len(invalidation_paths({f"{number}.png" for number in range(1000)})[0]) == 1000
    paths, reason = invalidation_paths({f"{number}.png" for number in range(1001)})
    assert paths == ["/*"] and reason.startswith("1001 paths have changed, more than the 1000")
    assert len(invalidation_paths({f"{number}~" for number in range(15)})[0]) == 15
    paths, reason = invalidation_paths({f"{number}~" for number in range(16)})
    assert paths == ["/*"] and reason.startswith("16 paths need a wildcard")
