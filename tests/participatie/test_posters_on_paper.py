"""What stands on posters and cards: for eyes and ears, to every side, whatever was written."""

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from areas.models import Area
from contributions.actions import attach_picture
from contributions.models import Picture
from contributions.pictures import encode
from ideas.models import Initiative
from participatie.posters import subjects
from participatie.posters.letters import for_paper
from participatie.posters.models import Sheet
from participatie.posters.printing import print_sheet
from participatie.posters.sheets import Drawn, direction_of, draw_up, shortened
from participatie.posters.subjects import AREA, INITIATIVE, PosterSubject
from participatie.posters.words import Words, sentences
from tests import scenes
from tests.papers import Paper, read

pytestmark = pytest.mark.django_db

CODES = [code for code, _name in settings.CONTENT_LANGUAGES]
#: Stands in no table: what is drawn of it needs none.
HERE = Area(pk=12, name="Testwijk", slug="testwijk")
ARABIC = "مقعد بجانب الملعب"
TITLES = {"nl": "Een bankje bij de speeltuin", "pl": "Ławka przy placu zabaw", "ar": ARABIC}


def paper(
    thing: Any,
    languages: str = "nl,pl,ar",
    sheet: str = Sheet.POSTER,
    subject: PosterSubject = INITIATIVE,
) -> Paper:
    return read(print_sheet(draw_up(subject, thing, sheet, languages.split(","))))


def told(title: str, text: str = "", language: str = "nl") -> PosterSubject:
    """Return a kind of which each one says this."""
    return dataclasses.replace(
        AREA, words=lambda _thing, _code: Words(language=language, title=title, text=text)
    )


def in_three_languages(by_machine: bool = False) -> PosterSubject:
    return dataclasses.replace(
        AREA,
        words=lambda _thing, code: Words(
            code, TITLES[code], by_machine=by_machine and code != "nl"
        ),
    )


@pytest.fixture
def own_folder(tmp_path: Path) -> Iterator[Path]:
    with override_settings(MEDIA_ROOT=tmp_path / "media"):
        yield tmp_path / "media"


def with_picture(idea: Initiative, description: str) -> Picture:
    with transaction.atomic():
        return attach_picture(
            contribution=idea,
            encoded=encode(scenes.picture_file()),
            description=description,
            revision=None,
        )


def squeezed(text: str) -> str:
    return "".join(text.split())


# --- What is on it ---


def test_every_language_of_the_site_has_all_its_sentences() -> None:
    assert list(sentences()) == CODES
    keys = set(sentences()["nl"])
    for code in CODES:
        assert set(sentences()[code]) == keys, code
        assert all(for_paper(said) == said for said in sentences()[code].values()), code
        assert "{address}" in sentences()[code]["code"]
    for subject in subjects.all_subjects():
        assert {f"{subject.name}_ask", f"{subject.name}_how"} <= keys


def test_a_poster_says_the_idea_once_and_asks_in_each_language() -> None:
    idea = scenes.initiative("A bench on the square", language="en", text="**No** place to sit.")
    made = paper(idea, "nl,pl,bg,ro")
    assert made.pages == 1
    assert squeezed(made.text).count("Abenchonthesquare") == 1
    assert "No place to sit." in made.text
    for code in ("nl", "pl", "bg", "ro"):
        assert squeezed(sentences()[code]["initiative_ask"]) in squeezed(made.text)
        assert squeezed(sentences()[code]["initiative_how"]) in squeezed(made.text)
    assert f"buurten.example/p/i{idea.pk}p/" in made.text
    assert "Testwijk" in made.text


@pytest.mark.parametrize("sheet", Sheet.values)
def test_it_is_a_pdf_that_can_be_heard(sheet: str) -> None:
    made = read(print_sheet(draw_up(in_three_languages(), HERE, sheet, ["nl", "pl", "ar"])))
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made.bytes
    assert b"/DisplayDocTitle true" in made.bytes
    assert made.is_tagged
    assert made.language == "nl"
    assert TITLES["nl"].encode() in made.bytes, "The name of the document."
    headings = [*made.of("H1"), *made.of("H2")]
    assert [h.title for h in headings] == list(TITLES.values())
    assert [h.language for h in headings] == ["", "pl", "ar"], "The first has the document's own."
    [code] = made.of("Figure")
    letter = "p" if sheet == Sheet.POSTER else "k"
    assert code.alt == f"QR-code naar buurten.example/p/w12{letter}/"
    assert {"pl", "ar"} <= {element.language for element in made.elements}
    # Eight cards are there, and one is heard.
    assert len(made.of("H1")) == 1
    shown = squeezed(made.text).count(squeezed(TITLES["pl"]))
    assert shown == (1 if sheet == Sheet.POSTER else 8)
    assert made.pages == 1


