# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Slips of the keyboard: which of the known words was meant."""

from __future__ import annotations

from collections.abc import Iterable

SHORT = 7
"""Letters: a word of fewer may be one letter off, a longer one two."""


def did_you_mean(word: str, among: Iterable[str]) -> str:
    """A sentence to be put behind another, with a space before it; empty when nothing is near."""
    found = nearest(word, among)
    return f" Did you mean {found}?" if found else ""


def nearest(word: str, among: Iterable[str]) -> str | None:
    """The word that differs from this one by one or two letters, or by small and capital letters;
    None when there is none.
    """
    allowed = 1 if len(word) < SHORT else 2
    rated = [
        (distance(word.lower(), other.lower()), other) for other in among if abs(len(other) - len(word)) <= allowed
    ]
    return min((each for each in rated if each[0] <= allowed), default=(0, None))[1]


def distance(one: str, other: str) -> int:
    """How many letters have to be put in, left out, exchanged, or swapped with their neighbour."""
    before, row = [0] * (len(other) + 1), list(range(len(other) + 1))
    for index, letter in enumerate(one, 1):
        last, before, row = before, row, [index]
        for place, wanted in enumerate(other, 1):
            row.append(min(before[place] + 1, row[place - 1] + 1, before[place - 1] + (letter != wanted)))
            if index > 1 and place > 1 and (letter, one[index - 2]) == (other[place - 2], wanted) and letter != wanted:
                row[place] = min(row[place], last[place - 2] + 1)
    return row[-1]
