"""What differs between two versions of a text: readable, complete, and found in little time."""

import random
from collections.abc import Iterator

import pytest
from django.utils import translation

from contributions.comparing import CONTEXT_WORDS, Piece, Sort, compare
from contributions.differences import FieldDifference
from contributions.templatetags.differences import pieces as drawn
from tests.timing import least_seconds

STORY = "There is no place to sit on our square, and my mother cannot walk far."


def told(before: str, after: str) -> list[tuple[str, str]]:
    """Return the pieces of a difference as (what became of it, its words)."""
    return [(str(piece.sort), piece.text.strip()) for piece in compare(before, after)]


def words_of(pieces: list[Piece], without: Sort) -> str:
    """Return one of the two texts, with its white space evened out."""
    return " ".join("".join(piece.text for piece in pieces if piece.sort != without).split())


class TestReading:
    def test_a_changed_word_stands_between_words_that_stay(self):
        assert told(STORY, STORY.replace("mother", "grandmother")) == [
            ("same", "There is no place to sit on our square, and my"),
            ("removed", "mother"),
            ("added", "grandmother"),
            ("same", "cannot walk far."),
        ]

    def test_a_comma_that_came_is_a_difference(self):
        assert ("added", "square,") in told("our square and", "our square, and")

    def test_words_that_were_put_in_or_left_out_stand_alone(self):
        assert told("a bench", "a green bench") == [
            ("same", "a"),
            ("added", "green"),
            ("same", "bench"),
        ]
        assert told("a green bench", "a bench")[1] == ("removed", "green")

    def test_a_sentence_that_was_written_anew_is_read_as_a_whole(self):
        before = "the cat sat on the mat"
        after = "a dog lay under the bed"

        assert told(before, after) == [("removed", before), ("added", after)]

    def test_other_spaces_are_no_difference_and_other_lines_are(self):
        assert told("one  two", "one two") == [("same", "one two")]
        assert told("one two", "one\n\ntwo") == [("same", "one"), ("added", ""), ("same", "two")]

    def test_what_comes_out_of_nothing_or_goes_is_one_piece(self):
        assert told("", STORY) == [("added", STORY)]
        assert told(STORY, "") == [("removed", STORY)]
        assert told("", "") == []

    def test_scripts_of_all_our_languages_are_compared_by_word(self):
        assert told("مقعد في ساحة الحي", "مقعدان في ساحة الحي")[0] == ("removed", "مقعد")
        assert told("Пейка на площада", "Пейка на площада днес")[1] == ("added", "днес")

    def test_a_long_stretch_that_stays_is_folded_but_for_what_stands_beside_the_change(self):
        words = [f"word{number}" for number in range(100)]
        before = " ".join(words)
        after = " ".join([*words[:50], "new", *words[50:]])

        found = compare(before, after)

        assert [piece.sort for piece in found] == ["folded", "same", "added", "same", "folded"]
        assert found[1].words == found[3].words == CONTEXT_WORDS
        assert found[0].words == 50 - CONTEXT_WORDS

    def test_nothing_is_lost_in_the_folds(self):
        chance = random.Random(7)
        for _text in range(50):
            before = [
                chance.choice(["de", "het", "een", "bankje", "lamp\n", "plein"]) for _w in range(90)
            ]
            after = [word for word in before if chance.random() > 0.1]
            after.insert(chance.randrange(len(after)), "nieuw")
            old, new = " ".join(before), " ".join(after)

            found = compare(old, new)

            assert words_of(found, without=Sort.REMOVED) == " ".join(new.split())
            assert words_of(found, without=Sort.ADDED) == " ".join(old.split())


def _text(seed: int, vocabulary: int) -> str:
    chance = random.Random(seed)
    return " ".join(f"w{chance.randrange(vocabulary)}" for _word in range(10_000))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (" ".join(f"a{n}" for n in range(10_000)), " ".join(f"b{n}" for n in range(10_000))),
        ("de " * 10_000, "de " * 9_000),
        (_text(1, 2), _text(2, 2)),
        (_text(3, 20), _text(4, 20)),
        (_text(5, 9_000), _text(6, 9_000)),
        (" ".join(f"u{n}" for n in range(10_000)), " ".join(f"u{n}" for n in range(9_999, 0, -1))),
        ("\n" * 10_000, "\n \n" * 5_000),
        ("x" * 1_000_000, "y" * 1_000_000),
    ],
    ids=["nothing shared", "one word", "two", "twenty", "many", "reversed", "lines", "a giant"],
)
def test_ten_thousand_words_take_no_second_whatever_they_are(before: str, after: str):
    assert least_seconds(lambda: compare(before, after)) < 1

    found = compare(before, after)

    assert words_of(found, without=Sort.REMOVED) == " ".join(after.split())


@pytest.fixture
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.usefixtures("in_english")
class TestDrawing:
    def field(self, before: str, after: str, **options: str) -> FieldDifference:
        languages = {"language": "nl", "language_before": "nl", **options}
        return FieldDifference("Story", compare(before, after), **languages)

    def test_what_goes_and_comes_is_said_in_words_too(self):
        html = drawn(self.field("a bench", "a lamp"))

        assert "<del>" in html
        assert "<ins>" in html
        assert html.index("removed:") < html.index("bench") < html.index("added:")
        assert html.index("lamp") < html.index("(end of the change)")

    def test_the_hidden_words_do_not_turn_a_text_that_reads_from_the_right(self):
        html = drawn(self.field("مقعد", "مقعدان", language="ar", language_before="ar"))

        # dir="auto" around it passes over what has a direction of its own.
        for part in html.split('class="visually-hidden"')[1:]:
            assert part.split(">")[0].strip().endswith('dir="ltr"')

    def test_nothing_that_somebody_wrote_becomes_part_of_the_page(self):
        html = drawn(self.field("<b>one</b>", "<script>alert(1)</script>"))

        assert "<script" not in html
        assert "<b>" not in html

    def test_a_line_that_ends_elsewhere_is_seen(self):
        assert "↵" in drawn(self.field("one two", "one\ntwo"))
