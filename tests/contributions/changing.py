"""What an author sends when changing a text: fields and pictures, through the real forms."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from contributions.forms import PicturesForm
from contributions.models import Picture, Revision
from ideas import actions
from ideas.models import Initiative
from tests import scenes


def pictures_form(
    initiative: Initiative,
    *,
    data: dict[str, Any] | None = None,
    files: dict[str, SimpleUploadedFile] | None = None,
) -> PicturesForm:
    """Return the checked form of an initiative's pictures; what ``data`` leaves out stays."""
    pictures = Picture.objects.filter(dossier=initiative.dossier_id).current()
    told = {f"description_{picture.key}": picture.description for picture in pictures}
    form = PicturesForm({**told, **(data or {})}, files or {}, pictures=pictures)
    form.is_valid()
    return form


def with_picture(description: str = "The square", **options: Any) -> dict[str, Any]:
    """Return what a form gets with one new picture in its first place."""
    return {
        "data": {"new_description_1": description},
        "files": {"new_1": scenes.picture_file(**options)},
    }


def add_picture(initiative: Initiative, description: str = "The square", **options: Any) -> Picture:
    """Give a picture to an initiative that is not published, as its author would."""
    actions.write_pictures(
        initiative=initiative,
        by=initiative.author,
        draft_key=initiative.draft_key,
        form=pictures_form(initiative, **with_picture(description, **options)),
    )
    return Picture.objects.filter(dossier=initiative.dossier_id).latest("pk")


def revise(
    initiative: Initiative, *, pictures: dict[str, Any] | None = None, **values: Any
) -> Revision:
    """Ask for a change to a published initiative, as its author would."""
    return actions.revise(
        initiative=initiative,
        by=initiative.author,
        values=values,
        form=pictures_form(initiative, **(pictures or {})),
    )
