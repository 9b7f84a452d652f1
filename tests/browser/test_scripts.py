"""What the scripts add to pages that work without them."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

pytestmark = pytest.mark.browser

BUILT = Path(__file__).resolve().parents[2] / "build" / "static"
SITE = "http://localhost:1"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " img-src 'self' data:; form-action 'self'"
)

# A device with a voice for Dutch; a sentence sounds until the test says that it is over.
VOICES = """
    window.spoken = [];
    const voices = [{ lang: 'nl-NL', localService: false, name: 'far' },
                    { lang: 'nl_NL', localService: true, name: 'near' }];
    window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
    Object.defineProperty(window, 'speechSynthesis', { value: {
        getVoices: () => voices,
        speak: (words) => {
            window.spoken.push([words.text, words.voice.name]);
            window.now = words;
        },
        cancel: () => { window.now = null; },
        addEventListener: () => {},
    } });
"""


class Site:
    """A site of a few pages in a browser, and what was sent to it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pages: dict[str, str] = {}
        self.sent: list[str] = []
        self.answer = 204
        page.route("**/*", self.serve)

    def serve(self, route: Route) -> None:
        path = route.request.url.removeprefix(SITE)
        if path.endswith(".js"):
            body = (BUILT / path.lstrip("/")).read_text()
            route.fulfill(body=body, content_type="text/javascript")
        elif path.endswith(".css"):
            body = (BUILT / path.lstrip("/")).read_text()
            route.fulfill(body=body, content_type="text/css")
        elif path == "/save":
            self.sent.append(route.request.post_data or "")
            route.fulfill(status=self.answer)
        else:
            body = self.pages.get(path, "<h1>Elsewhere</h1>")
            route.fulfill(
                body=f"<!doctype html><html lang='nl'><body>{body}"
                "<script type='module' src='/main.js'></script>",
                content_type="text/html; charset=utf-8",
                headers={"Content-Security-Policy": POLICY},
            )

    def open(self, html: str | None = None, path: str = "/") -> Page:
        if html is not None:
            self.pages[path] = html
        self.page.goto(SITE + path)
        self.page.wait_for_selector("html.js")
        return self.page

    def kept(self) -> dict[str, Any]:
        return json.loads(self.page.evaluate("JSON.stringify({ ...localStorage })"))


@pytest.fixture
def site(browser: Browser) -> Iterator[Site]:
    context = browser.new_context()
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "console",
        lambda message: problems.append(message.text) if "Security" in message.text else None,
    )
    yield Site(page)
    context.close()
    assert problems == []


MENU = """<details data-menu><summary>Taal</summary><a href="/pl">Polski</a></details>
    <button>Elders</button>"""


def test_escape_closes_a_menu_and_gives_the_focus_back(site: Site) -> None:
    page = site.open(MENU)
    page.click("summary")
    page.focus("a")
    page.keyboard.press("Escape")
    assert page.get_attribute("details", "open") is None
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_menu_closes_when_one_goes_on(site: Site) -> None:
    page = site.open(MENU)
    page.click("summary")
    page.click("button")
    assert page.get_attribute("details", "open") is None


FORM = """<form method="post" action="/next" data-autosave="idea-1" data-autosave-url="/save" {}>
    <input type="hidden" name="csrfmiddlewaretoken" value="secret">
    <input name="title"> <input type="file" name="photo">
    <input type="radio" name="theme" value="a"><input type="radio" name="theme" value="b">
    <input type="checkbox" name="groups" value="1"><input type="checkbox" name="groups" value="2">
    <p data-save-status data-text-saving="Bezig" data-text-saved="Bewaard" data-text-kept="Hier"
       data-text-restored="Terug"></p><button>Verder</button></form>"""


def test_what_is_typed_is_saved_after_a_pause(site: Site) -> None:
    page = site.open(FORM.format(""))
    page.fill("[name=title]", "Een bankje")
    expect(page.locator("[data-save-status]")).to_have_text("Bewaard")
    assert len(site.sent) == 1
    assert "Een bankje" in site.sent[0]
    assert "secret" in site.sent[0]
    assert "photo" not in site.sent[0]
    assert site.kept() == {}


def test_what_could_not_be_saved_stays_on_the_device_and_comes_back(site: Site) -> None:
    site.answer = 503
    page = site.open(FORM.format(""))
    page.fill("[name=title]", "Een bankje")
    page.check("[name=theme][value=b]")
    page.check("[name=groups][value='2']")
    expect(page.locator("[data-save-status]")).to_have_text("Hier")
    assert "secret" not in json.dumps(site.kept())
    page = site.open()
    assert page.input_value("[name=title]") == "Een bankje"
    assert page.is_checked("[name=theme][value=b]")
    assert not page.is_checked("[name=groups][value='1']")
    assert page.is_checked("[name=groups][value='2']")
    assert page.inner_text("[data-save-status]") == "Terug"


