# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How files of a site are served, and what is wrong with a folder that holds one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.components.edge import site_folder
from ansible_collections.keelson.eks.plugins.module_utils.components.edge.site_folder import (
    digests,
    folder_problems,
    published,
)
from ansible_collections.keelson.eks.plugins.module_utils.components.edge.web_files import (
    IMMUTABLE,
    cache_control,
    content_type,
)

USUAL = [".*", "*.map"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(tmp_path, "index.html", "assets/app.1a2b3c4d.js", "favicon.ico")
    return tmp_path


def put(folder: Path, *paths: str) -> None:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(path)


def complaints(folder: Path, exclude: list[str] | None = None) -> str:
    return "\n".join(folder_problems(str(folder), USUAL if exclude is None else exclude))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("index.html", "text/html; charset=utf-8"),
        ("a/LOGO.SVG", "image/svg+xml"),
        ("app.js", "text/javascript; charset=utf-8"),
        ("app.mjs", "text/javascript; charset=utf-8"),
        ("style.css", "text/css; charset=utf-8"),
        ("data.json", "application/json"),
        ("site.webmanifest", "application/manifest+json"),
        ("font.woff2", "font/woff2"),
        ("engine.wasm", "application/wasm"),
        ("favicon.ico", "image/vnd.microsoft.icon"),
        ("bundle.js.gz", "application/gzip"),
        ("LICENSE", "application/octet-stream"),
        ("strange.qqq", "application/octet-stream"),
    ],
)
def test_a_files_type_follows_from_its_extension_on_every_machine_alike(path: str, expected: str) -> None:
    assert content_type(path, {}) == expected


def test_own_content_types_come_first_and_the_first_that_fits_counts() -> None:
    own = {
        ".well-known/apple-app-site-association": "application/json",
        "*.txt": "text/markdown",
        "*": "text/plain; charset=us-ascii",
    }
    assert content_type(".well-known/apple-app-site-association", own) == "application/json"
    assert content_type("docs/readme.txt", own) == "text/markdown; charset=utf-8"
    assert content_type("other", own) == "text/plain; charset=us-ascii"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("index.html", "no-cache"),
        ("docs/Page.HTM", "no-cache"),
        ("app.1a2b3c4d.js", IMMUTABLE),
        ("static/main.0f9e8d7c.chunk.css", IMMUTABLE),
        ("media/logo-6ce24c58023cc2f8.svg", IMMUTABLE),
        ("page.1a2b3c4d.html", "no-cache"),
        ("photo.20240101.jpg", "public, max-age=300"),
        ("feedface.css", "public, max-age=300"),
        ("app-document.js", "public, max-age=300"),
        ("1a2b3c4d/app.js", "public, max-age=300"),
        ("app.1a2b3c.js", "public, max-age=300"),
        ("robots.txt", "public, max-age=300"),
    ],
)
def test_pages_are_not_cached_hashed_assets_for_ever_and_all_else_for_minutes(path: str, expected: str) -> None:
    assert cache_control(path, {}) == expected


def test_own_cache_rules_come_first_and_a_pattern_with_a_slash_means_the_whole_path() -> None:
    own = {"assets/*": "public, max-age=60", "*.html": "no-store"}
    assert cache_control("assets/deep/app.1a2b3c4d.js", own) == "public, max-age=60"
    assert cache_control("other/assets/app.js", own) == "public, max-age=300"
    assert cache_control("docs/index.html", own) == "no-store"


def test_everything_but_hidden_files_and_source_maps_is_published(folder: Path) -> None:
    put(
        folder,
        ".git/config",
        ".DS_Store",
        "assets/app.js.map",
        "assets/.htaccess",
        ".well-known/security.txt",
        ".well-known/.hidden",
    )
    assert set(published(str(folder), USUAL)) == {
        "index.html",
        "assets/app.1a2b3c4d.js",
        "favicon.ico",
        ".well-known/security.txt",
    }
    assert complaints(folder) == ""


def test_with_other_patterns_other_files_are_left_out(folder: Path) -> None:
    put(folder, ".nojekyll", "drafts/a.html", "assets/app.js.map")
    assert set(published(str(folder), ["drafts", "assets/*.ico"])) == {
        "index.html",
        "assets/app.1a2b3c4d.js",
        "assets/app.js.map",
        "favicon.ico",
        ".nojekyll",
    }


def test_digests_are_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\x00\r\n\xff")
    (tmp_path / "empty").write_bytes(b"")
    assert digests({"a": tmp_path / "a", "empty": tmp_path / "empty"}) == {
        "a": "d0585d080e1306012af277c93878dfdff7c00b3e8602893d8361bbcc6e8a791c",
        "empty": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    }


def test_a_link_within_the_folder_is_the_file_it_leads_to(folder: Path) -> None:
    (folder / "copy.html").symlink_to("index.html")
    assert complaints(folder) == ""
    assert published(str(folder), USUAL).keys() >= {"copy.html"}


def test_a_link_out_of_the_folder_is_refused_and_can_be_excluded(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.txt"
    secret.write_text("secret")
    (folder / "here.txt").symlink_to(secret)
    assert "'here.txt' is a link that leads out of the folder" in complaints(folder)
    assert complaints(folder, ["here.txt"]) == ""


def test_links_to_folders_links_to_nothing_and_what_is_no_file_are_refused(folder: Path) -> None:
    (folder / "again").symlink_to(folder)
    (folder / "gone.html").symlink_to("nothing.html")
    os.mkfifo(folder / "pipe")
    told = complaints(folder)
    assert "'again' is a link to a folder" in told
    assert "'gone.html' is no file, or a link to none" in told
    assert "'pipe' is no file" in told


def test_names_that_no_address_can_have_are_refused(folder: Path) -> None:
    put(folder, "line\nbreak.html", "x" * 200 + "/" + "y" * 200 + "/" + "z" * 200 + "/" + "ä" * 120 + "/" + "ö" * 120)
    with open(os.fsencode(folder) + b"/latin-\xe4.html", "w"):  # noqa: PTH123  (no str names it)
        pass
    told = complaints(folder)
    assert r"'line\nbreak.html' has a character" in told
    assert r"'latin-\udce4.html' has a character" in told
    assert "longer than 1024 bytes" in told


def test_unusual_names_that_an_address_can_have_are_not_refused(folder: Path) -> None:
    put(folder, "a b.html", "grün/100%.html", "q?a=1#x.html", "tilde~.html", "star*.html", "日本.html")
    assert complaints(folder) == ""


def test_a_file_too_large_for_one_upload_is_refused(folder: Path) -> None:
    with (folder / "film.mp4").open("wb") as film:
        film.truncate(site_folder.LARGEST_FILE)
    assert complaints(folder) == ""
    with (folder / "film.mp4").open("ab") as film:
        film.write(b"x")
    assert "'film.mp4' is larger than 5 GiB" in complaints(folder)


def test_the_place_of_the_record_is_taken(folder: Path) -> None:
    put(folder, ".keelson/site-content.json")
    assert complaints(folder) == ""
    assert "lies in .keelson/" in complaints(folder, [])


def test_what_is_no_site_is_refused(tmp_path: Path) -> None:
    assert "does not exist" in complaints(tmp_path / "missing")
    assert "holds no files to publish" in complaints(tmp_path)
    put(tmp_path, "about.html", ".hidden")
    assert "holds no index.html" in complaints(tmp_path)
    assert "is no folder" in complaints(tmp_path / "about.html")
    assert "is not absolute" in "\n".join(folder_problems("dist", USUAL))
