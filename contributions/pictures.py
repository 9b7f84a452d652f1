"""Pictures: read by what they hold, made anew, and served to whom may see them."""

import datetime
import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image

from contributions.models import Picture
from contributions.models.picture import WIDTHS

MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 40_000_000
LARGEST_SIDE = 2048
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
QUALITY = 80

#: What undoes each orientation that a camera writes (Exif 2.32, tag 0x0112).
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class PictureRefused(Exception):
    """A file that cannot be taken; its message is a sentence for who sent it."""

    def __init__(self, message: object) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


@dataclass(frozen=True)
class Encoded:
    """A picture made anew as WebP, without metadata. Sides in pixels."""

    content: bytes
    width: int
    height: int


@dataclass(frozen=True)
class NewPicture:
    """A picture that was sent and can be kept."""

    encoded: Encoded
    description: str


def encode(file: File[bytes], *, largest_side: int = LARGEST_SIDE) -> Encoded:
    """Read a picture by its content and make it anew, at most ``largest_side`` pixels on a side.

    Its size is judged by its header, before any pixel is unpacked.

    Raises:
        PictureRefused: it is too large, broken, or no picture.
    """
    if (file.size or 0) > MAX_BYTES:
        raise PictureRefused(_("This picture is too large. Choose one of at most 15 MB."))
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(file, formats=FORMATS) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise PictureRefused(_("This picture has too many dots. Choose a smaller one."))
                # A JPEG can be unpacked at a fraction of its size: less memory, less time.
                image.draft("RGB", (largest_side, largest_side))
                upright = _upright(image)
                upright.thumbnail((largest_side, largest_side))
                clean = _on_white(upright)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise PictureRefused(
                _("This picture has too many dots. Choose a smaller one.")
            ) from error
        except (OSError, ValueError, SyntaxError, EOFError, MemoryError) as error:
            raise PictureRefused(
                _("This is not a picture that we can read. Choose a photo (JPEG, PNG or WebP).")
            ) from error
    return Encoded(_webp(clean), clean.width, clean.height)


def _upright(image: Image.Image) -> Image.Image:
    """Turn a picture as its camera says, without writing the camera's data anew.

    That data is often broken; writing it fails in more ways than reading the one number does.
    """
    turn = _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    return image.transpose(turn) if turn is not None else image


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        image = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        return ground
    # A fresh image: nothing but the dots comes along.
    fresh = Image.new("RGB", image.size)
    fresh.paste(image.convert("RGB"))
    return fresh


def _webp(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()


def make_sizes(*, picture: Picture, now: datetime.datetime | None = None) -> None:
    """Make the smaller sizes of a picture; safe to do twice."""
    with picture.image.open("rb") as file, Image.open(file, formats=["WEBP"]) as image:
        image.load()
        for width in picture.widths:
            height = max(1, round(image.height * width / image.width))
            small = image.resize((width, height), Image.Resampling.LANCZOS)
            path = picture.size_path(width)
            if default_storage.exists(path):
                default_storage.delete(path)
            saved = default_storage.save(path, ContentFile(_webp(small)))
            if saved != path:
                # Another worker was making the same at the same moment.
                default_storage.delete(saved)
    if not Picture.objects.filter(pk=picture.pk).update(sizes_made_at=now or timezone.now()):
        # It was taken away in the meantime: what was made after that must not stay behind.
        forget_files(picture)


#: What takes back the files that the transaction wrote so far.
_written: ContextVar[list[Callable[[], None]] | None] = ContextVar("written", default=None)


@contextmanager
def atomic_with_files() -> Iterator[None]:
    """Run a transaction; where it is undone, the files that it wrote go as well."""
    outer, written = _written.get(), list[Callable[[], None]]()
    token = _written.set(written)
    try:
        with transaction.atomic():
            yield
    except (OperationalError, InterfaceError):
        # Perhaps it was committed after all: rather a file too many than a picture without one.
        raise
    except BaseException:
        for forget in written:
            forget()
        raise
    else:
        if outer is not None:
            outer += written
    finally:
        _written.reset(token)


def write_file(picture: Picture, encoded: Encoded) -> None:
    """Write the file of a picture whose row follows in the same transaction."""
    picture.image.save("original.webp", ContentFile(encoded.content), save=False)
    goes_when_undone(partial(forget_files, picture))


def goes_when_undone(forget: Callable[[], None]) -> None:
    """Say how a file that was just written goes, should ``atomic_with_files`` be undone."""
    written = _written.get()
    if written is not None:
        written.append(forget)


def forget_files(picture: Picture) -> None:
    """Delete a picture's files, all sizes."""
    for width in WIDTHS:
        default_storage.delete(picture.size_path(width))
    if picture.image.name:
        default_storage.delete(picture.image.name)
