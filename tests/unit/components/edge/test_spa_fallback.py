# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The site's CloudFront function, run by a JavaScript engine on events as CloudFront makes them.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
"""

from __future__ import annotations

import json
from typing import Any

import pytest
import quickjs
from ansible_collections.keelson.eks.plugins.module_utils.components.edge.spa_fallback import SPA_FALLBACK

LARGEST = 10 * 1024
"""Bytes: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-functions"""


def answer(uri: str, querystring: dict[str, Any] | None = None) -> dict[str, Any]:
    """The request that goes on to the cache and the bucket."""
    request = {"method": "GET", "uri": uri, "querystring": querystring or {}, "headers": {}, "cookies": {}}
    event = {
        "version": "1.0",
        "context": {"eventType": "viewer-request"},
        "viewer": {"ip": "192.0.2.1"},
        "request": request,
    }
    engine = quickjs.Context()
    engine.eval(SPA_FALLBACK)
    result: dict[str, Any] = json.loads(engine.eval(f"JSON.stringify(handler({json.dumps(event)}))"))
    return result


@pytest.mark.parametrize(
    "uri", ["/", "/about", "/users/7", "/users/7/", "/users/jane.", "/v1.2/notes", "/a.b/", "/.../x", "/well-known/x"]
)
def test_a_path_of_the_application_is_answered_with_its_page(uri):
    assert answer(uri)["uri"] == "/index.html"


@pytest.mark.parametrize(
    "uri",
    [
        "/index.html",
        "/favicon.ico",
        "/assets/app.1a2b.js",
        "/assets/app.1a2b.js.map",
        "/fonts/a.b/c.woff2",
        "/.nojekyll",
        "/robots.txt",
    ],
)
def test_a_file_stays_itself(uri):
    assert answer(uri)["uri"] == uri


@pytest.mark.parametrize(
    "uri", ["/.well-known/apple-app-site-association", "/.well-known/acme-challenge/abc", "/.well-known/security.txt"]
)
def test_what_others_look_for_at_a_well_known_place_is_never_the_application(uri):
    assert answer(uri)["uri"] == uri


def test_a_query_string_neither_counts_nor_is_lost():
    query = {"file": {"value": "photo.png"}}
    request = answer("/about", query)
    assert (request["uri"], request["querystring"]) == ("/index.html", query)


def test_everything_else_of_the_request_stays():
    before = {"method": "GET", "uri": "/about", "querystring": {}, "headers": {}, "cookies": {}}
    assert answer("/about") == {**before, "uri": "/index.html"}


def test_it_is_as_small_as_cloudfront_wants_it():
    assert len(SPA_FALLBACK.encode()) < LARGEST
