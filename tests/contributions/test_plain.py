"""How hard a text is to read: what is measured in each language, and what is pointed out."""

import json
from collections.abc import Callable

import pytest
from django.conf import settings

from contributions.loading import POLICY_WORDS
from contributions.plain.limits import ENOUGH_WORDS, LIMITS
from contributions.plain.measuring import flesch_douma, letters_per_word, sentences
from contributions.plain.passive import is_passive
from contributions.plain.policy_words import PolicyWords
from contributions.plain.reading import QUOTED, SHOWN, Verdict, one_text, read
from tests.contributions.test_text import growth_of_work

#: For each language a text as a neighbour would say it, and as an office would.
EASY = {
    "nl": "We plaatsen in mei twee bankjes op het plein. Eén bank komt in de schaduw. De gemeente "
    "betaalt de bankjes. Wil je helpen? Kom dan op zaterdag langs. We zetten koffie voor je.",
    "en": "We place two benches on the square in May. One of them stands in the shade. The city "
    "pays for them. Do you want to help? Come by on Saturday. We make coffee for you.",
    "pl": "W maju postawimy dwie ławki na placu. Jedna z nich stanie w cieniu. Za ławki płaci "
    "gmina. Chcesz pomóc? Przyjdź w sobotę. Zrobimy dla ciebie kawę. Możesz też zadzwonić.",
    "bg": "През май слагаме две пейки на площада. Едната е на сянка. Общината плаща за тях. Искаш "
    "ли да помогнеш? Ела в събота. Правим кафе за теб. Можеш и да се обадиш.",
    "ro": "În mai punem două bănci în piață. Una stă la umbră. Primăria plătește pentru ele. Vrei "
    "să ajuți? Vino sâmbătă. Facem cafea pentru tine. Poți și să ne suni.",
}
HARD = {
    "nl": "Conform de participatieverordening worden belanghebbenden in de gelegenheid gesteld "
    "middels een inspraakprocedure zienswijzen betreffende voorgenomen besluitvorming in te "
    "dienen, waarna besluitvorming omtrent herinrichting plaatsvindt door het college.",
    "en": "In accordance with the participation regulations, stakeholders will be afforded an "
    "opportunity to communicate their considerations regarding the anticipated redevelopment "
    "proceedings, subsequent to which the municipal executive determines implementation.",
    "pl": "Zgodnie z obowiązującymi rozporządzeniami dotyczącymi partycypacji społecznej "
    "zainteresowani mieszkańcy otrzymają możliwość przedstawienia swoich stanowisk dotyczących "
    "planowanego zagospodarowania przestrzennego, po czym zarząd podejmie odpowiednie decyzje "
    "administracyjne.",
    "bg": "Съгласно действащата наредба за гражданското участие заинтересованите страни ще получат "
    "възможност да представят своите становища относно предвижданото преустройство на "
    "общественото пространство, след което общинското ръководство ще определи осъществяването.",
    "ro": "În conformitate cu regulamentul privind participarea cetățenească, părțile interesate "
    "vor beneficia de posibilitatea transmiterii observațiilor referitoare la reamenajarea "
    "preconizată a spațiului public, ulterior executivul municipal hotărând implementarea.",
}


class TestTheVerdict:
    @pytest.mark.parametrize("language", settings.LISTED_LANGUAGES)
    def test_each_language_tells_a_neighbour_from_an_office(self, language: str):
        easy, hard = read(EASY[language], language), read(HARD[language], language)

        assert (easy.verdict, easy.is_hard) == (Verdict.EASY, False)
        assert hard.verdict == Verdict.VERY_HARD
        assert hard.is_hard
        assert hard.long_sentences

    def test_only_dutch_has_a_score_and_it_is_that_of_douma(self):
        assert read(EASY["en"], "en").score is None
        # Ten words in two sentences, with fourteen syllables.
        told = sentences("We lopen samen naar huis. Daar staat een grote tafel.")
        assert flesch_douma(told) == pytest.approx(206.84 - 0.77 * 140 - 0.93 * 5)

    def test_what_is_shown_of_a_score_lies_between_nothing_and_a_hundred(self):
        assert read(HARD["nl"], "nl").shown_score == 0
        assert read("Ik ga. Jij gaat. Wij gaan. " * 9, "nl").shown_score == 100
        assert read(EASY["pl"], "pl").shown_score is None

    def test_a_text_of_few_words_is_not_judged_but_has_hints(self):
        found = read("Participatieverordeningen.", "nl")

        assert (found.verdict, found.is_hard) == (Verdict.FEW_WORDS, False)
        assert found.long_words == ("Participatieverordeningen",)

    def test_it_is_judged_from_the_twenty_fifth_word_on(self):
        word = "verantwoordelijkheden "
        assert not read(word * (ENOUGH_WORDS - 1), "nl").is_hard
        assert read(word * ENOUGH_WORDS, "nl").is_hard

    @pytest.mark.parametrize("text", ["", "  \n", "!!! ... ---", "https://buurten.example/x"])
    def test_without_words_there_is_nothing_to_say(self, text: str):
        assert read(text, "nl").verdict == Verdict.NOTHING

    def test_a_language_without_measured_words_goes_by_its_sentences(self):
        assert "hu" not in LIMITS
        assert not read("szó szó szó. " * 20, "hu").is_hard
        assert read("szó " * 40, "hu").is_hard

    def test_names_in_capitals_are_no_long_words(self):
        assert read("We komen naar Rustenburg-Oostbroekkwartier.", "nl").long_words == ()


