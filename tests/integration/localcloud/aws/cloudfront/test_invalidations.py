# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The local cloud's invalidations of CloudFront."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from localcloud.testing import Cloud

CONFIG = {
    "CallerReference": "one",
    "Comment": "",
    "Enabled": True,
    "Origins": {
        "Quantity": 1,
        "Items": [
            {
                "Id": "bucket",
                "DomainName": "site.s3.us-east-1.amazonaws.com",
                "S3OriginConfig": {"OriginAccessIdentity": ""},
            }
        ],
    },
    "DefaultCacheBehavior": {
        "TargetOriginId": "bucket",
        "ViewerProtocolPolicy": "redirect-to-https",
        "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
    },
}


@pytest.fixture
def distribution(cloud: Cloud) -> str:
    made: str = cloud.client("cloudfront").create_distribution(DistributionConfig=CONFIG)["Distribution"]["Id"]
    return made


def invalidate(cloud: Cloud, distribution: str, reference: str, *paths: str) -> dict[str, Any]:
    batch = {"Paths": {"Quantity": len(paths), "Items": list(paths)}, "CallerReference": reference}
    made: dict[str, Any] = cloud.client("cloudfront").create_invalidation(
        DistributionId=distribution, InvalidationBatch=batch
    )["Invalidation"]
    return made


def refusal(cloud: Cloud, distribution: str, reference: str, *paths: str) -> str:
    with pytest.raises(ClientError) as caught:
        invalidate(cloud, distribution, reference, *paths)
    return str(caught.value.response["Error"]["Code"])


def test_an_invalidation_is_in_progress_until_its_time_has_passed(cloud: Cloud, distribution: str) -> None:
    cloud.clock(held=True)
    made = invalidate(cloud, distribution, "r", "/index.html", "/a%20b*")
    assert made["Status"] == "InProgress"
    cloud.clock(held=False)
    found = cloud.client("cloudfront").get_invalidation(DistributionId=distribution, Id=made["Id"])["Invalidation"]
    assert found["Status"] == "Completed"
    assert found["InvalidationBatch"] == {
        "Paths": {"Quantity": 2, "Items": ["/index.html", "/a%20b*"]},
        "CallerReference": "r",
    }
    listed = cloud.client("cloudfront").list_invalidations(DistributionId=distribution)["InvalidationList"]
    assert [one["Id"] for one in listed["Items"]] == [made["Id"]]


def test_the_same_request_again_is_the_same_invalidation_and_with_other_paths_refused(
    cloud: Cloud, distribution: str
) -> None:
    made = invalidate(cloud, distribution, "r", "/a", "/b")
    assert invalidate(cloud, distribution, "r", "/b", "/a")["Id"] == made["Id"]
    assert invalidate(cloud, distribution, "r2", "/a", "/b")["Id"] != made["Id"]
    assert refusal(cloud, distribution, "r", "/a") == "InvalidationBatchAlreadyExists"


@pytest.mark.parametrize("path", ["index.html", "/a b", "/ä", "/a*b", "/~me", "/%", "/" + "a" * 4000, ""])
def test_a_path_that_is_not_as_cloudfront_wants_it_is_refused(cloud: Cloud, distribution: str, path: str) -> None:
    assert refusal(cloud, distribution, "r", path) == "InvalidArgument"


def test_only_so_many_may_be_in_progress(cloud: Cloud, distribution: str) -> None:
    cloud.clock(held=True)
    invalidate(cloud, distribution, "r1", *(f"/{number}" for number in range(2999)))
    invalidate(cloud, distribution, "r2", *(f"/{number}*" for number in range(15)))
    assert refusal(cloud, distribution, "r3", "/a", "/b") == "TooManyInvalidationsInProgress"
    assert refusal(cloud, distribution, "r3", "/*") == "TooManyInvalidationsInProgress"
    invalidate(cloud, distribution, "r3", "/a")
    cloud.clock(held=False)
    invalidate(cloud, distribution, "r4", "/*")
    assert refusal(cloud, distribution, "r5", *(f"/{number}" for number in range(3001))) == "BatchTooLarge"


def test_what_is_not_there_is_not_found(cloud: Cloud, distribution: str) -> None:
    assert refusal(cloud, "ENONE", "r", "/a") == "NoSuchDistribution"
    with pytest.raises(ClientError, match="NoSuchInvalidation"):
        cloud.client("cloudfront").get_invalidation(DistributionId=distribution, Id="INONE")
