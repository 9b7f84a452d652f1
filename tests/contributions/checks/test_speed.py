"""Checks take time that grows with the text and no faster, whatever stands in it."""

import pytest

from contributions.checks import Lists, Piece, look_over
from tests.timing import least_seconds

LISTS = Lists(
    {
        (purpose, language): "\n".join(f"{language}woord{number} erbij" for number in range(300))
        for purpose in ("rude", "help")
        for language in ("nl", "en", "pl", "bg", "ro")
    }
)
STORY = (
    "Op het plein bij ons is geen plek om te zitten. Ik wil met mijn buren een bankje bouwen "
    "naast de speeltuin. Bel 070-3533000, of kom langs op Hoefkade 12, elke dag van 10 tot 17 "
    "uur. Wij hebben al 15 handtekeningen en 250 euro. Zie ook voorbeeld.nl, daar staat alles. "
)
#: What a pattern that looks again and again would take for ever with.
NASTY = {
    "digits": "1234567890",
    "noughts": "0 ",
    "halves of numbers": "06-1234567 ",
    "almost accounts": "NL91 ABNA 0417 1643 01 ",
    "at signs": "a@a.a@",
    "dots": "a.",
    "streets": "Hoefkade 12 ",
    "brackets": "[(",
    "capitals": "WOORD ",
    "one word": "a",
    "marks on letters": "e\u0301\u0327",
}


def seconds(text: str, *, times: int = 1) -> float:
    return least_seconds(
        lambda: look_over([Piece("Story", text)], language="nl", lists=LISTS), times=times
    )


def test_five_thousand_characters_pass_all_checks_in_twenty_milliseconds():
    text = (STORY * 20)[:5000]
    seconds(text)
    # Measured at rest it is under seven; the fastest of ten says little of what else runs here.
    assert seconds(text, times=10) < 0.02


@pytest.mark.parametrize("unit", NASTY.values(), ids=NASTY)
def test_sixteen_times_the_text_takes_about_sixteen_times_as_long(unit: str):
    few, many = ((unit * length)[:length] for length in (10_000, 160_000))
    seconds(few)
    short = max(seconds(few, times=3), 0.005)
    assert seconds(many, times=4) < 80 * short  # the square of it would be 256


def test_a_million_characters_are_quickly_looked_over():
    assert seconds((STORY * 4000)[:1_000_000]) < 20
