"""What a device adds to reading: a voice, paper, another language."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests import scenes
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# A device with one voice, for the language that is filled in.
VOICE = """
    window.spoken = [];
    window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
    Object.defineProperty(window, 'speechSynthesis', { value: {
        getVoices: () => [{ lang: '%s', localService: true, name: 'voice' }],
        speak: (words) => window.spoken.push(words.text),
        cancel: () => {},
        addEventListener: () => {},
    } });
"""
ARABIC = "مقعد في ساحة الحي"


def test_a_text_is_read_aloud_where_there_is_a_voice_for_its_language(visit: Visit):
    initiative = scenes.initiative(text="Ławka na placu. Moja babcia się męczy.", language="pl")
    address = f"/en/initiatieven/{initiative.pk}-{initiative.address_slug}/"
    for voice, is_offered in (("pl-PL", True), ("nl-NL", False)):
        page = visit()
        page.add_init_script(VOICE % voice)
        page.goto(address)
        page.wait_for_selector("html.js")
        button = page.get_by_role("button", name="Read to me")
        expect(button).to_have_count(1 if is_offered else 0)
        if is_offered:
            button.click()
            assert page.evaluate("window.spoken") == ["Ławka na placu."]


def test_a_device_without_voices_or_scripts_gets_no_button(visit: Visit):
    initiative = scenes.initiative()
    for javascript in (True, False):
        page = visit(javascript=javascript)
        page.add_init_script(
            "Object.defineProperty(window, 'speechSynthesis', { value: undefined })"
        )
        page.goto(f"/en/initiatieven/{initiative.pk}-{initiative.address_slug}/")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_role("button", name="Read to me")).to_have_count(0)


def test_on_paper_stands_the_idea_and_not_the_way_through_the_site(visit: Visit):
    initiative = scenes.initiative("A lamp in the alley", text="It is dark there at night.")
    page = visit(scenes.person())
    page.goto(f"/en/initiatieven/{initiative.pk}-{initiative.address_slug}/")
    # Also for who reads in the dark.
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.get_by_role("heading", level=1, name="A lamp in the alley")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    expect(page.locator(".site-footer")).to_contain_text(f"/{initiative.pk}-a-lamp-in-the-alley/")
    expect(page.get_by_text("It is dark there at night.")).to_be_visible()
    for part in (
        ".site-nav",
        ".menu",
        ".bottom-bar",
        ".nl-button",
        "main form",
        ".site-footer ul",
        "#reageer",
    ):
        for one in page.locator(part).all():
            expect(one).not_to_be_visible()


# How the header lies: the rows of links, whether mark and menus share one, and what is cut off.
HEADER = """() => {
    const middle = (selector) => [...document.querySelectorAll(selector)].map((one) => {
        const box = one.getBoundingClientRect();
        return Math.round((box.top + box.height / 2) / 8);
    });
    const links = document.querySelector('.site-nav ul');
    const above = new Set(middle('.logo, .site-header .menu > summary, #sign-in'));
    const below = new Set(middle('.site-nav a'));
    return {
        rows: [above.size, below.size],
        cut: links.scrollWidth > links.clientWidth,
        high: document.querySelector('.site-header').offsetHeight,
    };
}"""


@pytest.mark.parametrize("who", ["a visitor", "a resident", "staff that reviews"])
def test_the_header_is_one_row_or_two_and_never_ragged(visit: Visit, who: str):
    person = None if who == "a visitor" else scenes.person()
    if who == "staff that reviews":
        person = scenes.granted("administrator", user=scenes.moderator())
    page = visit(person)
    found = []
    for language in settings.LISTED_LANGUAGES:
        page.goto(f"/{language}/")
        for width in (320, 390, 768, 1024, 1280, 1440):
            page.set_viewport_size({"width": width, "height": 800})
            lies = page.evaluate(HEADER)
            narrow = width < 1024
            if lies["rows"] != [1, 1] or lies["high"] > 135 or (lies["cut"] and not narrow):
                found.append(f"{language} at {width}: {lies}")
            if lies["cut"] and who != "staff that reviews" and width >= 390:
                found.append(f"{language} at {width}: the links do not fit")
    assert not found, "\n".join(found)


def test_on_a_phone_the_link_of_this_page_is_in_sight(visit: Visit):
    page = visit(scenes.moderator(), width=320)
    page.goto("/bg/moderatie/")
    page.wait_for_selector("html.js")
    link = page.locator(".site-nav [aria-current]")
    expect(link).to_be_in_viewport(ratio=1)


def test_another_language_is_the_same_page_with_the_same_choices(visit: Visit):
    scenes.initiative("A lamp in the alley")
    page = visit()
    page.goto("/en/initiatieven/?area=testwijk&sort=support")
    page.locator(".menu--language summary").click()
    page.get_by_role("link", name="Polski").click()
    page.wait_for_url("**/pl/initiatieven/?area=testwijk&sort=support")
    expect(page.locator("html")).to_have_attribute("lang", "pl")
    expect(page.get_by_role("link", name="A lamp in the alley")).to_be_visible()


def test_the_language_menu_follows_a_choice_that_was_made_without_a_new_page(visit: Visit):
    scenes.initiative("A lamp in the alley")
    page = visit()
    page.goto("/en/initiatieven/")
    page.wait_for_selector("html.js")
    page.get_by_label("Neighbourhood").select_option("testwijk")
    page.wait_for_url("**area=testwijk**")
    page.locator(".menu--language summary").click()
    page.get_by_role("link", name="Polski").click()
    page.wait_for_url("**/pl/initiatieven/**area=testwijk**")


def test_the_text_of_a_neighbour_says_its_language_and_runs_its_own_way(visit: Visit):
    initiative = scenes.initiative(ARABIC, text=f"{ARABIC}.", language="ar")
    scenes.comment(initiative, "Dobry pomysł", language="pl")
    page = visit()
    page.goto("/nl/initiatieven/")
    card = page.get_by_role("heading", level=3, name=ARABIC)
    expect(card).to_have_attribute("lang", "ar")
    assert card.evaluate("one => getComputedStyle(one).direction") == "rtl"
    assert card.evaluate("one => getComputedStyle(one).textAlign") in (
        "left",
        "-webkit-match-parent",
    )
    page.get_by_role("link", name=ARABIC).click()
    for text, language, direction in (
        (page.get_by_role("heading", level=1), "ar", "rtl"),
        (page.locator("#story"), "ar", "rtl"),
        (page.locator(".comment .prose"), "pl", "ltr"),
    ):
        expect(text).to_have_attribute("lang", language)
        assert text.evaluate("one => getComputedStyle(one).direction") == direction


def test_a_sentence_that_ends_with_a_name_ends_once(visit: Visit):
    page = visit(scenes.person("Sylvana R."))
    page.goto("/en/account/")
    expect(page.locator(".lead")).to_contain_text("Neighbours know you here as Sylvana R. Change")
    page.goto("/en/account/profiel/")
    expect(page.get_by_role("main")).to_contain_text("Other people see you as Sylvana R.")
    assert "R.." not in page.inner_text("main")


@pytest.mark.parametrize("width", [320, 390])
def test_a_word_with_a_hyphen_stays_whole_in_a_heading(visit: Visit, width: int):
    page = visit(scenes.person(), width=width)
    page.goto("/en/account/e-mail/")
    lines = page.evaluate(
        """() => {
            const text = document.querySelector('h1').firstChild;
            const range = document.createRange();
            const start = text.data.indexOf('e-');
            range.setStart(text, start);
            range.setEnd(text, start + 6);
            return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size;
        }"""
    )
    assert lines == 1


def test_on_a_phone_an_action_stands_once(visit: Visit):
    """In the bar at the bottom, within reach of a thumb; on a desk in the page itself."""
    scenes.initiative()
    for address in ("/en/", "/en/initiatieven/"):
        page = visit()
        page.goto(address)
        action = page.get_by_role("link", name="Share an idea")
        expect(action).to_have_count(1)
        expect(page.locator(".bottom-bar").get_by_role("link")).to_be_in_viewport()
        page.set_viewport_size({"width": 1280, "height": 800})
        expect(action).to_have_count(1)
        expect(page.locator(".bottom-bar")).not_to_be_visible()
