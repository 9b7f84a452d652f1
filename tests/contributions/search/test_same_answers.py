"""The same search gives the same answers, in the same order, whichever database answers it.

This runs on each of them, against answers written down here and against an oracle that reads every
text.
"""

import random

import pytest

from contributions.search import ranking
from contributions.search.queries import Query, parse
from contributions.search.ranking import Hits
from contributions.search.words import words_of
from ideas.listing import NEWEST, on_the_site
from ideas.models import Initiative
from ideas.searching import best_first
from tests.contributions.search import corpus

pytestmark = pytest.mark.django_db

#: Reader's language, what is typed, and what is found in this order.
GOLDEN = [
    ("nl", "bankje", "bench trees old"),
    ("nl", "bankjes", "bench trees old"),
    ("nl", "BANKJE!", "bench trees old"),
    ("nl", "boom", "trees lights old"),
    ("nl", "bomen", "trees lights old"),
    ("nl", "bankje plein", "bench old"),
    ("nl", "bankje boom", "trees old"),
    ("nl", "een bankje op het plein", "bench old"),
    ("nl", "plein", "bench old lights"),
    ("nl", "cafe", "cafe"),
    ("nl", "CAFÉ", "cafe"),
    ("nl", "cafe\u0301", "cafe"),
    ("nl", '"samen eten"', "parts cafe"),
    ("nl", '"eten samen"', ""),
    ("nl", '"samen koken"', "parts"),
    ("nl", "„koken samen”", "order"),
    ("nl", "samen koken", "parts order"),
    ("nl", '"het plein"', "bench lights"),
    # A phrase does not reach from the title into the story.
    ("nl", '"plein ouderen"', ""),
    ("nl", '"plein', "bench old lights"),
    ("nl", "bench", "square"),
    ("nl", "benches", ""),
    ("en", "benches", "square"),
    ("en", "bank", "zolw"),
    ("nl", "bank", "bench trees zolw old"),
    ("pl", "ławka", "lawki zolw"),
    ("pl", "lawka", "lawki zolw"),
    ("pl", "ŁAWKI", "lawki zolw"),
    ("pl", "zazolc gesla jazn", "zolw"),
    ("bg", "пейка", "peika"),
    ("bg", "ПЕЙКА", "peika"),
    ("bg", "съседите площада", "peika"),
    ("ro", "bancă", "banca"),
    ("ro", "banca", "banca"),
    ("ro", "copiii parintii", "banca"),
    ("ar", "شجرة", "tree_ar"),
    ("ar", "الشارع", "tree_ar"),
    ("tr", "ışık", "park"),
    ("tr", "isik", "park"),
    ("tr", "iyi", "park"),
    ("nl", "100%", "marks"),
    ("nl", "%", ""),
    ("nl", "_", ""),
    ("nl", "foo_bar", "marks"),
    ("nl", "b", "marks"),
    ("nl", "veilig", "marks"),
    ("nl", "auto", "marks"),
    ("nl", "auto's", "marks"),
    ("nl", "autos", "marks"),
    ("nl", "bankje OR NOT plein", ""),
    ("nl", "bankje -plein", "bench old"),
    ("nl", "bankje & plein | !boom", "old"),
    ("nl", "bank*", "bench trees zolw old"),
    ("nl", "title:bankje", ""),
    ("nl", "nl:bank", ""),
    ("nl", "=bankje", "bench trees old"),
    ("nl", "' \" \\ ; -- bankje", "bench trees old"),
    ("nl", "NEAR(bankje plein)", ""),
    ("nl", "()", ""),
]


def answers(query: Query, initiatives: dict[str, Initiative], *, page: int = 50) -> list[str]:
    """Return the names of what is found, read in pages of a size."""
    names = {initiative.pk: name for name, initiative in initiatives.items()}
    found: list[str] = []
    after = None
    while True:
        rows = best_first(on_the_site(), Hits(query), NEWEST.columns, after=after, count=page)
        found += [names[row.pk] for _tier, row in rows]
        if len(rows) < page:
            return found
        tier, last = rows[-1]
        after = tier, NEWEST.after(NEWEST.key_of(last), last.pk)


@pytest.fixture(params=["few", "many"])
def as_many(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let both ways to read a tier answer: by keys, and along the index of the list."""
    if request.param == "many":
        monkeypatch.setattr(ranking, "FEW", 0)


def test_what_is_found_and_in_which_order_is_written_down(as_many: None):
    initiatives = corpus.plant()
    wrong = {}
    for language, typed, expected in GOLDEN:
        query = parse(typed, language)
        found = answers(query, initiatives) if query else []
        told = corpus.oracle(query) if query else []
        if not found == told == expected.split():
            wrong[(language, typed)] = f"found {found}, oracle {told}, expected {expected}"
    assert not wrong, "\n".join(f"{asked}: {told}" for asked, told in wrong.items())


def test_an_oracle_that_reads_every_text_agrees_on_any_words(as_many: None):
    initiatives = corpus.plant()
    chance = random.Random(2026)
    words = sorted({w for text in corpus.TEXTS for w in words_of(f"{text[2]} {text[3]}")})
    for _search in range(300):
        language = chance.choice(["nl", "en", "pl", "bg", "ro", "ar", "tr", "el", "hu", "uk"])
        chosen = chance.choices(words, k=chance.choice([1, 1, 2, 2, 3]))
        source = chance.choice(corpus.TEXTS)
        own = words_of(chance.choice(source[2:]))
        at = chance.randrange(len(own))
        typed = chance.choice(
            [" ".join(chosen), f'"{" ".join(own[at : at + 2])}"', f'{chosen[0]} "{own[at]}"']
        )
        query = parse(typed, language)
        expected = corpus.oracle(query)
        assert answers(query, initiatives) == expected, (language, typed)
        assert answers(query, initiatives, page=2) == expected, (language, typed)
        assert on_the_site().filter(Hits(query).all).count() == len(expected), (language, typed)
