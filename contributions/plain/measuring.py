"""How hard a text is to read, from its words alone: sentences, syllables, and what comes of them.

For Dutch there is a score, by the formula of Flesch as W. H. Douma fitted it to Dutch (*De
leesbaarheid van landbouwbladen*, Wageningen 1960, Bulletin 17). Other languages have none that
people agree on here: of those, the length of sentences and of words is told.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

# Longest first: what is written with several letters may still be one sound.
_SOUNDS = re.compile(
    r"eeu|ieu|aai|ooi|oei|aa|ee|éé|ie|oo|óó|oe|uu|eu|ui|ij|ei|ai|au|ou|(?<!q)u|[aeioyáàâäéèêëíîïóôöúûü]"
)
_WORD = re.compile(r"[^\W_]+(?:[-'’.,][^\W_]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[”\"')*_]*\s+")
#: A point after these ends no sentence.
_SHORTENED = re.compile(
    r"(?<!\w)(?:(?:\w\.){2,}|(?:bijv|bv|evt|nr|blz|dhr|mw|mevr|dr|drs|ir|mr|ing|ca|incl|excl|art"
    r"|max|min|tel|mln|mld|jl|prof|st|np|ul|ok|tzw|str|бул|ул|пл|гр)\.)$",
    re.IGNORECASE,
)
#: Addresses on the web are not read aloud, and count for nothing.
_ADDRESS = re.compile(r"https?://\S+")
_MARKDOWN_LINK = re.compile(r"\[([^\[\]\n]*)\]\([^()\s]*\)")
_MARKDOWN_MARKS = re.compile(r"^(?:#+|[-*•]|\d+[.)]|>)[ \t]+|[*_`]{1,2}", re.MULTILINE)
#: A line goes on where it ends without a mark and the next begins with a small letter.
_LINE = re.compile(r"\s*\n\s*")


class Sentence(NamedTuple):
    """One sentence, heading or line of a list; ``is_whole`` where it ends as a sentence does."""

    text: str
    words: tuple[str, ...]
    is_whole: bool


def sentences(text: str) -> list[Sentence]:
    """Return the sentences of a text, without marks of Markdown and addresses on the web.

    A line that does not end as a sentence does is one by itself, unless the next line goes on.
    """
    found = []
    for block in _blocks(text):
        for piece in _pieces(block):
            words = tuple(_WORD.findall(piece))
            if words:
                is_whole = piece.rstrip("”\"')*_ ")[-1:] in set(".!?…:")
                found.append(Sentence(piece.strip(), words, is_whole))
    return found


def _blocks(text: str) -> Iterable[str]:
    """Return the lines of a text; what was only wrapped is one line again."""
    text = _MARKDOWN_LINK.sub(r"\1", _ADDRESS.sub("", text.strip()))
    lines: list[list[str]] = [[]]
    for line in _LINE.split(text):
        bare = _MARKDOWN_MARKS.sub("", line)
        if not (lines[-1] and bare == line and line[:1].islower()):
            lines.append([])
        lines[-1].append(bare)
    return (" ".join(parts) for parts in lines if parts)


def _pieces(block: str) -> Iterable[str]:
    """Return a line cut where sentences end, but for points of shortened words."""
    kept: list[str] = []
    for piece in _SENTENCE_END.split(block):
        kept.append(piece)
        if not _SHORTENED.search(piece[-12:]):
            yield " ".join(kept)
            kept = []
    if kept:
        yield " ".join(kept)


def syllables(word: str) -> int:
    """Return how many syllables a Dutch word has."""
    return max(len(_SOUNDS.findall(word.lower())), 1)


def words_per_sentence(told: Sequence[Sentence]) -> float:
    """Return how many words a sentence has on average; there must be one."""
    return sum(len(sentence.words) for sentence in told) / len(told)


def letters_per_word(told: Sequence[Sentence]) -> float:
    """Return how many letters a word has on average; numbers do not count."""
    lengths = [n for sentence in told for word in sentence.words if (n := letters(word))]
    return sum(lengths) / len(lengths) if lengths else 0.0


def letters(word: str) -> int:
    """Return how many letters a word has."""
    return sum(map(str.isalpha, word))


def flesch_douma(told: Sequence[Sentence]) -> float:
    """Return the score of Dutch sentences: about 100 is very easy to read, 0 very hard.

    206.84 − 0.77 × syllables in a hundred words − 0.93 × words in a sentence (Douma 1960).
    """
    words = [word for sentence in told for word in sentence.words]
    per_word = sum(map(syllables, words)) / len(words)
    return 206.84 - 77 * per_word - 0.93 * words_per_sentence(told)
