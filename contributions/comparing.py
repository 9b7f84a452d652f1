"""Comparing two texts word by word, in a time that has a bound."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

#: Of an unchanged stretch so many words stand beside what changed; the rest is folded away, unless
#: that is so little that a press to open it asks more than it spares.
CONTEXT_WORDS = 12
FOLD_AT_LEAST = 20
#: Up to so many pairs of words, difflib compares each with each.
_COMPARE_EACH = 2_500
#: Steps for one text. What is left then counts as replaced: two texts that share nothing to speak
#: of read better so than as shreds.
_STEPS = 250_000
#: Words in a row that stayed by chance, between others that did not: read as part of the change.
_BY_CHANCE = 2

_LINES = re.compile(r"\n+[^\S\n]*|\S+[^\S\n]*|[^\S\n]+")
ITEMS = re.compile(r"[^,]+(?:,\s*|$)|,\s*")


class Sort(StrEnum):
    """What became of a piece of a text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    FOLDED = "folded"


@dataclass(frozen=True)
class Piece:
    """A stretch of a text; ``ends`` where after it the text goes on as it was."""

    sort: Sort
    text: str
    words: int = 0
    ends: bool = False


def compare(before: str, after: str, *, units: re.Pattern[str] = _LINES) -> list[Piece]:
    """Return the pieces that lead from one text to the other, long unchanged stretches folded.

    Args:
        units: what is compared as one: words and ends of lines, if not said otherwise.
    """
    old, new = units.findall(before), units.findall(after)
    key = _key_of_item if units is ITEMS else _key
    matches = list(_matches([key(one) for one in old], [key(one) for one in new]))
    pieces: list[Piece] = []
    i = j = 0
    for at, to, length in _without_chance(matches, len(old), len(new)):
        pieces += _changed(old[i:at], new[j:to])
        if length:
            pieces.append(Piece(Sort.SAME, "".join(new[to : to + length]), length))
        i, j = at + length, to + length
    return with_ends(_folded(pieces))


def _key(unit: str) -> str:
    """Return what makes a unit the same as another: not the spaces after it."""
    return unit.strip() or "\n" * unit.count("\n")


def _key_of_item(unit: str) -> str:
    return unit.strip(" ,")


def _changed(removed: Sequence[str], added: Sequence[str]) -> Iterator[Piece]:
    if removed:
        text = "".join(removed)
        # The word that takes its place must not stick to it.
        glued = bool(added) and not text[-1].isspace()
        yield Piece(Sort.REMOVED, f"{text} " if glued else text, len(removed))
    if added:
        yield Piece(Sort.ADDED, "".join(added), len(added))


class Match(NamedTuple):
    """So many units in a row that both texts share: where they begin in each."""

    at: int
    to: int
    length: int


class Stretch(NamedTuple):
    """A part of both texts that is still to be compared."""

    old: int
    old_end: int
    new: int
    new_end: int

    @property
    def pairs(self) -> int:
        return (self.old_end - self.old) * (self.new_end - self.new)

    @property
    def steps(self) -> int:
        """Return what comparing it costs at most."""
        compared = self.pairs if self.pairs <= _COMPARE_EACH else 0
        return (self.old_end - self.old) + (self.new_end - self.new) + compared


def _matches(old: list[str], new: list[str]) -> Iterator[Match]:
    """Yield what both share, in order.

    Words that stand once in both are the anchors (as in "patience diff"); small stretches between
    them are compared word by word. The steps are counted, so that no two texts take long.
    """
    steps = _STEPS
    todo: list[Match | Stretch] = [Stretch(0, len(old), 0, len(new))]
    while todo:
        one = todo.pop()
        if isinstance(one, Match):
            yield one
            continue
        head, middle, tail = _trimmed(old, new, one)
        steps -= middle.steps
        inside = _inside(old, new, middle) if middle.pairs and steps >= 0 else []
        # What was put on last is taken up first.
        todo += [*tail, *reversed(inside), *head]


def _trimmed(
    old: list[str], new: list[str], one: Stretch
) -> tuple[list[Match], Stretch, list[Match]]:
    """Return what both begin with, if anything, what lies between, and what both end with."""
    i, i_end, j, j_end = one
    while i < i_end and j < j_end and old[i] == new[j]:
        i, j = i + 1, j + 1
    while i < i_end and j < j_end and old[i_end - 1] == new[j_end - 1]:
        i_end, j_end = i_end - 1, j_end - 1
    head = [Match(one.old, one.new, i - one.old)] if i > one.old else []
    tail = [Match(i_end, j_end, one.old_end - i_end)] if i_end < one.old_end else []
    return head, Stretch(i, i_end, j, j_end), tail


