"""Texts that sound: read by the device, each in its own language, or by a neighbour."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import Role
from contributions import actions
from contributions.audio import Encoded
from contributions.models import Dossier, SpokenText
from participatie.models import Page as SitePage
from tests import scenes
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# A device with voices for two languages; a sentence sounds until the test says that it is over.
VOICES = """
    window.heard = [];
    const voices = ['nl-NL', 'pl-PL'].map((lang) => ({ lang, localService: true, name: lang }));
    window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
    Object.defineProperty(window, 'speechSynthesis', { value: {
        getVoices: () => voices,
        speak: (words) => {
            window.heard.push([words.text, words.lang]);
            window.now = words;
        },
        cancel: () => { localStorage.setItem('cancelled', 'yes'); },
        addEventListener: () => {},
    } });
"""
# A microphone that hums.
MICROPHONE = """
    navigator.mediaDevices.getUserMedia = async () => {
        const context = new AudioContext();
        const target = context.createMediaStreamDestination();
        const tone = context.createOscillator();
        tone.connect(target);
        tone.start();
        return target.stream;
    };
"""
MARKED = "[...(CSS.highlights.get('spoken') ?? [])].map(String).join('|')"


def read_buttons(page: Page) -> list[str]:
    return page.eval_on_selector_all(
        "[data-read-aloud]:not([hidden])", "boxes => boxes.map((box) => box.dataset.lang)"
    )


def test_each_text_on_a_page_is_read_in_its_own_language_where_there_is_a_voice(visit: Visit):
    idea = scenes.initiative(text="Er is geen bank. Wij bouwen er een.")
    scenes.comment(idea, "Ja chcę pomóc. Mam drewno.", language="pl")
    scenes.comment(idea, "Добра идея.", language="bg")
    page = visit()
    page.add_init_script(VOICES)
    page.goto(f"/en{idea.get_absolute_url()[3:]}")
    expect(page.locator("[data-read-aloud]")).to_have_count(3)
    assert read_buttons(page) == ["nl", "pl"]
    # With the keyboard alone.
    page.locator(".comment [data-read-aloud]:not([hidden]) [data-read-toggle]").focus()
    page.keyboard.press("Enter")
    assert page.evaluate(MARKED) == "Ja chcę pomóc."
    page.evaluate("now.onend()")
    assert page.evaluate(MARKED) == "Mam drewno."
    assert page.evaluate("heard") == [["Ja chcę pomóc.", "pl-PL"], ["Mam drewno.", "pl-PL"]]
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate(MARKED) == ""
    expect(page.locator(":focus")).to_have_attribute("data-read-toggle", "")


def test_another_text_stops_the_first_one_and_leaving_the_page_stops_all(visit: Visit):
    idea = scenes.initiative(text="Er is geen bank.")
    scenes.comment(idea, "Ja chcę pomóc.", language="pl")
    page = visit()
    page.add_init_script(VOICES)
    page.goto(f"/en{idea.get_absolute_url()[3:]}")
    page.locator("[data-read-aloud=story] [data-read-toggle]").click()
    assert page.evaluate(MARKED) == "Er is geen bank."
    page.locator(".comment [data-read-toggle]").click()
    assert page.evaluate(MARKED) == "Ja chcę pomóc."
    expect(page.locator("[data-read-stop]:visible")).to_have_count(1)
    page.evaluate("localStorage.removeItem('cancelled')")
    page.goto("/en/over/privacy/")
    assert page.evaluate("localStorage.getItem('cancelled')") == "yes"


def test_a_page_reads_what_it_quotes_in_the_language_of_the_quotation(visit: Visit):
    idea = scenes.initiative()
    decision = actions.warn(
        dossier=Dossier.objects.get(pk=idea.dossier_id),
        by=scenes.moderator(),
        rule=scenes.house_rule(),
        reason="To nie jest miłe.",
        words_language="pl",
    )
    page = visit(idea.author)
    page.add_init_script(VOICES)
    page.goto(f"/nl/beslissingen/{decision.pk}/")
    page.locator("[data-read-toggle]").first.click()
    for _sentence in range(60):
        page.evaluate("now.onend()")
    heard = page.evaluate("heard")
    assert ["To nie jest miłe.", "pl-PL"] in heard
    assert {language for _words, language in heard} == {"nl-NL", "pl-PL"}
    # Neither the way to this page nor what is folded away.
    assert not any("Mijn pagina" in words for words, _language in heard)


def test_pages_of_the_site_are_read_too(visit: Visit):
    scenes.house_rule()
    for slug in ("privacy", "huisregels"):
        SitePage.objects.create(slug=slug, title_nl="Titel", body_nl="Wij houden ons aan de wet.")
    page = visit()
    page.add_init_script(VOICES)
    for address in ("over/privacy/", "over/huisregels/", "hoe-we-modereren/"):
        page.goto(f"/nl/{address}")
        page.locator("[data-read-toggle]").first.click()
        assert page.evaluate("heard.length") == 1, address
        assert page.evaluate(MARKED) != "", address


def test_a_neighbour_comes_before_the_device(visit: Visit):
    idea = scenes.initiative()
    actions.speak(
        contribution=idea,
        by=scenes.granted(Role.MESSENGER, language="pl"),
        language="pl",
        encoded=Encoded(b"sound", 1),
    )
    page = visit(width=320)
    page.add_init_script(VOICES)
    page.goto(f"/en{idea.get_absolute_url()[3:]}")
    order = page.eval_on_selector_all(
        "audio, [data-read-aloud=story]", "all => all.map((one) => one.tagName)"
    )
    assert order == ["AUDIO", "DIV"]
    expect(page.get_by_text("contact person in this language")).to_be_visible()
    # Nothing comes before somebody presses it.
    assert page.get_attribute("audio", "preload") == "none"
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_a_messenger_records_a_text_in_the_browser_and_sends_it(visit: Visit):
    idea = scenes.initiative()
    reader = scenes.granted(Role.MESSENGER, language="pl")
    page = visit(reader)
    page.add_init_script(MICROPHONE)
    page.goto(f"/en{idea.get_absolute_url()[3:]}")
    page.get_by_role("link", name="Read this aloud for others").click()
    page.get_by_role("button", name="Record now").click()
    expect(page.get_by_text("You are recording.")).to_be_visible()
    page.wait_for_timeout(1500)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("It is recorded.")).to_be_visible()
    # What was recorded can be heard before it is sent.
    page.wait_for_function("document.querySelector('[data-record-play]').readyState >= 0")
    assert page.get_attribute("[data-record-play]", "src").startswith("blob:")
    page.get_by_role("button", name="Send my recording").click()
    expect(page.get_by_text("Everybody can hear your recording now.")).to_be_visible()
    made = SpokenText.objects.get()
    assert 1 <= made.seconds <= 4
    expect(page.locator("audio")).to_have_attribute(
        "src", reverse("spoken", kwargs={"key": made.key})
    )


def test_without_a_microphone_or_scripts_a_file_is_chosen(visit: Visit):
    idea = scenes.initiative()
    reader = scenes.granted(Role.MESSENGER, language="pl")
    for javascript in (True, False):
        page = visit(reader, javascript=javascript)
        page.add_init_script(
            "navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error());"
        )
        page.goto(f"/en/bericht/{idea.dossier_id}/voorlezen/")
        if javascript:
            page.get_by_role("button", name="Record now").click()
            expect(page.get_by_text("The microphone could not be used.")).to_be_visible()
        else:
            expect(page.get_by_role("button", name="Record now")).to_have_count(0)
        file = scenes.recording_file()
        page.locator("input[type=file]").set_input_files(
            {"name": "memo.wav", "mimeType": "audio/wav", "buffer": file.read()}
        )
        page.get_by_role("button", name="Send my recording").click()
        expect(page.get_by_text("Everybody can hear your recording now.")).to_be_visible()
    assert SpokenText.objects.heard().count() == 1
