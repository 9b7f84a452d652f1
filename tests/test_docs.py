"""The documents stay true: what they name exists, and what they count is what the code counts."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands
from django.urls import resolve

from areas.models import Area
from contributions.drafts import KEPT_FOR
from contributions.models.picture import MAX_PICTURES
from contributions.pictures import MAX_BYTES
from contributions.review import TRUSTED_AFTER
from moderation import decisions
from participatie import catalogues
from participatie.sampling import NEIGHBOURS, STAFF_NAMES

ROOT = Path(settings.BASE_DIR)
ADRS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "frontend" / "README.md"])
# Made by the commands, so not there in a fresh clone.
MADE = ("var/", "build/", "node_modules/", ".venv/", ".make/", "frontend/templates/icons")

each_document = pytest.mark.parametrize(
    "doc", DOCS, ids=[str(path.relative_to(ROOT)) for path in DOCS]
)


def _text(*parts: str) -> str:
    return ROOT.joinpath(*parts).read_text(encoding="utf-8")


def _prose(doc: Path) -> str:
    """Return a document without its blocks of code."""
    return re.sub(r"^```.*?^```", "", doc.read_text(encoding="utf-8"), flags=re.M | re.S)


def _code(doc: Path) -> list[str]:
    """Return what a document writes as code: spans, and lines of shell without their comments."""
    blocks = re.findall(r"^```sh\n(.*?)^```", doc.read_text(encoding="utf-8"), flags=re.M | re.S)
    lines = [line.partition("#")[0].strip() for block in blocks for line in block.splitlines()]
    return [*re.findall(r"`([^`\n]+)`", _prose(doc)), *filter(None, lines)]


def _anchors(doc: Path) -> set[str]:
    """Return the anchors that a reader of Markdown gives to the headings of a document."""
    headings = re.findall(r"^#+ (.+)$", _prose(doc), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _table(text: str, heading: str) -> list[list[str]]:
    """Return the rows of the first table under a heading, the head left out."""
    section = text.partition(f"{heading}\n")[2]
    rows = re.search(r"(?:^\|.*\n)+", section, flags=re.M)
    assert rows, heading
    return [
        [cell.strip() for cell in row.strip("|").split("|")] for row in rows[0].splitlines()[2:]
    ]


# --- What is named exists ---


@each_document
def test_every_link_leads_somewhere(doc: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", _prose(doc)):
        if re.match(r"[a-z]+:", target):
            continue
        if target.startswith("/"):
            assert resolve(target), target
            continue
        path, _hash, anchor = target.partition("#")
        found = (doc.parent / path).resolve() if path else doc
        assert found.exists(), target
        assert not anchor or anchor in _anchors(found), target


@each_document
def test_every_file_that_is_named_is_there(doc: Path) -> None:
    rooms = {path.name for path in ROOT.iterdir() if path.is_dir()}
    for span in re.findall(r"`([^`\n]+)`", _prose(doc)):
        inside = "/" in span and span.partition("/")[0] in rooms
        on_top = re.fullmatch(r"[\w.-]+\.(toml|yml|json|in)", span)
        if (inside or on_top) and " " not in span and not span.startswith(MADE):
            assert list(ROOT.glob(span.rstrip("/"))), span


@each_document
def test_every_command_that_is_named_is_there(doc: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", _text("Makefile"), flags=re.M))
    targets |= set(_text("Makefile").partition(".PHONY:")[2].partition("\n")[0].split())
    for code in _code(doc):
        if code.startswith("make "):
            named = [word for word in code.split()[1:] if re.fullmatch("[a-z-]+", word)]
            assert set(named) <= targets, code
        for command in re.findall(r"manage\.py (\w+)", code):
            assert command in get_commands(), code


@each_document
def test_every_setting_that_is_named_is_read_somewhere(doc: Path) -> None:
    names = [
        *(".env.example", "Makefile", "docker-compose.yml"),
        *("participatie/settings.py", "tests/everything.py", "tests/conftest.py"),
    ]
    known = "".join(_text(name) for name in names)
    for span in re.findall(r"`([^`\n]+)`", _prose(doc)):
        if named := re.fullmatch(r"([A-Z][A-Z_]{3,})(=.*)?", span):
            assert named[1] in known, span


# --- Decisions ---


def test_decisions_are_numbered_and_listed() -> None:
    assert [path.name[:4] for path in ADRS] == [f"{n:04}" for n in range(1, len(ADRS) + 1)]
    contents = _text("docs", "adr", "README.md")
    for path in ADRS:
        title = path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
        assert f"]({path.name}) | {title} |" in contents


@pytest.mark.parametrize("adr", ADRS, ids=[path.name for path in ADRS])
def test_a_decision_says_when_why_what_and_what_follows(adr: Path) -> None:
    text = adr.read_text(encoding="utf-8")
    assert re.search(r"^Date: 20\d\d-[01]\d-[0-3]\d$", text, flags=re.M)
    assert re.findall(r"^## (.*)$", text, flags=re.M) == ["Context", "Decision", "Consequences"]


# --- What is counted ---


def test_the_floors_in_the_architecture_are_those_of_the_contract() -> None:
    contract = tomllib.loads(_text("pyproject.toml"))["tool"]["importlinter"]["contracts"][0]
    floors = [layer.split(" | ") for layer in contract["layers"] if not layer.startswith("(")]
    rows = _table(_text("ARCHITECTURE.md"), "## Rooms and floors")
    assert [(int(row[0]), row[1].strip("`")) for row in rows] == [
        (number, room)
        for number, rooms in zip(range(len(floors), 0, -1), floors, strict=True)
        for room in rooms
    ]


def test_the_sample_people_of_the_readme_are_those_of_the_sample() -> None:
    rows = _table(_text("README.md"), "## Try it")
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row[0])]
    assert sorted(named) == sorted([*NEIGHBOURS, *STAFF_NAMES])


def test_the_handbook_promises_what_the_areas_promise() -> None:
    handbook = _text("docs", "handbook-moderators.md")
    area = Area()
    assert f"binnen {area.review_working_days} werkdagen" in handbook
    assert f"({area.support_threshold} keer) | {area.support_days} dagen" in handbook
    assert f"binnen {area.answer_weeks} weken" in handbook
    assert f"tot er {TRUSTED_AFTER} geplaatst zijn" in handbook


def test_the_handbook_explains_every_decision_and_no_other() -> None:
    offered = {
        value
        for name, value in vars(decisions).items()
        if name.isupper() and isinstance(value, str)
    }
    rows = _table(_text("docs", "handbook-moderators.md"), "## De beslissingen")
    assert len(rows) == len(offered)
    reasons = [row for row in rows if row[2] != "niets"]
    assert len(reasons) == len(decisions.WITH_REASON)
    on_screen = {message.string for message in catalogues.read("nl")}
    assert {row[0].strip("*") for row in rows} <= on_screen


def test_the_guide_to_deploying_lets_five_pictures_through() -> None:
    found = re.search(r"requests of up to (\d+) MB", _text("docs", "deploy.md"))
    assert found
    assert int(found[1]) * 1_000_000 == settings.REQUEST_MAX_BYTES >= MAX_PICTURES * MAX_BYTES


def test_drafts_are_kept_as_long_as_the_assessment_says() -> None:
    assert f"| {KEPT_FOR.days} days after the last change |" in _text("docs", "dpia.md")


# --- Words ---


def test_the_glossary_marks_what_is_not_built_yet() -> None:
    known = {f"{model._meta.app_label}.{model.__name__}" for model in apps.get_models()}
    # Abstract, so not among the models.
    known.add("contributions.Contribution")
    text = _text("docs", "glossary.md").partition("## How people are addressed")[2]
    named = re.findall(r"`([a-z]+\.[A-Z]\w+)`(\\\*)?", text)
    assert len(named) > 20
    for name, star in named:
        assert (name not in known) == bool(star), name


def test_the_glossary_has_a_column_for_every_listed_language() -> None:
    heads = re.findall(r"^\| code \|(.*)\|$", _text("docs", "glossary.md"), flags=re.M)
    for head in heads:
        assert [code.strip() for code in head.split("|")] == settings.LISTED_LANGUAGES


# --- For catalogues, readers and lawyers ---


@pytest.fixture
def publiccode() -> Any:
    return yaml.safe_load(_text("publiccode.yml"))


def test_publiccode_has_what_catalogues_require(publiccode: Any) -> None:
    required = {
        "publiccodeYmlVersion", "name", "url", "platforms", "categories", "developmentStatus",
        "softwareType", "description", "legal", "maintenance", "localisation",
    }  # fmt: skip
    assert required <= set(publiccode)
    assert publiccode["name"] == settings.SITE_NAME
    assert publiccode["maintenance"]["contacts"][0]["name"]
    for words in publiccode["description"].values():
        assert len(words["shortDescription"]) <= 150
        assert 150 <= len(words["longDescription"]) <= 10_000
        assert words["features"]


def test_publiccode_agrees_with_the_project(publiccode: Any) -> None:
    project = tomllib.loads(_text("pyproject.toml"))["project"]
    assert publiccode["legal"]["license"] == project["license"]
    assert publiccode["localisation"]["availableLanguages"] == settings.LISTED_LANGUAGES
    python = publiccode["dependsOn"]["open"][0]
    assert project["requires-python"] == f">={python['versionMin']}"
    assert (ROOT / publiccode["description"]["en"]["screenshots"][0]).exists()


def test_the_screenshot_is_small_enough_for_a_slow_line() -> None:
    picture = ROOT / "docs" / "screenshot.png"
    assert picture.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert picture.stat().st_size <= 250_000


def test_the_licence_is_whole() -> None:
    text = _text("LICENSE")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    numbers = re.findall(r"^(\d+)\. [A-Z]", text, flags=re.M)
    assert [int(number) for number in numbers] == list(range(1, 16))
    assert "Appendix" in text


def test_the_changelog_has_a_place_for_what_is_not_released() -> None:
    section = re.search(r"^## \[Unreleased\]\n(.*?)(?=^## |\Z)", _text("CHANGELOG.md"), re.M | re.S)
    assert section
    assert re.search(r"^### (Added|Changed|Deprecated|Removed|Fixed|Security)$", section[1], re.M)
