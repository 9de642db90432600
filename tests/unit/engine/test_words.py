# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which word was meant."""

from __future__ import annotations

import pytest
from ansible_collections.keelson.eks.plugins.module_utils.engine.words import did_you_mean, distance, nearest


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("network_natt", "network_nat"),  # a letter too many
        ("databse_enabled", "database_enabled"),  # one missing
        ("netwrok_nat", "network_nat"),  # two swapped
        ("Cluster_Version", "cluster_version"),  # capitals
        ("buckts", "buckets"),
        ("bukts", None),  # two letters off, and short
        ("network_ipv6", None),
        ("team", None),
    ],
)
def test_a_slip_of_one_or_two_letters_is_known(word: str, meant: str | None) -> None:
    known = ("network_nat", "database_enabled", "cluster_version", "buckets", "network_cidr")
    assert nearest(word, known) == meant


def test_of_several_the_nearest_is_meant() -> None:
    assert nearest("clusters", ("cluster", "clustered")) == "cluster"
    assert did_you_mean("prot", ("port", "path")) == " Did you mean port?"
    assert did_you_mean("anything", ()) == ""


@pytest.mark.parametrize(
    ("left", "right", "far"), [("", "abc", 3), ("abc", "abc", 0), ("ab", "ba", 1), ("abc", "xbcd", 2)]
)
def test_letters_are_put_in_left_out_exchanged_and_swapped(left: str, right: str, far: int) -> None:
    assert distance(left, right) == distance(right, left) == far
