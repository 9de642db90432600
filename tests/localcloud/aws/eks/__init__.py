# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Amazon EKS, whole, in place of moto's: https://docs.aws.amazon.com/eks/latest/APIReference/

Built on moto's routing and on its EC2, IAM, KMS and STS, whose resources it checks, makes and holds. States come from
localcloud.clock: they are computed when something is read, in the order in which things would have happened.
"""

from __future__ import annotations

import moto.eks.models
import moto.eks.urls

from . import (  # noqa: F401  (each registers its operations)
    access,
    addons,
    clusters,
    identities,
    misc,
    nodes,
    tags,
    updates,
    versions,
)
from .access import authentication as _authentication
from .access import authorization as _authorization
from .addons.life import fail_addon
from .api import response_class
from .backend import ControlPlanes, EksBackend, all_backends
from .identities.oidc import oidc_document
from .resources import Data

__all__ = [
    "fail_addon",
    "install",
    "oidc_document",
    "reset",
    "review_access",
    "review_token",
    "settle",
    "use_control_planes",
]


def install() -> None:
    """Take moto's EKS over: its backends and its routes. Backends that exist already stay what they are."""
    moto.eks.models.eks_backends.backend = EksBackend
    moto.eks.urls.response = response_class()()
    moto.eks.urls.url_paths.clear()
    moto.eks.urls.url_paths["{0}/(?P<path>.+)$"] = moto.eks.urls.response.dispatch


def use_control_planes(planes: ControlPlanes | None) -> None:
    """Where clusters made from now on get their API servers from; None: from nowhere."""
    EksBackend.planes = planes


def settle() -> None:
    """Let what is due happen now, without an EKS call."""
    for backend in all_backends():
        backend.settle()


def reset() -> None:
    """Forget everything; control planes go too."""
    for backend in all_backends():
        backend.reset()


def review_token(cluster_name: str, review: Data) -> Data:
    """Answer a TokenReview (authentication.k8s.io/v1) of the cluster's API server."""
    return _authentication.review_token(cluster_name, review)


def review_access(cluster_name: str, review: Data) -> Data:
    """Answer a SubjectAccessReview (authorization.k8s.io/v1) of the cluster's API server."""
    return _authorization.review_access(cluster_name, review)
