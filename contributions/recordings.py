"""Recordings with appeals: read by what they hold, made anew, and forgotten with their words."""

import threading
from functools import partial

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from contributions import audio
from contributions.models import Appeal
from contributions.pictures import goes_when_undone

MAX_BYTES = 10 * 1024 * 1024
CONTENT_TYPE = "audio/mp4"
#: So many recordings are read at once by one process of the site; who comes then waits so long.
LISTENERS, WAIT_SECONDS = 2, 10
_listeners = threading.BoundedSemaphore(LISTENERS)


class RecordingRefused(Exception):
    """A file that cannot be taken; its message is a sentence for who sent it."""

    def __init__(self, message: object) -> None:
        super().__init__(message)
        self.message = message

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
            )
        )
    try:
        return audio.make_anew(file.read())
    except audio.TooLong as error:
        raise RecordingRefused(
            _("This recording is too long. Three minutes is the most; you can also write.")
        ) from error
    except audio.Unreadable as error:
        raise RecordingRefused(
            _(
                "This is not a recording that we can play. Record it anew with your phone, or "
                "write it down."
            )
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
