"""Quotes and receipts: what is drawn, what is refused, and what a hostile file may cost."""

import contextlib
import io
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from PIL import Image

from budgets import pdf
from budgets.documents import Drawn, draw
from contributions.pictures import MAX_BYTES, PictureRefused
from tests import scenes

A4 = (595, 842)


def file(content: bytes, name: str = "bon.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def pages(*colours: str, size: tuple[int, int] = A4) -> bytes:
    """Return a PDF with a page of each colour."""
    first, *others = [Image.new("RGB", size, colour) for colour in colours]
    out = io.BytesIO()
    first.save(out, "PDF", save_all=True, append_images=others)
    return out.getvalue()


def pdf_of(*objects: bytes, trailer: bytes = b"") -> bytes:
    """Return a PDF made by hand; the first object is its catalogue."""
    out = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n" % size
        + table
        + b"trailer<</Size %d/Root 1 0 R%s>>\n" % (size, trailer)
        + b"startxref\n%d\n%%%%EOF" % len(out)
    )


def stream(content: bytes, told: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n" % (told, len(content)) + content + b"\nendstream"


def one_page(
    *more: bytes,
    box: bytes = b"0 0 595 842",
    resources: bytes = b"<<>>",
    content: bytes = b"",
    trailer: bytes = b"",
) -> bytes:
    return pdf_of(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Resources %s/Contents 4 0 R>>" % (box, resources),
        stream(content),
        *more,
        trailer=trailer,
    )


def endless(levels: int = 12) -> bytes:
    """Return a PDF of some two thousand bytes that draws a square ten to the twelfth times."""
    forms = [
        stream(
            b"/F Do " * 10,
            b"/Type/XObject/Subtype/Form/BBox[0 0 600 850]"
            b"/Resources<</XObject<</F %d 0 R>>>>" % (6 + level),
        )
        for level in range(levels)
    ]
    square = stream(b"0 0 100 100 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 600 850]")
    return one_page(*forms, square, resources=b"<</XObject<</F 5 0 R>>>>", content=b"/F Do")


def picture_of(drawn: Drawn) -> Image.Image:
    with Image.open(io.BytesIO(drawn.content)) as image:
        assert image.format == "WEBP"
        image.load()
        return image


def refused(content: bytes, name: str = "bon.pdf") -> str:
    with translation.override("en"):
        with pytest.raises(PictureRefused) as why:
            draw(file(content, name))
        return str(why.value)


# --- What is taken ---


def test_a_pdf_is_drawn_page_under_page() -> None:
    one = picture_of(draw(file(pages("red"))))
    assert one.width == pdf.PAGE_WIDTH
    five = picture_of(draw(file(pages("red", "green", "blue", "black", "white"))))
    assert five.height == pytest.approx(one.height * 5, abs=5)
    assert five.getpixel((600, 10))[0] > 240
    assert max(five.getpixel((600, one.height * 3 + 50))) < 15
    assert min(five.getpixel((600, five.height - 10))) > 240


def test_six_pages_are_too_many() -> None:
    assert refused(pages(*["red"] * 6)) == "This PDF has too many pages. Five is the most."


@pytest.mark.parametrize("name", ["bon.jpg", "bon", "bon.svg", "../../bon.exe"])
def test_a_pdf_is_known_by_what_it_holds_and_not_by_its_name(name: str) -> None:
    assert picture_of(draw(file(pages("red"), name))).width == pdf.PAGE_WIDTH


def test_a_photo_named_as_a_pdf_is_a_photo() -> None:
    photo = scenes.picture_file(size=(300, 200)).read()
    assert picture_of(draw(file(photo, "bon.pdf"))).size == (300, 200)


def test_nothing_of_a_photo_comes_along_but_its_dots() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Secret camera"
    exif.get_ifd(0x8825)[1] = "N"
    photo = scenes.picture_file(size=(300, 200), exif=exif, comment=b"Secret words").read()
    assert b"Secret camera" in photo
    assert b"Secret words" in photo
    drawn = draw(file(photo, "bon.jpg"))
    assert b"Secret" not in drawn.content
    assert not picture_of(drawn).getexif()


def test_nothing_of_a_pdf_comes_along_but_its_dots() -> None:
    script = b"<</Title(Secret)/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>"
    drawn = draw(file(one_page(script, trailer=b"/Info 5 0 R")))
    assert b"Secret" not in drawn.content
    assert b"alert" not in drawn.content


def test_a_file_that_is_a_photo_and_a_pdf_at_once_is_drawn_anew_or_refused() -> None:
    photo = scenes.picture_file(size=(300, 200), comment=b"%PDF-1.4 <script>").read()
    for polyglot in (photo, scenes.picture_file().read() + pages("red"), b"x" * 900 + pages("red")):
        try:
            drawn = draw(file(polyglot))
        except PictureRefused:
            continue
        assert b"<script>" not in drawn.content
        assert b"%PDF" not in drawn.content
        picture_of(drawn)


# --- The same one is known again ---


def test_the_same_dots_in_another_file_are_the_same_document() -> None:
    dots = scenes.picture_file(encoding="PNG", size=(300, 200))
    first = draw(file(dots.read(), "a.png"))
    assert draw(scenes.picture_file("b.png", encoding="PNG", size=(300, 200))) == first
    saved_anew = scenes.picture_file(
        "c.png", encoding="PNG", size=(300, 200), compress_level=1, dpi=(72, 72)
    )
    assert draw(saved_anew).digest == first.digest
    other = draw(scenes.picture_file(encoding="PNG", size=(300, 200), colour="red"))
    assert other.digest != first.digest


def test_the_same_photo_with_other_metadata_is_the_same_document() -> None:
    plain = scenes.picture_file(size=(300, 200))
    told = scenes.picture_file(size=(300, 200), comment=b"Taken on Sunday")
    assert draw(plain).digest == draw(told).digest
    assert draw(file(pages("red"))).digest == draw(file(pages("red") + b"\n% a word")).digest


# --- What is refused ---


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7",
        b"%PDF-1.7\n" + b"\xff" * 5000,
        pages("red")[:300],
        b"%PDF-1.4\n<html><script>alert(1)</script></html>",
        pdf_of(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"),
        pdf_of(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>"),
        # Protected with a password.
        one_page(
            b"<</Filter/Standard/V 1/R 2/P -4/O(%s)/U(%s)>>" % (b"o" * 32, b"u" * 32),
            trailer=b"/Encrypt 5 0 R/ID[(1)(1)]",
        ),
        # So long that nobody printed it, and so wide that nothing is left of it.
        one_page(box=b"0 0 10 31"),
        one_page(box=b"0 0 14400 1"),
        # Each page may be long, but together they are more than a picture can be.
        pages(*["red"] * 5, size=(100, 290)),
    ],
    ids=lambda content: f"{len(content)} bytes",
)
def test_a_pdf_that_cannot_be_drawn_is_refused_with_a_sentence(content: bytes) -> None:
    assert refused(content).startswith("We can't read this PDF.")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bon.pdf", b"<html><script>alert(1)</script></html>"),
        ("bon.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("bon.jpg", b"MZ" + b"\0" * 2000),
        ("bon.jpg", scenes.picture_file().read()[:400]),
        ("bon.tiff", scenes.picture_file(encoding="TIFF").read()),
        ("bon.zip", b"PK\x03\x04" + b"\0" * 500),
        ("bon.jpg", b"\0"),
    ],
)
def test_what_is_neither_photo_nor_pdf_is_refused_with_a_sentence(
    name: str, content: bytes
) -> None:
    assert refused(content, name).startswith("This is not a picture that we can read.")