def test_a_document_that_begins_in_arabic_reads_from_right_to_left() -> None:
    made = paper(HERE, "ar", subject=told(ARABIC, language="ar"))
    assert made.language == "ar"
    assert b"/Direction/R2L" in made.bytes.replace(b" ", b"")
    left_to_right = paper(HERE, "en", subject=told("A bench", language="en"))
    assert b"/Direction/R2L" not in left_to_right.bytes.replace(b" ", b"")


def test_what_a_computer_translated_says_so() -> None:
    drawn = draw_up(in_three_languages(by_machine=True), HERE, Sheet.POSTER, ["nl", "pl", "ar"])
    notes = [block["note"] for block in drawn.data["blocks"]]
    assert notes == ["", sentences()["pl"]["machine"], sentences()["ar"]["machine"]]
    assert sentences()["pl"]["machine"] in read(print_sheet(drawn)).text


def test_an_area_asks_everybody_who_lives_there() -> None:
    area = Area(pk=3, name="Laakkwartier", slug="laak")
    made = paper(area, "nl,tr,uk,ar", subject=AREA)
    assert made.pages == 1
    assert "Laakkwartier" in made.text
    assert [e.title for e in (*made.of("H1"), *made.of("H2"))] == [
        sentences()[code]["area_title"] for code in ("nl", "tr", "uk", "ar")
    ]
    assert f"buurten.example/p/w{area.pk}p/" in made.text


@pytest.mark.parametrize("first", CODES)
def test_every_language_can_stand_on_top(first: str) -> None:
    others = [code for code in ("nl", "ar", "el", "uk") if code != first][:3]
    made = paper(HERE, ",".join([first, *others]), subject=AREA)
    assert (made.language, made.pages) == (first, 1)


@pytest.mark.parametrize("age_band", ["12-15", ""])
def test_no_name_and_no_place_of_anybody_stands_on_it(age_band: str) -> None:
    author = scenes.person("Zqname Zqfamily", age_band=age_band or "27-54")
    idea = scenes.initiative("A bench", author=author)
    Initiative.objects.filter(pk=idea.pk).update(address_line="Zqstreet 1")
    for sheet in Sheet.values:
        made = paper(INITIATIVE.find(author, idea.pk), "nl,ar", sheet)
        assert "Zq" not in made.text
        assert b"Zqname" not in made.bytes
        assert b"Zqstreet" not in made.bytes
        assert author.pseudonym not in made.text


def test_a_picture_stands_on_the_poster_with_its_description(own_folder: Path) -> None:
    idea = scenes.initiative("A bench")
    picture = with_picture(idea, "A green bench")
    made = paper(idea, "nl,ar")
    assert made.pages == 1
    assert "A green bench" in [figure.alt for figure in made.of("Figure")]
    assert len(paper(idea, "nl,ar", Sheet.CARDS).of("Figure")) == 1
    before = draw_up(INITIATIVE, idea, Sheet.POSTER, ["nl"]).digest
    # Without a description it is for the eye alone: PDF/UA knows no picture without words.
    Picture.objects.update(description="")
    assert len(paper(idea, "nl,ar").of("Figure")) == 1
    Picture.objects.update(description="A green bench", hidden_at=timezone.now())
    hidden = draw_up(INITIATIVE, idea, Sheet.POSTER, ["nl"])
    assert hidden.picture is None
    assert hidden.digest != before
    Picture.objects.update(hidden_at=None)
    default_storage.delete(picture.image.name)
    assert len(paper(idea, "nl").of("Figure")) == 1, "A file that is gone is left out."


# --- Whatever was written ---

HOSTILE = [
    '#panic("x") #import "@preview/cetz:0.3.0": * #read("/etc/passwd")',
    '"); #eval("1+1") //',
    "$x^2$ *bold* _it_ `raw` = heading @ref <label> \\u{41} #[x] ~ -- ---",
    "<b>& &amp; %s %(name)s {address} {{ title }}",
    "W" * 120,
    "Wijkvernieuwingsprogrammabijeenkomstaankondigingsbordjes " * 2,
    "🌳 Bomen 👨‍👩‍👧 🇳🇱 👍🏽 ❤️ 1️⃣",
    "\u202eevil\u202c \u2066x\u2069 \u200fABC\u200e אבג",
    "a" + "\u0301" * 60 + " Z\u0336a\u0336l\u0336g\u0336o\u0336",
    "\ufeffBOM \ufffe \ue000 \u0378 tail of it all is readable",
    "→ ★ ✓ a poster with signs that no font has, but with many words",
    f"Bankje {ARABIC} bij 12 قطط",
    "tab\there\nand\r\nlines\u2028more\u2029end",
    "-", "1", "٣", "…", "\u00ad",
]  # fmt: skip


