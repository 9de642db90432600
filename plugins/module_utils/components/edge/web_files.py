# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How a file of a site is served: its content type, and how long browsers and CloudFront may keep it.

The types do not come from the machine, whose own tables differ from one to the next.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATED = "no-cache"
SHORT = "public, max-age=300"

PAGES = (".html", ".htm", ".xhtml")
HASHED = re.compile(r"[.-](?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{8,64}\.[^/]+$")
"""Names with a digest of the content in them, as bundlers give them: ``app.1a2b3c4d.js``. All digits may be a date."""

TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".css": "text/css",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".cjs": "text/javascript",
    ".wasm": "application/wasm",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".map": "application/json",
    ".webmanifest": "application/manifest+json",
    ".xml": "application/xml",
    ".rss": "application/rss+xml",
    ".atom": "application/atom+xml",
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".csv": "text/csv",
    ".ics": "text/calendar",
    ".vtt": "text/vtt",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".bmp": "image/bmp",
    ".ico": "image/vnd.microsoft.icon",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".ttf": "font/ttf",
    ".otf": "font/otf",
    ".eot": "application/vnd.ms-fontobject",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".ogv": "video/ogg",
    ".m3u8": "application/vnd.apple.mpegurl",
    ".glb": "model/gltf-binary",
    ".gltf": "model/gltf+json",
    ".pdf": "application/pdf",
    ".zip": "application/zip",
    ".gz": "application/gzip",
    ".tar": "application/x-tar",
}
UNKNOWN_TYPE = "application/octet-stream"


def content_type(path: str, own: Mapping[str, str]) -> str:
    """Of the file at this path of the site. ``own``: types by pattern, of which the first that fits counts."""
    found = first_match(path, own) or TYPES.get(PurePosixPath(path).suffix.lower(), UNKNOWN_TYPE)
    return f"{found}; charset=utf-8" if found.startswith("text/") and ";" not in found else found


def cache_control(path: str, own: Mapping[str, str]) -> str:
    """``own``: values by pattern, of which the first that fits counts, before the rules of this file."""
    if found := first_match(path, own):
        return found
    if path.lower().endswith(PAGES):
        return REVALIDATED
    return IMMUTABLE if HASHED.search(path) else SHORT


def first_match(path: str, values: Mapping[str, str]) -> str | None:
    return next((value for pattern, value in values.items() if fits(path, pattern)), None)


def fits(path: str, pattern: str) -> bool:
    """Whether a pattern of the shell's sort fits: one with a slash the whole path, any other the name.

    Its ``*`` stands for slashes too.
    """
    return fnmatchcase(path if "/" in pattern else PurePosixPath(path).name, pattern)
