# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of all modules, written by ``make generate`` from plugins/doc_fragments/common.py."""

from __future__ import annotations

from typing import Any

COMMON_OPTIONS: dict[str, dict[str, Any]] = {
    "platform": {"type": "str", "required": True},
    "environment": {"type": "str", "required": True},
    "component": {"type": "str"},
    "account_id": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "tags": {"type": "dict", "default": {}, "aliases": ["resource_tags"]},
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 1800},
    "wait_interval": {"type": "float", "default": 5.0},
    "allow_replacement": {"type": "bool", "default": False},
    "prune_limit": {"type": "int", "default": 20},
    "protect": {"type": "bool", "default": False},
    "region": {"type": "str", "aliases": ["aws_region", "ec2_region"]},
    "profile": {"type": "str", "aliases": ["aws_profile"]},
    "access_key": {"type": "str", "aliases": ["aws_access_key_id", "aws_access_key"]},
    "secret_key": {"type": "str", "aliases": ["aws_secret_access_key", "aws_secret_key"]},
    "session_token": {"type": "str", "aliases": ["aws_session_token"]},
    "endpoint_url": {"type": "str", "aliases": ["aws_endpoint_url"]},
    "validate_certs": {"type": "bool", "default": True},
    "aws_ca_bundle": {"type": "path"},
    "aws_config": {"type": "dict"},
    "assume_role_arn": {"type": "str"},
}