@pytest.mark.parametrize("title", HOSTILE)
def test_nothing_that_people_write_breaks_a_sheet(title: str) -> None:
    for sheet in Sheet.values:
        for languages in ("nl", "nl,ar,uk,el"):
            made = paper(HERE, languages, sheet, told(title, text=f"{title} " * 9))
            assert made.pages == 1


@pytest.mark.parametrize("title", HOSTILE[:4])
def test_marks_of_a_machine_are_letters(title: str) -> None:
    made = paper(HERE, "nl", subject=told(title))
    assert [heading.title for heading in made.of("H1")] == [title]
    assert squeezed(made.text).count(squeezed(title)) == 1


def test_a_title_in_letters_that_no_font_here_has_says_that_there_is_an_idea() -> None:
    made = paper(HERE, "pl,nl", subject=told("公园里的长椅", language="nl"))
    assert [heading.title for heading in made.of("H1")] == [sentences()["pl"]["wordless"]]


LETTERS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=120)


@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(title=LETTERS, text=LETTERS, sheet=st.sampled_from(Sheet.values))
def test_any_letters_at_all_make_a_sheet(title: str, text: str, sheet: str) -> None:
    drawn = draw_up(told(title, text), HERE, sheet, ["nl", "ar"])
    assert read(print_sheet(drawn)).pages == 1


@pytest.mark.parametrize("sheet", Sheet.values)
def test_the_longest_title_in_four_languages_is_all_there(sheet: str) -> None:
    long = ("Iedereen in de wijk een plek om te zitten, te praten en samen te eten " * 2)[:120]
    subject = dataclasses.replace(
        AREA, words=lambda _thing, code: Words(code, f"{code} {long}"[:120])
    )
    drawn = draw_up(subject, HERE, sheet, ["nl", "pl", "bg", "ro"])
    made = read(print_sheet(drawn))
    seen = squeezed(made.text)
    for block in drawn.data["blocks"]:
        # What was cut off at the edge of a block would not be in the text that is shown.
        assert squeezed(block["title"]) in seen
    if sheet == Sheet.POSTER:
        assert [block["title"][-4:] for block in drawn.data["blocks"]] == [
            f"{code} {long}"[:120][-4:] for code in ("nl", "pl", "bg", "ro")
        ]


@pytest.mark.parametrize(
    ("text", "language", "side"),
    [
        ("A bench", "nl", "ltr"),
        (ARABIC, "ar", "rtl"),
        (ARABIC, "nl", "rtl"),
        ("12 A", "ar", "ltr"),
        ("12", "ar", "rtl"),
        ("12", "nl", "ltr"),
        ("", "ar", "rtl"),
    ],
)
def test_a_text_runs_as_its_first_letter_does(text: str, language: str, side: str) -> None:
    assert direction_of(text, language) == side


@pytest.mark.parametrize(
    ("text", "at_most", "short"),
    [
        ("one two", 7, "one two"),
        ("one two three", 8, "one two…"),
        ("one, two three", 6, "one…"),
        ("abcdefghij", 5, "abcd…"),
        ("one two", 0, ""),
        ("", 5, ""),
    ],
)
def test_what_is_too_long_ends_in_an_ellipsis(text: str, at_most: int, short: str) -> None:
    assert shortened(text, at_most) == short
    assert len(shortened(text, at_most)) <= max(at_most, 0)


# --- How it is known again ---


def test_a_digest_is_that_of_all_that_is_shown() -> None:
    a_bench = told("A bench")

    def digest(subject: PosterSubject = a_bench, sheet: str = Sheet.POSTER, to: str = "nl") -> str:
        return draw_up(subject, HERE, sheet, to.split(",")).digest

    others = {
        digest(),
        digest(told("Another")),
        digest(told("A bench", "Another")),
        digest(sheet=Sheet.CARDS),
        digest(to="pl"),
        digest(to="nl,pl"),
    }
    assert len(others) == 6
    assert digest() == digest()


def test_data_is_json_all_through() -> None:
    drawn = draw_up(AREA, HERE, Sheet.CARDS, ["nl"])
    assert isinstance(drawn, Drawn)
    assert json.loads(json.dumps(drawn.data)) == drawn.data
