"""The look: colours that can be read, pages that stay light, fields that say what they are."""

import gzip
import json
import re
from pathlib import Path

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

ROOT = Path(__file__).resolve().parent.parent
CSS = ROOT / "frontend" / "css"
BUILT = ROOT / "build" / "static"
MODES = ("light", "dark", "light, more contrast", "dark, more contrast")

TEXT_ON_GROUND = [
    ("ink", "paper card brand-soft warn-soft bad-soft good-soft"),
    ("ink-soft", "paper card brand-soft"),
    ("brand", "paper card brand-soft"),
    ("brand-strong", "paper card brand-soft"),
    ("brand-ink", "brand brand-strong"),
    ("sun-ink", "sun sun-strong"),
    ("moon", "night"),
    ("sun", "night"),
    ("home", "home-soft"),
    ("health", "health-soft"),
    ("work", "work-soft"),
    ("warn", "warn-soft"),
    ("bad", "paper card bad-soft"),
    ("bad-strong", "bad-soft"),
    ("bad-ink", "bad bad-strong"),
    ("good", "good-soft"),
]
EDGE_ON_GROUND = [
    ("line-strong", "paper card"),
    ("brand", "paper card track"),
    ("bad", "paper card"),
    ("focus-ring", "paper card brand-soft"),
]


def palette(mode: str) -> dict[str, str]:
    """Return the colours of tokens.css as a browser in this mode has them."""
    css = re.sub(r"/\*.*?\*/", "", (CSS / "tokens.css").read_text(), flags=re.DOTALL)
    blocks = re.findall(r"(?:@media ([^{]+)\{\s*)?:root\s*\{([^}]*)\}", css)
    assert [bool(media) for media, _ in blocks] == [False, True, True, True]
    colours: dict[str, str] = {}
    for media, body in blocks:
        if "scheme: dark" in media and "dark" not in mode:
            continue
        if "contrast: more" in media and "more" not in mode:
            continue
        colours |= dict(re.findall(r"--([\w-]+):\s*([^;]+);", body))
    return colours


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#rgb`` or ``#rrggbb`` (WCAG 2.2)."""
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def too_faint(pairs: list[tuple[str, str]], colours: dict[str, str], least: float) -> list[str]:
    return [
        f"{front} on {ground}: {contrast(colours[front], colours[ground]):.2f}"
        for front, grounds in pairs
        for ground in grounds.split()
        if contrast(colours[front], colours[ground]) < least
    ]


def test_contrast_is_computed_as_wcag_says() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("mode", MODES)
def test_every_text_can_be_read_on_its_ground(mode: str) -> None:
    assert too_faint(TEXT_ON_GROUND, palette(mode), 4.5) == []


@pytest.mark.parametrize("mode", MODES)
def test_every_edge_that_means_something_can_be_seen(mode: str) -> None:
    assert too_faint(EDGE_ON_GROUND, palette(mode), 3) == []


@pytest.mark.parametrize("mode", MODES[2:])
def test_more_contrast_gives_more_contrast(mode: str) -> None:
    plain, more = palette(mode.split(",")[0]), palette(mode)
    for front in ("ink", "ink-soft", "brand", "line-strong"):
        assert contrast(more[front], more["paper"]) > contrast(plain[front], plain["paper"]), front


def test_the_styles_use_no_colour_or_size_that_nobody_set() -> None:
    """A misspelt custom property is no error anywhere: the browser just leaves the style out."""
    css = "".join(file.read_text() for file in CSS.glob("*.css"))
    used = set(re.findall(r"var\((--[\w-]+)\)", css))
    # The alert component sets this one for the icon within it.
    used.discard("--utrecht-icon-color")
    assert used - set(re.findall(r"(--[\w-]+):", css)) == set()


def test_the_layout_follows_the_direction_of_reading() -> None:
    physical = re.compile(
        r"^\s*(?:(?:margin|padding|border)-(?:left|right|top|bottom)|left|right|top|bottom|float"
        r"|(?:min-|max-)?(?:width|height))\s*:|text-align:\s*(?:left|right)",
        re.MULTILINE,
    )
    for file in CSS.glob("*.css"):
        assert physical.findall(file.read_text().replace("float: none", "")) == [], file.name


def size(*files: Path) -> int:
    """Return how many bytes these files take on the line."""
    return sum(len(gzip.compress(file.read_bytes(), 9)) for file in files)


def test_styles_take_at_most_25_kb_on_the_line() -> None:
    assert size(BUILT / "main.css") <= 25_000


def test_scripts_take_at_most_40_kb_on_the_line_htmx_included() -> None:
    htmx = finders.find("django_htmx/htmx-2.min.js")
    assert htmx is not None
    assert size(BUILT / "main.js", Path(htmx)) <= 40_000


