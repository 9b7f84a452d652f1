"""Recordings with appeals and of texts: read by what they hold, made anew, and forgotten."""

import threading
from functools import partial

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db.models.fields.files import FieldFile
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from contributions import audio
from contributions.models import Appeal, SpokenText
from contributions.pictures import goes_when_undone
from contributions.ranges import ranged

MAX_BYTES = 10 * 1024 * 1024
CONTENT_TYPE = "audio/mp4"
#: So many recordings are read at once by one process of the site; who comes then waits so long.
LISTENERS, WAIT_SECONDS = 2, 10
_listeners = threading.BoundedSemaphore(LISTENERS)


class RecordingRefused(Exception):
    """A file that cannot be taken; its message is a sentence for who sent it.

    ``code`` says what is wrong with it, for forms that say it in another way.
    """

    def __init__(self, message: object, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code

    def __str__(self) -> str:
        return str(self.message)


def listen_to(file: File[bytes]) -> audio.Encoded:
    """Read a recording by its content and make it anew.

    Raises:
        RecordingRefused: it is too large, too long, or no sound that we can read; or too many come
            in at this moment.
    """
    if (file.size or 0) > MAX_BYTES:
        raise RecordingRefused(_("This recording is too large. Choose one of at most 10 MB."))
    if not _listeners.acquire(timeout=WAIT_SECONDS):
        raise RecordingRefused(
            _(
                "Very many recordings come in now. Send it again in a minute; your words are still "
                "here."
            ),
            "busy",
        )
    try:
        return audio.make_anew(file.read())
    except audio.TooLong as error:
        raise RecordingRefused(
            _("This recording is too long. Three minutes is the most; you can also write."),
            "too_long",
        ) from error
    except audio.Unreadable as error:
        raise RecordingRefused(
            _(
                "This is not a recording that we can play. Record it anew with your phone, or "
                "write it down."
            ),
            "unreadable",
        ) from error
    finally:
        _listeners.release()


def keep(appeal: Appeal, encoded: audio.Encoded) -> None:
    """Write the recording of an appeal whose row follows in the same transaction."""
    appeal.recording.save("recording.m4a", ContentFile(encoded.content), save=False)
    goes_when_undone(partial(forget, appeal))
    appeal.recording_type = CONTENT_TYPE
    appeal.recording_seconds = encoded.seconds


def forget(appeal: Appeal) -> None:
    """Delete the file of a recording."""
    if appeal.recording.name:
        default_storage.delete(appeal.recording.name)


def keep_spoken(spoken: SpokenText, encoded: audio.Encoded) -> None:
    """Write the recording of a text whose row follows in the same transaction."""
    spoken.recording.save("recording.m4a", ContentFile(encoded.content), save=False)
    goes_when_undone(partial(forget_spoken, spoken.recording.name))


def forget_spoken(path: str | None) -> None:
    """Delete the file of a recording of a text."""
    if path:
        default_storage.delete(path)


def played(request: HttpRequest, recording: FieldFile) -> HttpResponse:
    """Answer with a recording, or the part of it that a player asks for.

    Raises:
        FileNotFoundError: it is gone.
    """
    # Three minutes at most: about a megabyte.
    with recording.open("rb") as file:
        response = ranged(request, file.read(), CONTENT_TYPE)
    response["Content-Disposition"] = 'inline; filename="opname.m4a"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    return response
