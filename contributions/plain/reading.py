"""What a text of staff is like to read: a verdict, and what to make plainer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from contributions.plain.limits import (
    ENOUGH_WORDS,
    LOWEST_SCORE,
    VERY_LOW_SCORE,
    VERY_MUCH,
    Limits,
    limits_of,
)
from contributions.plain.measuring import (
    Sentence,
    flesch_douma,
    letters,
    letters_per_word,
    sentences,
    words_per_sentence,
)
from contributions.plain.passive import is_passive
from contributions.plain.policy_words import NO_POLICY_WORDS, PolicyWords, Said

T = TypeVar("T")

#: More of one kind nobody works through at once; the rest comes when these are gone.
SHOWN = 5
#: A sentence is quoted so far, to be found again.
QUOTED = 160
#: More than any field for a text of staff takes; what comes after is not looked at.
LOOKED_AT = 20_000


class Verdict(StrEnum):
    """How hard a text is to read."""

    NOTHING = "nothing"
    FEW_WORDS = "few_words"
    EASY = "easy"
    HARD = "hard"
    VERY_HARD = "very_hard"


@dataclass(frozen=True)
class Reading:
    """What was found in a text.

    Args:
        score: of Flesch-Douma; only Dutch has one.
        long_sentences, passive: the sentences, cut short.
        long_words: as they stand there, each once.
    """

    language: str
    verdict: Verdict
    score: int | None = None
    words_in_sentence: float = 0.0
    letters_in_word: float = 0.0
    long_sentences: tuple[str, ...] = ()
    long_words: tuple[str, ...] = ()
    passive: tuple[str, ...] = ()
    policy_words: tuple[Said, ...] = ()

    @property
    def is_hard(self) -> bool:
        """Say whether it is so hard that it takes a reason."""
        return self.verdict in (Verdict.HARD, Verdict.VERY_HARD)

    @property
    def shown_score(self) -> int | None:
        """Return the score between 0 and 100: what lies beyond tells nobody more."""
        return None if self.score is None else max(0, min(100, self.score))


def one_text(*parts: str | None) -> str:
    """Return the parts of a text that people read one after another as the text they are."""
    return "\n\n".join(part for part in parts if part)


def read(text: str, language: str, policy_words: PolicyWords = NO_POLICY_WORDS) -> Reading:
    """Look how hard a text is to read in a language, and what makes it so."""
    text = text[:LOOKED_AT]
    told = sentences(text)
    if not told:
        return Reading(language, Verdict.NOTHING)
    limits = limits_of(language)
    in_sentence, in_word = words_per_sentence(told), letters_per_word(told)
    score = round(flesch_douma(told)) if language == "nl" else None
    if sum(len(sentence.words) for sentence in told) < ENOUGH_WORDS:
        verdict = Verdict.FEW_WORDS
    else:
        verdict = _verdict(score, in_sentence, in_word, limits)
    return Reading(
        language,
        verdict,
        score,
        round(in_sentence, 1),
        round(in_word, 1),
        long_sentences=_first(
            _quoted(one) for one in told if len(one.words) > limits.long_sentence
        ),
        long_words=_first(_long_words(told, limits)),
        passive=_first(_quoted(one) for one in told if is_passive(one.words, language)),
        policy_words=_first(_each_once(policy_words.said_in(text))),
    )


def _verdict(score: int | None, in_sentence: float, in_word: float, limits: Limits) -> Verdict:
    if score is not None:
        if score < VERY_LOW_SCORE:
            return Verdict.VERY_HARD
        return Verdict.HARD if score < LOWEST_SCORE else Verdict.EASY
    over = in_sentence / limits.mean_sentence
    if limits.mean_word is not None:
        over = max(over, in_word / limits.mean_word)
    if over > VERY_MUCH:
        return Verdict.VERY_HARD
    return Verdict.HARD if over > 1 else Verdict.EASY


def _long_words(told: list[Sentence], limits: Limits) -> Iterator[str]:
    """Find long words; with a capital inside a sentence they are names, which stay as they are."""
    for sentence in told:
        for number, word in enumerate(sentence.words):
            longest = max(map(letters, word.split("-")))
            if longest >= limits.long_word and not (number and word[0].isupper()):
                yield word


def _each_once(said: Iterable[Said]) -> Iterator[Said]:
    return iter({one.word.lower(): one for one in said}.values())


def _quoted(sentence: Sentence) -> str:
    text = sentence.text
    if len(text) <= QUOTED:
        return text
    return text[:QUOTED].rsplit(" ", 1)[0] + " …"


def _first(found: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(found))[:SHOWN]
