"""Quotes and receipts: a photo or a PDF, drawn anew as one picture.

A PDF is drawn page under page, so that nothing of the file itself is kept: no script, no metadata.
"""

import hashlib
from dataclasses import dataclass
from functools import partial

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from budgets import pdf
from budgets.models import Application, Document
from contributions.pictures import MAX_BYTES, PictureRefused, encode, goes_when_undone


@dataclass(frozen=True)
class Drawn:
    """A document as a WebP picture, with the digest by which the same one is known again."""

    content: bytes
    digest: str


def draw(file: File[bytes]) -> Drawn:
    """Read a quote or receipt by its content and draw it anew.

    Raises:
        PictureRefused: it is too large, broken, protected, or neither a picture nor a PDF.
    """
    if (file.size or 0) > MAX_BYTES:
        raise PictureRefused(_("This file is too large. Choose one of at most 15 MB."))
    beginning = file.read(1024)
    file.seek(0)
    content = _draw_pdf(file.read()) if b"%PDF-" in beginning else encode(file).content
    return Drawn(content, hashlib.sha256(content).hexdigest())


def _draw_pdf(data: bytes) -> bytes:
    try:
        return pdf.draw_pages(data)
    except pdf.TooManyPages as error:
        raise PictureRefused(_("This PDF has too many pages. Five is the most.")) from error
    except pdf.Unreadable as error:
        raise PictureRefused(
            _("We can't read this PDF. Does it open without a password? Or take a photo of it.")
        ) from error


def keep(application: Application, kind: str, drawn: Drawn) -> Document:
    """Keep a document of a locked application."""
    document = Document(application=application, kind=kind, digest=drawn.digest)
    document.image.save("document.webp", ContentFile(drawn.content), save=False)
    goes_when_undone(partial(forget, document))
    document.save()
    return document


def forget(document: Document) -> None:
    """Delete the file of a document."""
    if document.image.name:
        default_storage.delete(document.image.name)
