"""The file that somebody takes out: a note to read, the data as JSON, and the pictures."""

import datetime
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import IO, Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Field, FileField, Model
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from accounts.holdings import HeldFile, Holding, all_holdings, holds_nothing
from accounts.models import User

#: After so many rows it is told how far it is.
TELL_EVERY = 50
README = "README.txt"
DATA = "data.json"

#: Tells how far it is: so many of so many.
Tell = Callable[[int, int], None]


def write_archive(
    file: IO[bytes], person: User, *, language: str, now: datetime.datetime, tell: Tell
) -> None:
    """Write all that the site holds of a person to a ZIP, row by row, in little memory.

    Args:
        file: where to, open for writing in binary.
        language: of the note to read.
        tell: is called now and then, and at the end.
    """
    of = sum(holding.rows(person).count() for holding in all_holdings())
    progress = _Progress(tell, of)
    files: list[HeldFile] = []
    with (
        translation.override(language),
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        with archive.open(DATA, "w", force_zip64=True) as out:
            for piece in _pieces(person, now, files, progress):
                out.write(piece.encode())
        archive.writestr(README, readme(now))
        progress.of += len(files)
        for held in files:
            _add(archive, held)
            progress.step()
    progress.end()


class _Progress:
    """Counts rows and files, and tells it now and then."""

    def __init__(self, tell: Tell, of: int) -> None:
        self.tell, self.done, self.of = tell, 0, of

    def step(self) -> None:
        self.done += 1
        if self.done % TELL_EVERY == 0:
            self.tell(self.done, max(self.done, self.of))

    def end(self) -> None:
        self.tell(self.done, self.done)


def _add(archive: zipfile.ZipFile, held: HeldFile) -> None:
    """Add a file as it is stored; one that went in the meantime is left out."""
    try:
        source = default_storage.open(held.path, "rb")
    except FileNotFoundError:
        return
    info = zipfile.ZipInfo(held.name, date_time=timezone.localtime().timetuple()[:6])
    # A picture is packed already.
    info.compress_type = zipfile.ZIP_STORED
    with source, archive.open(info, "w", force_zip64=True) as out:
        shutil.copyfileobj(source, out)


def readme(now: datetime.datetime) -> str:
    """Return the note to read, in the language in force."""
    lines = [
        _("Your data on %(site)s") % {"site": settings.SITE_NAME},
        _("Made on %(date)s.") % {"date": formats.date_format(timezone.localtime(now), "j F Y")},
        "",
        _("data.json holds everything that we keep about you. Any text program can open it."),
        _("The folder pictures holds the pictures that you added to your texts."),
        _("The folder portraits holds your picture as a member of a council."),
        _("The folder papers holds the quotes and receipts that you added to a plan."),
        "",
        _("In data.json you find:"),
        *(f"- {_key(holding)}: {holding.name}" for holding in _by_app()),
        "",
        _("Keep this file to yourself: it tells what others do not know about you."),
        f"{settings.SITE_URL}/",
        "",
    ]
    return "\r\n".join(lines)


def _by_app() -> list[Holding]:
    return sorted(all_holdings(), key=_key)


def _key(holding: Holding) -> str:
    meta = holding.model._meta
    return f"{meta.app_label}.{meta.model_name}"


def _pieces(
    person: User, now: datetime.datetime, files: list[HeldFile], progress: _Progress
) -> Iterator[str]:
    """Yield the JSON, a row at a time, and collect the files that belong to the rows."""
    about = {"site": settings.SITE_URL, "made_at": now, "person": person.pk}
    yield f'{{\n"about": {_json(about)}'
    for app, holdings in groupby(_by_app(), key=lambda one: one.model._meta.app_label):
        yield f",\n{_json(app)}: {{"
        for number, holding in enumerate(holdings):
            yield f"{',' if number else ''}\n  {_json(holding.model._meta.model_name)}: ["
            for index, row in enumerate(_rows(holding, person)):
                held = list(holding.files(row))
                files += held
                yield f"{',' if index else ''}\n    {_json(_told(holding, row, held))}"
                progress.step()
            yield "]"
        yield "\n}"
    yield "\n}\n"


def _json(value: object) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)


def _rows(holding: Holding, person: User) -> Iterator[Any]:
    meta = holding.model._meta
    named = [field.name for field in meta.concrete_fields if _has_a_name(field)]
    many = [field.name for field in meta.many_to_many if _has_a_name(field)]
    rows = holding.rows(person).select_related(*named).prefetch_related(*many)
    yield from rows.iterator(chunk_size=200)


def _has_a_name(field: Any) -> bool:
    """Say whether a column points at something of the site's own: never at what others wrote."""
    related: type[Model] | None = field.related_model
    return related is not None and related._meta.label_lower in holds_nothing()


def _told(holding: Holding, row: Any, held: list[HeldFile]) -> dict[str, Any]:
    """Return a row as its owner reads it; who else had to do with it is left out."""
    told: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        if field.name not in holding.secret and field.related_model is not User:
            told[field.name] = _value(field, row, held)
    for field in row._meta.many_to_many:
        if _has_a_name(field):
            told[field.name] = [str(one) for one in getattr(row, field.name).all()]
    return told


def _value(field: "Field[Any, Any]", row: Any, held: list[HeldFile]) -> Any:
    if isinstance(field, FileField):
        return held[0].name if held else None
    value = field.value_from_object(row)
    if value is not None and _has_a_name(field):
        return {"number": value, "name": str(getattr(row, field.name))}
    return value
