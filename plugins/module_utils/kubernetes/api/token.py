# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The bearer token of an EKS cluster, made in this process: neither the aws CLI nor an exec plugin is needed."""

from __future__ import annotations

import base64

from ...aws.session import Aws
from ...engine.errors import KeelsonError

LIFETIME = 14 * 60
"""Seconds for which EKS takes a token: it counts from the signature's date, whatever the URL's own expiry says."""


def bearer_token(aws: Aws, cluster: str) -> str:
    """A presigned ``sts:GetCallerIdentity`` that names the cluster in a signed header, by the caller's credentials now.

    EKS asks STS who signed it: https://docs.aws.amazon.com/eks/latest/userguide/cluster-auth.html. Signing is local, no
    call is made (but one to refresh the credentials of an assumed role).
    """
    from botocore.signers import RequestSigner

    credentials = aws.session.get_credentials()
    if credentials is None:
        raise KeelsonError(
            f"cluster {cluster}: there are no AWS credentials to make its token with. "
            "Set keelson_profile, or AWS_PROFILE."
        )
    sts = aws.client("sts").meta
    emitter = aws.session.get_component("event_emitter")
    signer = RequestSigner(sts.service_model.service_id, aws.region, "sts", "v4", credentials, emitter)
    request = {
        "method": "GET",
        "url": f"{sts.endpoint_url.rstrip('/')}/?Action=GetCallerIdentity&Version=2011-06-15",
        "body": {},
        "headers": {"x-k8s-aws-id": cluster},
        "context": {},
    }
    url = signer.generate_presigned_url(request, region_name=aws.region, expires_in=60, operation_name="")
    return "k8s-aws-v1." + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")
