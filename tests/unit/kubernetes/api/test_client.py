# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How the API server's refusals, and tokens, are understood."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.aws.session import Aws, Connection
from ansible_collections.keelson.eks.plugins.module_utils.engine.errors import Blocked
from ansible_collections.keelson.eks.plugins.module_utils.kubernetes.api.client import (
    FieldConflict,
    KubernetesError,
    Served,
    refusal,
)
from ansible_collections.keelson.eks.plugins.module_utils.kubernetes.api.cluster import kubeconfig, write_private
from ansible_collections.keelson.eks.plugins.module_utils.kubernetes.api.token import bearer_token

URL = "https://cluster/api/v1/namespaces/apps?fieldManager=helm"


def refused(code: int, **status: Any) -> Any:
    return refusal("PATCH", URL, code, json.dumps(status))


def conflict(*messages: str) -> Any:
    causes = [{"reason": "FieldManagerConflict", "message": message, "field": ".spec.replicas"} for message in messages]
    return refused(409, reason="Conflict", details={"causes": causes})


def test_an_unknown_caller_is_told_about_access_entries_and_tried_again_for_a_while() -> None:
    error = refused(401, reason="Unauthorized", message="Unauthorized")
    assert isinstance(error, Blocked) and error.patience and "access entry" in str(error)


def test_a_missing_permission_is_final() -> None:
    error = refused(403, reason="Forbidden", message="namespaces is forbidden")
    assert isinstance(error, KubernetesError) and "access policy" in str(error)


@pytest.mark.parametrize("code", [409, 429, 500, 503])
def test_what_passes_by_itself_is_tried_again(code: int) -> None:
    assert isinstance(refused(code, message="busy"), Blocked)


@pytest.mark.parametrize(
    "why", ["failed to create typed patch object (default/web)", "failed to convert new object (default/web)"]
)
def test_a_manifest_that_does_not_fit_its_kind_is_not_tried_again(why: str) -> None:
    assert isinstance(refused(500, message=why), KubernetesError)


def test_an_answer_that_is_no_status_is_told_as_it_is() -> None:
    assert "upstream down" in str(refusal("GET", URL, 400, "upstream down"))


def test_fields_that_were_edited_by_hand_are_told_apart_from_those_that_a_tool_applies() -> None:
    assert conflict('conflict with "kubectl-edit" using apps/v1').by_hand
    assert conflict(
        'conflict with "kube-controller-manager" with subresource "scale" using apps/v1 at 2026-01-01T00:00:00Z'
    ).by_hand
    assert not conflict('conflict with "argocd"').by_hand
    assert not conflict('conflict with "kubectl-edit" using apps/v1', 'conflict with "argocd"').by_hand


def test_a_conflict_names_the_field_and_who_has_it() -> None:
    error = conflict('conflict with "argocd"')
    assert isinstance(error, FieldConflict) and error.others == ('"argocd"',)
    assert str(error) == 'PATCH https://cluster/api/v1/namespaces/apps: .spec.replicas belong to "argocd"'


def test_paths_are_those_of_the_kubernetes_api() -> None:
    assert Served("v1", "Namespace", "namespaces", False).path(name="apps") == "/api/v1/namespaces/apps"
    assert (
        Served("apps/v1", "Deployment", "deployments", True).path("apps", "web")
        == "/apis/apps/v1/namespaces/apps/deployments/web"
    )
    assert Served("v1", "Role", "roles", True).path("apps", "system:a") == "/api/v1/namespaces/apps/roles/system%3Aa"


def test_a_token_is_a_presigned_url_that_names_the_cluster_in_a_signed_header() -> None:
    aws = Aws(
        Connection(
            "eu-west-1", access_key="AKIAIOSFODNN7EXAMPLE", secret_key="unknown-to-everybody", session_token="assumed"
        )
    )
    token = bearer_token(aws, "acme-test")
    assert token.startswith("k8s-aws-v1.") and "=" not in token
    encoded = token.removeprefix("k8s-aws-v1.")
    url = urlparse(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode())
    query = parse_qs(url.query)
    assert (url.scheme, url.netloc) == ("https", "sts.eu-west-1.amazonaws.com")
    assert query["Action"] == ["GetCallerIdentity"] and query["X-Amz-Expires"] == ["60"]
    assert "x-k8s-aws-id" in query["X-Amz-SignedHeaders"][0].split(";")
    assert query["X-Amz-Security-Token"] == ["assumed"]


def test_a_kubeconfig_holds_no_token_but_the_file_that_has_it(tmp_path: Any) -> None:
    token = tmp_path / "token"
    write_private(token, "secret-token")
    text = json.dumps(
        kubeconfig("acme-test", {"endpoint": "https://x", "certificateAuthority": {"data": "Y2E="}}, token)
    )
    assert "secret-token" not in text and str(token) in text
    assert token.stat().st_mode & 0o777 == 0o600