def test_the_map_takes_at_most_60_kb_on_the_line_where_it_is_opened() -> None:
    assert size(BUILT / "map.js", BUILT / "map.css") <= 60_000


def test_the_map_is_not_loaded_by_every_page() -> None:
    assert "map." not in (ROOT / "frontend/templates/base.html").read_text()
    assert "leaflet" not in (BUILT / "main.js").read_text().lower()


def test_at_most_twelve_components_of_the_design_system_and_each_is_used() -> None:
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]
    components = {name for name in wanted if name.endswith("-css")}
    assert len(components) <= 12
    imported = re.findall(r'@import "(@[^/]+/[^/]+)/', (CSS / "main.css").read_text())
    assert set(imported) == components


def test_nothing_on_a_page_is_loaded_from_elsewhere() -> None:
    for file in ("main.css", "map.css"):
        # A fragment is Leaflet's word to a browser of long ago, and loads nothing.
        for address in re.findall(r"url\([\"']?([^#\"')][^\"')]*)", (BUILT / file).read_text()):
            assert (BUILT / address).is_file(), address


@pytest.mark.parametrize("colour", ["home", "health", "work"])
def test_each_theme_has_four_drawings_in_light_and_dark(colour: str) -> None:
    shown = set()
    for number in range(1, 9):
        html = render_to_string("components/scene.html", {"colour": colour, "number": number})
        files = re.findall(r"/static/([\w-]+\.svg)", html)
        assert len(files) == 2
        assert all((BUILT / file).is_file() for file in files)
        shown |= set(files)
    assert len(shown) == 8


def page_templates() -> list[Path]:
    """Return every template of a page; mails follow their own rules."""
    skipped = {"node_modules", "build", "var", ".venv", "mails"}
    return [
        file
        for file in ROOT.rglob("templates/**/*.html")
        if not skipped & set(file.relative_to(ROOT).parts)
    ]


def test_no_template_holds_what_the_content_security_policy_refuses() -> None:
    refused = re.compile(
        r"<script(?![^>]*\ssrc=)|<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|hx-on|js:",
        re.IGNORECASE,
    )
    templates = page_templates()
    assert len(templates) > 20
    found = [
        f"{file.relative_to(ROOT)}: {match}"
        for file in templates
        for match in refused.findall(file.read_text())
    ]
    assert found == []


class IdeaForm(forms.Form):
    title = forms.CharField(label="Title", help_text="In one sentence.")
    text = forms.CharField(label="Text", widget=forms.Textarea, max_length=100, required=False)
    place = forms.ChoiceField(
        label="Place", choices=[("a", "Here"), ("b", "There")], widget=forms.RadioSelect
    )
    rules = forms.BooleanField(label="I read the rules")


def test_a_field_is_tied_to_its_help_and_its_error() -> None:
    html = str(IdeaForm({})["title"].as_field_group())
    described = re.search(r'aria-describedby="([^"]+)"', html)
    assert described is not None
    assert described[1].split() == ["id_title_helptext", "id_title_error"]
    assert all(f'id="{name}"' in html for name in described[1].split())
    assert 'aria-invalid="true"' in html
    assert '<label class="field__label" for="id_title">' in html


def test_a_field_says_when_it_is_not_required() -> None:
    form = IdeaForm()
    assert "field__optional" in str(form["text"].as_field_group())
    assert "field__optional" not in str(form["title"].as_field_group())


def test_a_group_of_choices_is_a_fieldset_with_its_question() -> None:
    html = str(IdeaForm()["place"].as_field_group())
    assert "<fieldset" in html
    assert re.search(r"<legend>\s*Place", html)
    assert html.count("utrecht-radio-button--html-input") == 2


def test_the_summary_links_to_fields_that_are_there() -> None:
    form = IdeaForm({})
    page = render_to_string("components/error_summary.html", {"form": form}) + str(form)
    targets = re.findall(r'href="#([^"]+)"', page)
    assert targets == ["id_title", "id_place_0", "id_rules"]
    assert all(f'id="{target}"' in page for target in targets)


def test_there_is_no_summary_when_nothing_is_wrong() -> None:
    assert render_to_string("components/error_summary.html", {"form": IdeaForm()}).strip() == ""


def test_what_somebody_typed_stays_text_in_every_kind_of_field() -> None:
    nasty = '"><script>alert(1)</script></textarea>'
    html = str(IdeaForm({"title": nasty, "text": nasty, "place": nasty}))
    assert "<script" not in html
    assert html.count("</textarea>") == 1