def test_a_copy_that_is_older_than_the_draft_does_not_come_back(site: Site) -> None:
    page = site.open(FORM.format(""))
    page.fill("[name=title]", "Oud")
    page = site.open(FORM.format('data-autosave-changed="2999-01-01T00:00:00Z"'))
    assert page.input_value("[name=title]") == ""
    assert site.kept() == {}


def test_a_form_that_arrived_leaves_nothing_on_the_device(site: Site) -> None:
    site.pages["/next"] = "<p data-accepted>Dank je wel.</p>" + FORM.format("")
    page = site.open(FORM.format(""))
    page.fill("[name=title]", "Een bankje")
    page.click("button")
    page.wait_for_selector("html.js [data-accepted]")
    assert page.input_value("[name=title]") == ""
    assert site.kept() == {}


def test_the_next_step_shows_that_the_last_one_arrived(site: Site) -> None:
    site.pages["/next"] = (
        '<h1>Waar?</h1><form data-autosave="idea-1-where" data-autosave-arrived="idea-1"></form>'
    )
    page = site.open(FORM.format(""))
    page.fill("[name=title]", "Een bankje")
    page.click("button")
    page.wait_for_selector("html.js h1")
    assert site.kept() == {}


def test_a_text_survives_that_one_has_to_sign_in_first(site: Site) -> None:
    site.pages["/next"] = "<h1>Inloggen</h1>"
    page = site.open(FORM.format(""))
    page.fill("[name=title]", "Een bankje")
    page.click("button")
    page.wait_for_selector("html.js h1")
    page = site.open()
    assert page.input_value("[name=title]") == "Een bankje"


def test_a_text_that_never_arrived_comes_back_in_a_new_form(site: Site) -> None:
    site.pages["/next"] = "<h1>Niet gevonden</h1>"
    page = site.open(FORM.format(""))
    page.fill("[name=title]", "Een bankje")
    page.click("button")
    page.wait_for_selector("html.js h1")
    page = site.open(
        FORM.format('data-autosave-adopts="idea-\\d+"').replace("idea-1", "idea-new"), "/new"
    )
    assert page.input_value("[name=title]") == "Een bankje"
    assert list(site.kept()) == ["draft:idea-new"]


def test_a_text_whose_draft_is_gone_comes_back_in_a_new_form(site: Site) -> None:
    site.answer = 404
    page = site.open(FORM.format(""))
    page.fill("[name=title]", "Een bankje")
    expect(page.locator("[data-save-status]")).to_have_text("Hier")
    page = site.open(
        FORM.format('data-autosave-adopts="idea-\\d+"').replace("idea-1", "idea-new"), "/new"
    )
    assert page.input_value("[name=title]") == "Een bankje"


def test_a_text_on_its_way_to_its_own_draft_is_not_taken_for_a_new_one(site: Site) -> None:
    page = site.open(FORM.format(""))
    page.fill("[name=title]", "Een bankje")
    page = site.open(
        FORM.format('data-autosave-adopts="idea-\\d+"').replace("idea-1", "idea-new"), "/new"
    )
    assert page.input_value("[name=title]") == ""
    assert list(site.kept()) == ["draft:idea-1"]


def test_signing_out_forgets_what_was_kept(site: Site) -> None:
    page = site.open(FORM.format(""))
    page.fill("[name=title]", "Een bankje")
    page = site.open(
        '<form data-forget-drafts action="/"><button>Uitloggen</button></form>', "/out"
    )
    assert len(site.kept()) == 1
    page.click("button")
    page.wait_for_url("**/?*")
    assert site.kept() == {}


def test_the_summary_of_errors_has_the_focus_and_leads_to_the_field(site: Site) -> None:
    page = site.open(
        """<div data-error-summary tabindex="-1"><a href="#title">Titel</a></div>
        <div class="field"><label for="title">Titel</label><input id="title"></div>"""
    )
    assert page.evaluate("document.activeElement.matches('[data-error-summary]')")
    page.click("a")
    assert page.evaluate("document.activeElement.id") == "title"


def test_the_counter_tells_how_much_room_is_left(site: Site) -> None:
    page = site.open(
        """<textarea id="t"></textarea>
        <p data-counter-for="t" data-counter-max="60" data-text="Nog {number}"></p>"""
    )
    assert page.inner_text("p") == "Nog 60"
    assert page.get_attribute("p", "role") is None
    page.fill("textarea", "x" * 62)
    assert page.inner_text("p").replace("−", "-") == "Nog -2"
    assert page.get_attribute("p", "role") == "status"


QUEUE = """<label><input type="checkbox" data-keys-switch checked> Toetsen</label>
    <div data-keys><a data-queue-item id="one" href="#1" aria-current="true">1</a>
    <a data-queue-item id="two" href="#2">2</a><textarea></textarea>
    <details><summary data-key="t">Terug</summary><p>Uitleg</p></details>
    <a data-key="p" href="#published">Plaatsen</a></div>"""