class TestSentences:
    @pytest.mark.parametrize(
        ("text", "count"),
        [
            ("Eén. Twee! Drie? Vier…", 4),
            ("We doen dit m.b.t. je wijk, bijv. bij jou.", 1),
            ("Mevr. Jansen komt. Dr. De Vries ook.", 2),
            ("# Wat we doen\n\n- bankjes\n- bomen\n1. Een boom", 4),
            ("Deze zin gaat op de\nvolgende regel verder.", 1),
            ("Kop\nDan een zin.", 2),
            ("Kijk op [de site](https://x.example/a.b) of bel 070 123.", 1),
        ],
    )
    def test_they_end_where_people_stop(self, text: str, count: int):
        assert len(sentences(text)) == count

    def test_addresses_and_marks_are_no_words(self):
        (told,) = sentences("**Lees** [dit](https://x.example/lang) op https://y.example/a.")
        assert told.words == ("Lees", "dit", "op")

    def test_numbers_have_no_letters(self):
        assert letters_per_word(sentences("In 2027 komt het.")) == pytest.approx((2 + 4 + 3) / 3)

    def test_what_is_long_is_quoted_short_and_not_too_often(self):
        long_ones = "\n\n".join(f"{number} " + "woord " * 60 + "." for number in range(9))
        found = read(long_ones, "nl").long_sentences

        assert len(found) == SHOWN
        assert all(len(quote) <= QUOTED + 2 and quote.endswith(" …") for quote in found)

    def test_the_parts_of_a_form_are_read_as_one_text(self):
        assert one_text("Een.", "", None, "Twee.") == "Een.\n\nTwee."


class TestPassive:
    @pytest.mark.parametrize(
        ("text", "language", "expected"),
        [
            ("Er wordt volgende week besloten.", "nl", True),
            ("De bankjes zijn geplaatst.", "nl", True),
            ("Het plan werd aangenomen.", "nl", True),
            ("De straat wordt opnieuw ingericht.", "nl", True),
            ("De vergunning is verleend.", "nl", True),
            ("We plaatsen de bankjes.", "nl", False),
            ("Het gebied is groot.", "nl", False),
            ("De veiligheid wordt beter.", "nl", False),
            ("Wij zijn gisteren begonnen.", "nl", False),
            ("Het beleid was duidelijk.", "nl", False),
            ("It was decided last week.", "en", True),
            ("The benches are being placed.", "en", True),
            ("We decided it.", "en", False),
            ("The street is red.", "en", False),
            ("Było postanowione.", "pl", False),
        ],
    )
    def test_sentences_in_which_nobody_does_it(self, text: str, language: str, expected: bool):
        (told,) = sentences(text)
        assert is_passive(told.words, language) is expected


class TestPolicyWords:
    words = PolicyWords(
        [
            ("kader", "afspraken"),
            ("in het kader van", "voor"),
            ("faciliteren\nfacilite*", "helpen"),
            ("geïmplementeerd", "ingevoerd"),
        ]
    )

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("Wij FACILITEREN en faciliteerden.", ["FACILITEREN", "faciliteerden"]),
            ("In het kader van de wijk", ["In het kader van"]),
            ("Het kader, dus", ["kader"]),
            ("Geimplementeerd", ["Geimplementeerd"]),
            ("Een kaderlid helpt", []),
        ],
    )
    def test_they_are_found_in_each_form_and_longest_first(self, text: str, expected: list[str]):
        assert [said.word for said in self.words.said_in(text)] == expected

    def test_each_is_told_once(self):
        found = read("Kader, kader en KADER.", "nl", self.words).policy_words
        assert len(found) == 1

    def test_the_file_has_them_for_each_listed_language_each_once(self):
        told = json.loads(POLICY_WORDS.read_text(encoding="utf-8"))
        assert set(told) == set(settings.LISTED_LANGUAGES)
        assert len(told["nl"]) >= 60
        for language, rows in told.items():
            heads = [row[0] for row in rows]
            assert len(set(heads)) == len(heads), language
            assert all(len(row) >= 2 and row[1] for row in rows), language
            forms = [form for word, _instead, *more in rows for form in (word, *more)]
            assert len({form.lower() for form in forms}) == len(forms), language

    @pytest.mark.parametrize("language", settings.LISTED_LANGUAGES)
    def test_no_plain_word_is_itself_a_word_of_policy(self, language: str):
        rows = json.loads(POLICY_WORDS.read_text(encoding="utf-8"))[language]
        words = PolicyWords(("\n".join([word, *forms]), told) for word, told, *forms in rows)
        assert [list(words.said_in(instead)) for _word, instead, *_forms in rows if
                list(words.said_in(instead))] == []  # fmt: skip

    def test_an_office_in_dutch_hears_what_a_neighbour_says(self):
        rows = json.loads(POLICY_WORDS.read_text(encoding="utf-8"))["nl"]
        words = PolicyWords(("\n".join([word, *forms]), told) for word, told, *forms in rows)
        found = {said.word: said.instead for said in read(HARD["nl"], "nl", words).policy_words}
        assert found["Conform"] == "volgens"
        assert found["in de gelegenheid gesteld"] == "de kans geven"


class TestSpeed:
    """A text takes time in step with its length, never by its square."""

    @pytest.fixture
    def look(self) -> Callable[[str], str]:
        words = PolicyWords([("in het kader van", "voor"), ("facilite*", "helpen"), ("a", "b")])
        return lambda text: str(read(text, "nl", words))

    @pytest.mark.parametrize(
        "piece",
        [
            "Er wordt in het kader van de wijk gefaciliteerd, en dat is lang. ",
            "a", "a.", "a-", ".", ". ", "!)", "[", "[a](b", "](", "* ", "a\n", "\n", "`", "1. ",
            "http://", "in het kader ", "m.b.t. ", "ge", "…\"",
        ],
    )  # fmt: skip
    def test_a_long_text_takes_no_long_time(self, look: Callable[[str], str], piece: str):
        assert growth_of_work(look, piece, 20_000) < 8