def test_a_file_above_fifteen_megabytes_is_not_opened() -> None:
    assert "15 MB" in refused(b"%PDF-1.4\n" + b"\0" * MAX_BYTES)


def test_a_picture_that_unpacks_to_gigabytes_is_refused_by_its_header() -> None:
    side = 60_000

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99))
    begun = time.monotonic()
    assert "too many dots" in refused(bomb, "bon.png")
    assert time.monotonic() - begun < 2


# --- What a hostile PDF costs ---


@pytest.mark.parametrize(
    "box",
    [b"0 0 14400 14400", b"0 0 1000000 1000000", b"0 0 1 3", b"0 0 0 0", b"0 0 -595 -842",
     b"0 0 1e39 1e39", b"0 0 nan nan", b"-99999 -99999 99999 99999"],
)  # fmt: skip
def test_a_page_of_any_size_is_drawn_as_wide_as_every_other(box: bytes) -> None:
    try:
        drawn = draw(file(one_page(box=box, content=b"0 0 9 9 re f")))
    except PictureRefused:
        return
    image = picture_of(drawn)
    assert image.width == pdf.PAGE_WIDTH
    assert image.height <= pdf.PAGE_WIDTH * pdf.LONGEST_PAGE


def test_a_pdf_that_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_SECONDS", 1)
    begun = time.monotonic()
    assert refused(endless()).startswith("We can't read this PDF.")
    assert time.monotonic() - begun < 10


def test_a_picture_in_a_pdf_that_is_huge_is_not_unpacked_as_a_whole() -> None:
    side = 12_000
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(b"\0" * side * 3) for _row in range(side)) + packer.flush()
    bomb = one_page(
        stream(
            packed,
            b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8"
            b"/ColorSpace/DeviceRGB/Filter/FlateDecode" % (side, side),
        ),
        resources=b"<</XObject<</I 5 0 R>>>>",
        content=b"q 500 0 0 500 0 0 cm /I Do Q",
    )
    # What a child took at most, by the kernel; getrusage counts its parent's memory as well.
    measure = (
        "import re, sys; from pathlib import Path; from budgets import pdf;"
        "pdf._draw(sys.stdin.buffer.read());"
        "print(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1])"
    )
    child = subprocess.run(
        [sys.executable, "-c", measure], input=bomb, capture_output=True, check=True
    )
    kilobytes = int(child.stdout)
    assert 10 * 1024 < kilobytes < 300 * 1024
    assert picture_of(draw(file(bomb))).width == pdf.PAGE_WIDTH


def test_many_draw_at_once_without_harm() -> None:
    # PDFium in threads of one process brings the whole site down.
    with ThreadPoolExecutor(8) as pool:
        drawn = list(pool.map(lambda _number: draw(file(pages("red", "blue"))), range(16)))
    assert len({one.digest for one in drawn}) == 1


@pytest.mark.parametrize("make", [lambda: pages("red"), lambda: b"%PDF-1.4 broken"])
def test_drawing_knows_nothing_of_the_site(
    monkeypatch: pytest.MonkeyPatch, make: Callable[[], bytes]
) -> None:
    told: dict[str, object] = {}
    run = pdf.subprocess.run

    def spy(*args: object, **options: object) -> object:
        told.update(options)
        return run(*args, **options)

    monkeypatch.setattr(pdf.subprocess, "run", spy)
    with contextlib.suppress(PictureRefused):
        draw(file(make()))
    # Neither the secret key nor the database's address.
    assert told["env"] == {}