def _inside(old: list[str], new: list[str], one: Stretch) -> list[Match | Stretch]:
    """Return the matches in a stretch and what is left to compare between them, in order."""
    i, i_end, j, j_end = one
    if one.pairs <= _COMPARE_EACH:
        blocks = SequenceMatcher(None, old[i:i_end], new[j:j_end], autojunk=False)
        return [
            Match(i + block.a, j + block.b, block.size)
            for block in blocks.get_matching_blocks()
            if block.size
        ]
    parts: list[Match | Stretch] = []
    for at, to in _anchors(old, new, one):
        parts += [Stretch(i, at, j, to), Match(at, to, 1)]
        i, j = at + 1, to + 1
    return [*parts, Stretch(i, i_end, j, j_end)] if parts else []


def _anchors(old: list[str], new: list[str], one: Stretch) -> list[tuple[int, int]]:
    """Return the places of words that stand once on both sides, in the same order."""
    i, i_end, j, j_end = one
    in_old, in_new = Counter(old[i:i_end]), Counter(new[j:j_end])
    place = {new[at]: at for at in range(j, j_end) if in_new[new[at]] == 1}
    pairs = [
        (at, place[old[at]]) for at in range(i, i_end) if in_old[old[at]] == 1 and old[at] in place
    ]
    # The longest row of them that rises in both (patience sorting).
    tops: list[int] = []
    top_pairs: list[int] = []
    before: list[int] = []
    for number, (_at, to) in enumerate(pairs):
        pile = bisect_left(tops, to)
        before.append(top_pairs[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [to]
        top_pairs[pile : pile + 1] = [number]
    row = []
    number = top_pairs[-1] if top_pairs else -1
    while number >= 0:
        row.append(pairs[number])
        number = before[number]
    return row[::-1]


def _without_chance(matches: list[Match], old: int, new: int) -> Iterator[Match]:
    """Yield the matches without a lonely "the" or "and" between words that all changed.

    The last one yielded has no length: it stands at the end of both texts.
    """
    joined: list[Match] = []
    for match in matches:
        last = joined[-1] if joined else None
        if last and (last.at + last.length, last.to + last.length) == (match.at, match.to):
            joined[-1] = last._replace(length=last.length + match.length)
        else:
            joined.append(match)
    stops = [Match(0, 0, 0), *joined, Match(old, new, 0)]
    for left, match, right in zip(stops, joined, stops[2:], strict=False):
        changed = (match.at - left.at - left.length) + (match.to - left.to - left.length)
        follows = (right.at - match.at) + (right.to - match.to) - 2 * match.length
        is_lonely = min(changed, follows) > 2 * match.length
        if match.length > _BY_CHANCE or not is_lonely:
            yield match
    yield Match(old, new, 0)


def _folded(pieces: list[Piece]) -> list[Piece]:
    """Fold what stayed the same further away from a change than its context."""
    folded: list[Piece] = []
    for number, piece in enumerate(pieces):
        words = _LINES.findall(piece.text)
        head = CONTEXT_WORDS if number else 0
        tail = CONTEXT_WORDS if number < len(pieces) - 1 else 0
        if piece.sort != Sort.SAME or len(words) - head - tail < FOLD_AT_LEAST:
            folded.append(piece)
            continue
        end = len(words) - tail
        parts = [
            (Sort.SAME, words[:head]),
            (Sort.FOLDED, words[head:end]),
            (Sort.SAME, words[end:]),
        ]
        folded += [Piece(sort, "".join(some), len(some)) for sort, some in parts if some]
    return folded


def with_ends(pieces: list[Piece]) -> list[Piece]:
    """Mark the last piece of each change."""
    changed = {Sort.ADDED, Sort.REMOVED}
    after = [*pieces[1:], Piece(Sort.SAME, "")] if pieces else []
    return [
        replace(piece, ends=True)
        if piece.sort in changed and following.sort not in changed
        else piece
        for piece, following in zip(pieces, after, strict=True)
    ]
