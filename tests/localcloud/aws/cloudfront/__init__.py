# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Amazon CloudFront: distributions that take their time, what they are made of, and what is refused while it is in use.

https://docs.aws.amazon.com/cloudfront/latest/APIReference/. Built on moto's routing; its keys and key value stores stay
moto's.
"""

from __future__ import annotations

import moto.cloudfront.models
import moto.cloudfront.urls
from moto.cloudfront.responses import CloudFrontResponse

from . import access_controls, distributions, functions, headers_policies, invalidations, tags  # noqa: F401  (each registers its operations)
from .backend import OPERATIONS, CloudFrontBackend, answer

__all__ = ["install"]


def install() -> None:
    moto.cloudfront.models.cloudfront_backends.backend = CloudFrontBackend
    for name, function in OPERATIONS.items():
        setattr(CloudFrontResponse, name, answer(function))
    moto.cloudfront.urls.url_paths["{0}/2020-05-31/(?P<path>.+)$"] = CloudFrontResponse.dispatch
