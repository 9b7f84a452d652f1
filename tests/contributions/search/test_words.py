"""Words as search knows them."""

import pytest

from contributions.search.marking import Marker
from contributions.search.queries import MAX_LENGTH, parse
from contributions.search.words import folded, terms, words_of


@pytest.mark.parametrize(
    ("word", "plain"),
    [
        ("Café", "cafe"),
        ("cafe\u0301", "cafe"),
        ("ŁĄWKA", "lawka"),
        ("Straße", "strasse"),
        ("ıŞIK", "isik"),
        ("İyi", "iyi"),
        ("părinții", "parintii"),
        ("Пейкѝ", "пеики"),
        ("ΟΔΌΣ", "οδοσ"),
        ("أُمّ", "ام"),
        ("ﬁets", "fiets"),
        ("auto’s", "autos"),
        ("x" * 1000, "x" * 40),
        ("%_", ""),
    ],
)
def test_a_word_is_folded_to_what_people_type(word: str, plain: str):
    assert folded(word) == plain


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("nl", "bankje bankjes"),
        ("nl", "boom bomen"),
        ("nl", "huis huizen"),
        ("nl", "fietspad fietspaden"),
        ("nl", "groen groene"),
        ("nl", "auto auto's"),
        ("en", "neighbour neighbours"),
        ("pl", "ławka ławki lawka lawki"),
        ("ro", "bancă banca"),
        ("el", "δέντρα δεντρα"),
    ],
)
def test_forms_of_a_word_share_a_term(language: str, forms: str):
    first, *others = forms.split()
    for other in others:
        assert terms(first, language) & terms(other, language), (first, other)


def test_a_stem_of_one_language_is_none_of_another():
    assert not terms("bomen", "nl") & terms("boom", "en")
    assert terms("boom", "nl") & terms("boom", "en")


def test_bulgarian_and_ukrainian_words_are_folded_only():
    assert terms("пейки", "bg") == {"пеики", "bg:пеики"}
    assert terms("лавки", "uk") == {"лавки", "uk:лавки"}


def test_what_looks_like_an_operator_is_a_mark_between_words():
    assert words_of('a&b | C* -d "e" f_g h\'i (j)') == [*"abcdefg", "h'i", "j"]


def test_a_search_is_cut_and_says_so():
    query = parse("lamp " * 1000, "nl")
    assert query.is_cut
    assert len(query.text) <= MAX_LENGTH
    assert [part.words for part in query.parts] == [("lamp",)]


def test_words_without_meaning_are_left_aside_but_for_when_there_are_no_others():
    assert [part.words[0] for part in parse("een bankje in de straat", "nl").parts] == [
        "bankje",
        "straat",
    ]
    assert [part.words[0] for part in parse("in de", "nl").parts] == ["in", "de"]
    assert parse('"in de"', "nl").parts[0].words == ("in", "de")


def test_marks_are_put_around_what_was_found_and_everything_else_is_escaped():
    marker = Marker(parse('bomen "op het plein"', "nl"), "nl")
    assert marker.marked("<Boom> & op het plein, het plein op") == (
        "&lt;<mark>Boom</mark>&gt; &amp; <mark>op het plein</mark>, het plein op"
    )
    assert marker.excerpt("niets hiervan") == ""
