# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What lets a single-page application be reloaded at any of its paths: a CloudFront function in JavaScript."""

from __future__ import annotations

SPA_FALLBACK = r"""// The application's own paths are answered with its index.html.
// What has an extension or is in /.well-known/ is a file.
function handler(event) {
    var request = event.request;
    var isFile = /\.[^.\/]+$/.test(request.uri) || request.uri.indexOf('/.well-known/') === 0;
    if (!isFile) {
        request.uri = '/index.html';
    }
    return request;
}
"""
"""For viewer requests:
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html
"""
