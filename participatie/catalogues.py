"""The sentences of the site and their translations in ``locale/``: found, merged and checked.

Msgids are English, so English needs no catalogue. Babel reads the code and the templates, so that
no machine needs the programs of GNU gettext.
"""

import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import templatize

SOURCE_LANGUAGE = "en"
DOMAIN = "django"
#: So many words may be the same in two languages: names, addresses, "E-mail".
WORDS_ALIKE = 3

_KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_TEMPLATES = {".html", ".txt"}
_LEFT_OUT = {"migrations", "tests", "node_modules", "sample"}
# %(name)s, %s and {name}: what the code fills in. %% is a per cent sign.
_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]|\{\w*\}")
_TAG = re.compile(r"</?\w+")


def rooms() -> list[Path]:
    """Return the folders whose sentences are ours."""
    base: Path = settings.BASE_DIR
    apps = [base / app for app in settings.INSTALLED_APPS if (base / app).is_dir()]
    return [*apps, base / "frontend" / "templates"]


def source_files() -> Iterator[Path]:
    """Yield every file that can hold a sentence of ours, in a fixed order."""
    for room in rooms():
        for path in sorted(room.rglob("*")):
            inside = path.relative_to(room)
            if _LEFT_OUT.intersection(inside.parts):
                continue
            if path.suffix == ".py" or (
                path.suffix in _TEMPLATES
                and (room.name == "templates" or "templates" in inside.parts)
            ):
                yield path


def sentences() -> Catalog:
    """Return the catalogue of all sentences in code and templates, without translations."""
    catalogue = Catalog(project=settings.SITE_NAME, fuzzy=False)
    for path in source_files():
        where = path.relative_to(settings.BASE_DIR).as_posix()
        text = path.read_text(encoding="utf-8")
        if path.suffix in _TEMPLATES:
            # Django turns a template into something that reads as Python, but for its indents.
            text = "\n".join(line.lstrip() for line in templatize(text).splitlines())
        for line, message, comments, context in extract(
            "python",
            io.BytesIO(text.encode()),
            keywords=_KEYWORDS,
            comment_tags=["Translators:"],
            options={"encoding": "utf-8"},
        ):
            catalogue.add(
                message, locations=[(where, line)], auto_comments=comments, context=context
            )
    return catalogue


def translated_languages() -> list[str]:
    """Return the listed languages that need a catalogue."""
    return [code for code in settings.LISTED_LANGUAGES if code != SOURCE_LANGUAGE]


def po_path(code: str) -> Path:
    folder: Path = settings.LOCALE_PATHS[0]
    return folder / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(code: str) -> Catalog:
    """Read a language's catalogue; one that is not there yet is empty."""
    path = po_path(code)
    if not path.exists():
        return Catalog(locale=code, domain=DOMAIN, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=code, domain=DOMAIN)


def update(code: str, source: Catalog) -> Catalog:
    """Bring a language's catalogue in step with the sentences, and write it.

    A sentence that changed keeps its old translation, marked fuzzy for a person to look at.
    """
    catalogue = read(code)
    catalogue.update(source, update_creation_date=False)
    # Sentences that are gone are in the history, not in the file.
    catalogue.obsolete.clear()
    path = po_path(code)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        # Without line numbers, a change moves only the lines it is about.
        write_po(file, catalogue, width=100, include_lineno=False, ignore_obsolete=True)
    return catalogue


def faults(code: str, source: Catalog) -> list[str]:
    """Return what is wrong with a language's catalogue, a line for each fault."""
    catalogue = read(code)
    site: dict[Any, Any] = {}
    if code != settings.LANGUAGE_CODE:
        site = {(own.id, own.context): own.string for own in read(settings.LANGUAGE_CODE)}
    known = {(message.id, message.context) for message in catalogue if message.id}
    wanted = {(message.id, message.context) for message in source if message.id}
    found = [f"{code}: not in the catalogue: {_forms(id_)[0]}" for id_, _context in wanted - known]
    found += [
        f"{code}: no longer in the code: {_forms(id_)[0]}" for id_, _context in known - wanted
    ]
    for message in catalogue:
        if message.id and (message.id, message.context) in wanted:
            fault = _fault(message, catalogue.num_plurals)
            if not fault and _is_left(message, site.get((message.id, message.context))):
                fault = f"the same as in {settings.LANGUAGE_CODE}"
            if fault:
                found.append(f"{code}: {fault}: {_forms(message.id)[0]}")
    return sorted(found)


def _is_left(message: Message, in_site_language: Any) -> bool:
    """Say whether a sentence was left in the site's own language; a few words may look alike."""
    strings = _forms(message.string)
    return strings == _forms(in_site_language) and len(strings[0].split()) > WORDS_ALIKE


def _forms(sentence: Any) -> list[str]:
    """Return a sentence's forms: one, or the singular and the plural ones; none if it is empty."""
    if isinstance(sentence, str):
        return [sentence]
    return [form or "" for form in sentence or ()]


def _fault(message: Message, plurals: int) -> str | None:
    originals, strings = _forms(message.id), _forms(message.string)
    if message.fuzzy:
        return "fuzzy"
    if len(strings) != (plurals if len(originals) > 1 else 1) or not all(strings):
        return "not translated"
    # A form for one thing may leave the number out; nothing else may be left out or added.
    most = _marks(originals[-1])
    for string in strings:
        marks = _marks(string)
        if marks - most or (len(originals) == 1 and marks != most):
            return "other placeholders or tags"
    return None


def _marks(text: str) -> Counter[str]:
    plain = text.replace("%%", "")
    return Counter(_PLACEHOLDER.findall(plain)) + Counter(_TAG.findall(plain))