def test_keys_go_through_the_queue_and_press_its_buttons(site: Site) -> None:
    page = site.open(QUEUE)
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id") == "two"
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.id") == "one"
    page.keyboard.press("t")
    assert page.get_attribute("details", "open") is not None
    page.keyboard.press("p")
    assert "#" not in page.url
    page.keyboard.press("Enter")
    page.wait_for_url("**#published")


def test_keys_are_letters_while_one_types(site: Site) -> None:
    page = site.open(QUEUE)
    page.focus("textarea")
    page.keyboard.type("jpt")
    assert page.input_value("textarea") == "jpt"
    assert "#" not in page.url


def test_keys_can_be_switched_off_and_stay_off(site: Site) -> None:
    page = site.open(QUEUE)
    page.uncheck("[data-keys-switch]")
    page = site.open()
    assert not page.is_checked("[data-keys-switch]")
    page.keyboard.press("p")
    assert "#" not in page.url


READ = """<div data-read-aloud="story" data-lang="{}" hidden>
    <button data-read-toggle data-text-start="Lees voor" data-text-pause="Pauze"
            data-text-resume="Verder"><span data-read-label>Lees voor</span></button>
    <button data-read-stop hidden>Stop</button></div>
    <div id="story"><p>Eerste zin. Tweede <b>zin</b>!</p><ul><li>Derde zin.</li></ul></div>"""


def test_a_text_is_read_sentence_by_sentence_by_a_voice_on_the_device(site: Site) -> None:
    site.page.add_init_script(VOICES)
    page = site.open(READ.format("nl"))
    page.click("[data-read-toggle]")
    marked = "[...CSS.highlights.get('spoken')].map(String).join('|')"
    assert page.evaluate(marked) == "Eerste zin."
    page.evaluate("now.onend()")
    assert page.evaluate(marked) == "Tweede zin!"
    page.click("[data-read-toggle]")
    assert page.inner_text("[data-read-label]") == "Verder"
    page.click("[data-read-toggle]")
    page.evaluate("now.onend()")
    page.evaluate("now.onend()")
    sentences = ["Eerste zin.", "Tweede zin!", "Tweede zin!", "Derde zin."]
    assert page.evaluate("spoken") == [[sentence, "near"] for sentence in sentences]
    assert page.inner_text("[data-read-label]") == "Lees voor"
    assert not page.is_visible("[data-read-stop]")


def test_no_button_promises_a_voice_that_is_not_there(site: Site) -> None:
    site.page.add_init_script(VOICES)
    page = site.open(READ.format("bg"))
    assert not page.is_visible("[data-read-toggle]")


def test_picture_rows_appear_one_at_a_time_and_ask_what_is_to_be_seen(site: Site) -> None:
    row = """<div data-picture-row><input type="file">
        <label data-picture-description>Wat zie je?<input></label></div>"""
    page = site.open(row * 3)
    rows = page.locator("[data-picture-row]")
    assert [rows.nth(n).is_visible() for n in range(3)] == [True, False, False]
    assert not rows.nth(0).locator("[data-picture-description]").is_visible()
    photo = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(photo, "PNG")
    page.set_input_files(
        "[data-picture-row]:first-child input[type=file]",
        {"name": "a.png", "mimeType": "image/png", "buffer": photo.getvalue()},
    )
    page.wait_for_selector("canvas:not([hidden])")
    assert rows.nth(0).locator("[data-picture-description]").is_visible()
    assert [rows.nth(n).is_visible() for n in range(3)] == [True, True, False]


def test_the_pin_is_put_with_the_keyboard_and_without_tiles(site: Site) -> None:
    page = site.open(
        """<input id="lat" value=""><input id="lon" value="">
        <div data-map-picker data-lat="#lat" data-lon="#lon" data-tiles="" data-credit=""
             data-centre="52.07,4.30" data-zoom="14"
             data-map-script="/map.js" data-map-style="/map.css">
        <div data-map></div>
        <button data-map-put>Zet neer</button><button data-map-clear hidden>Weg</button>
        <p data-map-status data-text-put="Staat" data-text-cleared="Weg"></p></div>"""
    )
    page.wait_for_selector(".leaflet-container", state="attached")
    page.focus("[data-map-put]")
    page.keyboard.press("Enter")
    assert page.input_value("#lat") == "52.07000"
    assert page.input_value("#lon") == "4.30000"
    assert page.inner_text("[data-map-status]") == "Staat"
    page.click("[data-map-clear]")
    assert page.input_value("#lat") == ""


def test_a_map_in_a_fold_out_costs_nothing_until_it_is_opened(site: Site) -> None:
    fetched: list[str] = []
    site.page.on("request", lambda request: fetched.append(request.url))
    page = site.open(
        """<details><summary>Kaart</summary><div data-map-show data-lat="52.07" data-lon="4.3"
        data-tiles="" data-credit="" data-map-script="/map.js" data-map-style="/map.css">
        </div></details>"""
    )
    assert not any("map." in url for url in fetched)
    page.click("summary")
    page.wait_for_selector(".map-pin")
