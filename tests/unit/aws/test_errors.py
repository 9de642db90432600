# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What becomes of botocore's exceptions."""

from __future__ import annotations

from pathlib import Path

import botocore.session
import pytest
from ansible_collections.keelson.eks.plugins.module_utils.aws.session import Aws, Connection
from ansible_collections.keelson.eks.plugins.module_utils.engine.errors import KeelsonError


@pytest.mark.parametrize("method", ["find", "call"])
def test_who_has_no_credentials_is_told_so_and_what_to_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, method: str
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    account = Aws(Connection(region="eu-west-1", endpoint_url="http://127.0.0.1:1"))
    account.session = botocore.session.Session()
    with pytest.raises(
        KeelsonError, match=r"rds:DescribeDBClusters: Unable to locate credentials\. Set keelson_profile"
    ):
        getattr(account, method)("rds", "describe_db_clusters", DBClusterIdentifier="a")
