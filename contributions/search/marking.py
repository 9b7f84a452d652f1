"""Marks in a text what a search found there."""

import re
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from contributions.search.queries import Query
from contributions.search.words import folded, terms, words_in

#: How much of a text a result shows, in characters, and how much of it before the first match.
EXCERPT, BEFORE = 180, 50


@dataclass(frozen=True)
class Marker:
    """Marks the words of a search in texts of a language."""

    query: Query
    language: str

    def marked(self, text: str) -> SafeString:
        """Return a text as HTML, with what was found in ``<mark>``."""
        out: list[str] = []
        after = 0
        for start, end in self._found(text):
            out += [escape(text[after:start]), "<mark>", escape(text[start:end]), "</mark>"]
            after = end
        out.append(escape(text[after:]))
        return mark_safe("".join(out))  # noqa: S308  (every piece of the text is escaped)

    def excerpt(self, text: str) -> SafeString:
        """Return the piece of a text around the first thing found, marked; nothing if none is."""
        first = next(iter(self._found(text, only_first=True)), None)
        if first is None:
            return SafeString("")
        start = max(0, first[0] - BEFORE)
        if start:
            start = text.find(" ", start, first[0]) + 1 or first[0]
        end = min(len(text), start + EXCERPT)
        if end < len(text):
            end = max(text.rfind(" ", first[1], end), first[1])
        piece = self.marked(text[start:end])
        return mark_safe(f"{'… ' if start else ''}{piece}{' …' if end < len(text) else ''}")  # noqa: S308

    def _found(self, text: str, *, only_first: bool = False) -> list[tuple[int, int]]:
        """Return where the words of the search stand; those of a phrase only in their order."""
        matches = list(words_in(text))
        single = frozenset().union(
            *(
                terms(part.words[0], self.query.language)
                for part in self.query.parts
                if not part.is_phrase
            )
        )
        phrases = [tuple(map(folded, p.words)) for p in self.query.parts if p.is_phrase]
        found: dict[int, int] = {}
        for at, match in enumerate(matches):
            if not single.isdisjoint(terms(match[0], self.language)):
                found[at] = at + 1
            for phrase in phrases:
                if self._stands_at(matches, at, phrase):
                    found[at] = max(found.get(at, 0), at + len(phrase))
            if found and only_first:
                break
        return _joined([(matches[at].start(), matches[to - 1].end()) for at, to in found.items()])

    @staticmethod
    def _stands_at(matches: list[re.Match[str]], at: int, phrase: tuple[str, ...]) -> bool:
        return all(
            at + number < len(matches) and folded(matches[at + number][0]) == word
            for number, word in enumerate(phrase)
        )


def _joined(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in places:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
