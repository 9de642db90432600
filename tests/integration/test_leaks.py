# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The search for secrets itself: if it could not find anything, it would find nothing."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from .leaks import Search, forms

SECRET = 'S3cr/t+"\\&%ü'


@pytest.mark.parametrize("begin", range(4))
def test_it_finds_a_secret_in_every_form_wherever_that_begins(begin: int) -> None:
    search = Search(planted=SECRET)
    for form, needle in forms(SECRET):
        assert list(search.find("here", b"x" * begin + needle + b"y")), form
    text = ("x" * begin + SECRET + "after").encode()
    for encoded in (
        base64.b64encode(text),
        base64.urlsafe_b64encode(text),
        base64.encodebytes(text * 9),
        base64.b64encode(text[:-5]),
    ):
        assert list(search.find("here", encoded))
    assert list(search.find("here", json.dumps({"a": json.dumps({"b": SECRET})})))
    assert list(search.find("here", json.dumps(json.dumps({"b": SECRET}))))


def test_it_finds_none_where_there_is_none() -> None:
    assert list(Search(planted=SECRET).find("here", "S3cr/t and S3cr%2Ft" + base64.b64encode(b"S3cr/t").decode())) == []


def test_it_passes_over_a_secret_in_its_own_place_and_no_other() -> None:
    search = Search(mine=SECRET, other="another one")
    assert list(search.find("here", f"{SECRET} another one", own="mine")) == ["here: other, as it is"]


def test_it_finds_a_secret_in_a_file_and_in_a_files_name(tmp_path: Path) -> None:
    search = Search(planted="name-of-a-file")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/name-of-a-file").write_bytes(b"\0\xff")
    (tmp_path / "binary").write_bytes(b"\0\xffname-of-a-file\xfe")
    assert len(list(search.find_in_files(tmp_path))) == 2
