"""Pictures: judged by what they hold, made anew, in sizes, and shown to whom may see them."""

import contextlib
import datetime
import io
import struct
import uuid
import zlib
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as given_settings
from hypothesis import strategies as st
from PIL import Image

from contributions import actions, tasks
from contributions.drafts import SESSION_KEY
from contributions.models import Picture, Status
from contributions.models.picture import LOST_AFTER, MAX_SIZE_TRIES, WIDTHS
from contributions.pictures import (
    MAX_BYTES,
    NewPicture,
    PictureRefused,
    encode,
    forget_files,
    make_sizes,
)
from ideas import actions as ideas
from ideas.actions import posting
from ideas.models import Initiative
from tests import scenes
from tests.contributions.changing import add_picture, pictures_form, revise, with_picture
from tests.races import CALLERS, at_once
from tests.timing import least_seconds

ORIENTATION, DESCRIPTION, GPS = 0x0112, 0x010E, 0x8825


def uploaded(content: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def stored(image: Image.Image, encoding: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, encoding, **options)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def reencoded(image: Image.Image, encoding: str, **options: Any) -> Image.Image:
    return opened(encode(uploaded(stored(image, encoding, **options))).content)


def png_header(width: int, height: int) -> bytes:
    """Return a PNG that claims a size and holds a few dots."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\x00" * 1000))
        + chunk(b"IEND", b"")
    )


def close(colour: Any, to: tuple[int, int, int]) -> bool:
    return all(abs(part - other) < 12 for part, other in zip(colour, to, strict=True))


PHOTO = stored(Image.effect_noise((120, 80), 60).convert("RGB"), "JPEG")
GIF = stored(Image.new("P", (30, 20)), "GIF")


class TestByContent:
    @pytest.mark.parametrize("encoding", ["JPEG", "PNG", "WEBP", "GIF"])
    def test_a_photo_becomes_webp_whatever_it_was(self, encoding: str):
        made = reencoded(Image.new("RGB", (900, 600), "orange"), encoding)

        assert made.format == "WEBP"
        assert made.size == (900, 600)
        assert close(made.getpixel((10, 10)), (255, 165, 0))

    def test_the_name_and_the_type_that_a_browser_tells_say_nothing(self):
        file = SimpleUploadedFile("virus.exe", PHOTO, content_type="application/x-dosexec")

        assert encode(file).width == 120

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"\x00",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg/>",
            b"MZ\x90\x00" + b"\x00" * 500,
            b"\x7fELF" + b"\x00" * 500,
            b"#!/bin/sh\nrm -rf /\n",
            b"<html><script>alert(1)</script></html>",
            b"%PDF-1.7\n",
            b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
            b"PK\x03\x04" + b"\x00" * 500,
            b"GIF89a<script>alert(1)</script>",
            b"\xff\xd8\xff\xe0 and then nothing of a photo",
            stored(Image.new("RGB", (30, 20)), "TIFF"),
            stored(Image.new("RGB", (30, 20)), "BMP"),
            stored(Image.new("RGB", (32, 32)), "ICO"),
        ],
        ids=[
            "empty", "zero", "svg", "svg-entity", "exe", "elf", "script", "html", "pdf", "eps",
            "zip", "gif-html", "jpeg-words", "tiff", "bmp", "ico",
        ],
    )  # fmt: skip
    def test_what_is_no_photo_is_refused_though_it_says_so(self, content: bytes):
        with pytest.raises(PictureRefused) as refused:
            encode(uploaded(content))

        assert str(refused.value)

    @pytest.mark.parametrize("kept", [0.02, 0.3, 0.9])
    def test_half_a_photo_is_refused(self, kept: float):
        with pytest.raises(PictureRefused):
            encode(uploaded(PHOTO[: int(len(PHOTO) * kept)]))

    def test_what_hides_behind_a_photo_is_left_out(self):
        sly = PHOTO + b"<script>alert(1)</script><?php system($_GET['c']); ?>"

        content = encode(uploaded(sly)).content

        assert b"script" not in content
        assert b"php" not in content

    @given(
        seed=st.sampled_from([PHOTO, GIF, png_header(20, 15)]),
        changes=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=12),
        cut=st.integers(0, 100),
    )
    @given_settings(max_examples=60, deadline=None)
    def test_a_damaged_file_is_refused_or_read_never_an_error(
        self, seed: bytes, changes: list[tuple[int, int]], cut: int
    ):
        damaged = bytearray(seed)
        for place, byte in changes:
            damaged[place % len(damaged)] = byte

        with contextlib.suppress(PictureRefused):
            assert encode(uploaded(bytes(damaged[: len(damaged) - cut]))).width > 0

    @pytest.mark.parametrize(
        ("tag", "kind", "value"),
        [
            (DESCRIPTION, 9, b"\xff\xff\xff\xff"),
            (DESCRIPTION, 7, b"abcd"),
            (DESCRIPTION, 77, b"abcd"),
            (GPS, 4, b"\xff\xff\xff\x7f"),
            (0x8769, 4, b"\x00\x00\x00\x00"),
        ],
    )
    def test_broken_camera_data_is_no_reason_for_an_error(self, tag: int, kind: int, value: bytes):
        entries = [struct.pack("<HHIHH", ORIENTATION, 3, 1, 6, 0)]
        entries.append(struct.pack("<HHI", tag, kind, 1) + value)
        directory = struct.pack("<H", len(entries)) + b"".join(entries) + b"\x00" * 4
        exif = b"Exif\x00\x00II*\x00\x08\x00\x00\x00" + directory

        made = reencoded(Image.new("RGB", (60, 40)), "JPEG", exif=exif)

        assert made.size == (40, 60)


class TestSize:
    @pytest.mark.parametrize("side", [50_000, 2**31 - 1])
    def test_a_bomb_is_refused_by_its_header_and_at_once(self, side: int):
        def refuse() -> None:
            with pytest.raises(PictureRefused):
                encode(uploaded(png_header(side, side)))

        assert least_seconds(refuse) < 1

    def test_somewhat_more_dots_than_a_camera_makes_are_refused_too(self):
        with pytest.raises(PictureRefused):
            encode(uploaded(png_header(10_000, 4_001)))

    def test_a_file_that_is_too_heavy_is_refused_unread(self):
        class Heavy(SimpleUploadedFile):
            def read(self, *arguments: Any) -> bytes:
                raise AssertionError("It was read")

        file = Heavy("photo.jpg", b"")
        file.size = MAX_BYTES + 1

        with pytest.raises(PictureRefused):
            encode(file)

    @pytest.mark.parametrize(
        ("size", "made"),
        [((4000, 3000), (2048, 1536)), ((100, 3000), (68, 2048)), ((1, 1), (1, 1))],
    )
    def test_a_large_photo_becomes_2048_dots_on_its_longest_side(
        self, size: tuple[int, int], made: tuple[int, int]
    ):
        encoded = encode(scenes.picture_file(size=size))

        assert (encoded.width, encoded.height) == made
        assert opened(encoded.content).size == made


class TestColours:
    def test_print_colours_become_screen_colours(self):
        made = reencoded(Image.new("CMYK", (60, 40), (0, 255, 255, 0)), "JPEG")

        assert made.mode == "RGB"
        assert close(made.getpixel((5, 5)), (255, 0, 0))

    @pytest.mark.parametrize("mode", ["RGBA", "LA", "PA"])
    def test_what_is_transparent_becomes_white(self, mode: str):
        image = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
        image = image.convert(mode if mode != "PA" else "RGBA")
        made = reencoded(image, "PNG")

        assert close(made.getpixel((5, 5)), (255, 255, 255))

    def test_a_palette_with_a_transparent_colour_becomes_white_there(self):
        image = Image.new("P", (60, 40), 0)
        image.putpalette([0, 0, 0, 0, 0, 255])
        image.paste(1, (0, 0, 30, 40))

        made = reencoded(image, "PNG", transparency=0)

        assert close(made.getpixel((50, 20)), (255, 255, 255))
        assert close(made.getpixel((5, 20)), (0, 0, 255))

    @pytest.mark.parametrize("mode", ["1", "L", "P", "I;16"])
    def test_grey_and_old_pictures_are_read(self, mode: str):
        assert reencoded(Image.new(mode, (60, 40)), "PNG").mode == "RGB"

    @pytest.mark.parametrize("encoding", ["GIF", "WEBP", "PNG"])
    def test_of_a_moving_picture_the_first_one_stands_still(self, encoding: str):
        frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "blue", "green")]

        made = reencoded(frames[0], encoding, save_all=True, append_images=frames[1:])

        assert getattr(made, "n_frames", 1) == 1
        assert close(made.getpixel((5, 5)), (255, 0, 0))


def telling(orientation: int = 1) -> Image.Exif:
    """Return what a telephone writes into a photo: how it was held, where, and by whom."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[DESCRIPTION] = "zqsecret"
    exif[0x013B] = "zqphotographer"
    exif[GPS] = {1: "N", 2: (52.0, 4.0, 1.0), 3: "E", 4: (4.0, 18.0, 1.0), 29: "2026:07:01"}
    return exif


XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><zqxmp/></x:xmpmeta>"


class TestWhatAPhotoTells:
    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_a_photo_stands_upright_however_the_telephone_was_held(self, orientation: int):
        upright = Image.new("RGB", (80, 40), "white")
        upright.paste("red", (0, 0, 40, 20))
        held = {
            1: [],
            2: [Image.Transpose.FLIP_LEFT_RIGHT],
            3: [Image.Transpose.ROTATE_180],
            4: [Image.Transpose.FLIP_TOP_BOTTOM],
            5: [Image.Transpose.ROTATE_270, Image.Transpose.FLIP_LEFT_RIGHT],
            6: [Image.Transpose.ROTATE_90],
            7: [Image.Transpose.ROTATE_90, Image.Transpose.FLIP_LEFT_RIGHT],
            8: [Image.Transpose.ROTATE_270],
        }
        image = upright
        for turn in held[orientation]:
            image = image.transpose(turn)

        made = reencoded(image, "JPEG", exif=telling(orientation), quality=95)

        assert made.size == (80, 40)
        assert close(made.getpixel((10, 8)), (255, 0, 0))
        assert close(made.getpixel((70, 8)), (255, 255, 255))
        assert close(made.getpixel((10, 32)), (255, 255, 255))

    @pytest.mark.parametrize("encoding", ["JPEG", "PNG", "WEBP"])
    @pytest.mark.django_db
    def test_where_when_and_by_whom_stand_in_no_size(self, encoding: str):
        told = {"exif": telling(6), "xmp": XMP}
        if encoding == "JPEG":
            told["comment"] = b"zqcomment"
        if encoding == "PNG":
            told = {"exif": telling(6), "pnginfo": words_in_png()}
        source = stored(Image.new("RGB", (1500, 1000), "orange"), encoding, **told)
        assert b"zq" in source
        draft = scenes.draft()
        form = pictures_form(draft, files={"new_1": uploaded(source)})
        with actions.editing(draft, by=draft.author) as locked:
            new = form.new_pictures[0]
            picture = actions.attach_picture(
                contribution=locked, encoded=new.encoded, description="", revision=None
            )

        make_sizes(picture=picture)

        paths = [picture.image.name, *(picture.size_path(width) for width in picture.widths)]
        assert len(paths) == 3
        for path in paths:
            content = default_storage.open(path).read()
            image = opened(content)
            assert b"zq" not in content
            assert not image.getexif()
            assert {"exif", "xmp", "icc_profile", "comment"}.isdisjoint(image.info)


def words_in_png() -> Any:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Author", "zqauthor")
    info.add_itxt("XML:com.adobe.xmp", XMP.decode())
    return info


@pytest.mark.django_db
class TestFiveAtMost:
    def test_a_sixth_picture_is_refused_and_the_five_stay(self):
        draft = scenes.draft()
        for number in range(5):
            add_picture(draft, f"Picture {number}")

        with (
            pytest.raises(actions.TooManyPictures),
            actions.editing(draft, by=draft.author) as locked,
        ):
            actions.attach_picture(
                contribution=locked,
                encoded=encode(scenes.picture_file()),
                description="",
                revision=None,
            )

        assert Picture.objects.count() == 5

    def test_the_form_has_as_many_places_as_are_left(self):
        draft = scenes.draft()
        for number in range(5):
            form = pictures_form(draft)
            assert sum(name.startswith("new_description_") for name in form.fields) == 5 - number
            add_picture(draft)

        assert not any(name.startswith("new_") for name in pictures_form(draft).fields)

    def test_files_beyond_the_places_are_not_even_read(self):
        draft = scenes.draft()
        files = {f"new_{number}": scenes.picture_file() for number in range(1, 10)}

        assert len(pictures_form(draft, files=files).new_pictures) == 5

    def test_a_broken_picture_among_good_ones_is_named_and_the_others_are_kept(self):
        draft = scenes.draft()
        files = {f"new_{number}": scenes.picture_file() for number in range(1, 6)}
        files["new_4"] = uploaded(PHOTO[:300])

        form = pictures_form(draft, files=files)

        assert list(form.errors) == ["new_4"]
        assert len(form.new_pictures) == 4

    def test_after_one_is_taken_away_there_is_room_again(self):
        draft = scenes.draft()
        keys = [add_picture(draft).key for _number in range(5)]
        form = pictures_form(draft, data={f"remove_{keys[0]}": "on"})
        with actions.editing(draft, by=draft.author) as locked:
            actions.change_pictures(
                contribution=locked,
                remove=form.removed(),
                descriptions={},
                add=[NewPicture(encode(scenes.picture_file()), "A new one")],
                now=timezone.now(),
            )

        assert Picture.objects.count() == 5
        assert not Picture.objects.filter(key=keys[0]).exists()
        assert Picture.objects.last().description == "A new one"

    @pytest.mark.postgresql
    @pytest.mark.django_db(transaction=True)
    def test_of_many_pictures_at_once_five_are_kept(self):
        draft = scenes.draft()
        new = NewPicture(encode(scenes.picture_file(size=(30, 20))), "The square")

        def add() -> Any:
            with actions.editing(draft, by=draft.author) as locked:
                actions.change_pictures(
                    contribution=locked,
                    remove=[],
                    descriptions={},
                    add=[new],
                    now=timezone.now(),
                )

        outcomes = at_once([add for _caller in range(CALLERS)])

        refused = [outcome for outcome in outcomes if outcome is not None]
        assert all(isinstance(outcome, actions.TooManyPictures) for outcome in refused), outcomes
        assert Picture.objects.count() == 5


@pytest.mark.django_db
class TestFiles:
    @pytest.mark.parametrize(
        "name",
        [
            "zqname<script>alert(1)</script>.jpg",
            "../../zqname-etc/passwd",
            "zqname\x00.php",
            "zqname\u202egpj.exe",
            "C:\\zqname-windows\\win.ini",
            "zqname" + "a" * 300 + ".jpg",
        ],
    )
    def test_the_name_of_a_file_is_kept_nowhere(self, name: str):
        draft = scenes.draft()
        file = scenes.picture_file()
        file._name = name

        picture = add_picture_of(draft, file)

        assert picture.image.name == f"pictures/{picture.key}/original.webp"
        row = Picture.objects.filter(pk=picture.pk).values().get()
        assert "zqname" not in str(row)
        media = Path(settings.MEDIA_ROOT)
        assert not [path for path in media.rglob("*") if "zqname" in path.name]

    def test_the_sizes_are_made_by_the_task(self, django_capture_on_commit_callbacks, monkeypatch):
        asked: list[int] = []
        monkeypatch.setattr(tasks.make_picture_sizes, "delay", asked.append)
        draft = scenes.draft()
        with django_capture_on_commit_callbacks(execute=True):
            picture = add_picture(draft, size=(1000, 500))
        assert asked == [picture.pk]
        assert picture.sizes_made_at is None

        tasks.make_picture_sizes(picture.pk)

        picture.refresh_from_db()
        assert picture.sizes_made_at is not None
        assert picture.widths == [320, 640]
        made = [opened(default_storage.open(picture.size_path(w)).read()) for w in picture.widths]
        assert [image.size for image in made] == [(320, 160), (640, 320)]

    def test_making_the_sizes_twice_leaves_the_same_files(self):
        picture = add_picture(scenes.draft())
        folder = Path(settings.MEDIA_ROOT) / "pictures" / str(picture.key)
        make_sizes(picture=picture)
        before = sorted(path.name for path in folder.iterdir())

        make_sizes(picture=picture)

        assert sorted(path.name for path in folder.iterdir()) == before
        assert before == ["320.webp", "640.webp", "original.webp"]

    def test_two_workers_at_the_same_size_leave_one_file(self, monkeypatch: pytest.MonkeyPatch):
        picture = add_picture(scenes.draft())
        make_sizes(picture=picture)
        # As the second worker meets it: the file came back between its deletion and its saving.
        came_back = {picture.size_path(width) for width in picture.widths}
        delete = default_storage.delete
        monkeypatch.setattr(
            default_storage, "delete", lambda path: None if path in came_back else delete(path)
        )

        make_sizes(picture=picture)

        folder = Path(settings.MEDIA_ROOT) / "pictures" / str(picture.key)
        assert sorted(path.name for path in folder.iterdir()) == [
            "320.webp",
            "640.webp",
            "original.webp",
        ]

    def test_the_task_leaves_alone_what_is_done_or_gone(self):
        picture = add_picture(scenes.draft())
        tasks.make_picture_sizes(picture.pk)
        made_at = Picture.objects.get().sizes_made_at

        tasks.make_picture_sizes(picture.pk)
        tasks.make_picture_sizes(picture.pk + 1)

        assert Picture.objects.get().sizes_made_at == made_at

    def test_a_picture_taken_away_while_its_sizes_were_made_leaves_no_file(self):
        picture = add_picture(scenes.draft())
        Picture.objects.filter(pk=picture.pk).delete()

        make_sizes(picture=picture)

        assert not default_storage.exists(picture.size_path(320))
        assert not default_storage.exists(picture.image.name)

    def test_the_sweep_finds_what_a_dead_worker_left(self, monkeypatch: pytest.MonkeyPatch):
        asked: list[int] = []
        monkeypatch.setattr(tasks.make_picture_sizes, "delay", asked.append)
        lost = add_picture(scenes.draft())
        with time_machine.travel(timezone.now() + LOST_AFTER * 2):
            fresh = add_picture(scenes.draft())
            done = add_picture(scenes.draft())
            make_sizes(picture=done)

            assert tasks.sweep_picture_sizes() == 1

        assert asked == [lost.pk]
        assert fresh.pk not in asked

    def test_a_picture_that_cannot_be_read_is_tried_ever_less_often_and_then_given_up(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ):
        tried: list[int] = []

        def try_now(pk: int) -> None:
            tried.append(pk)
            with pytest.raises(OSError, match="cannot identify"):
                tasks.make_picture_sizes(pk)

        monkeypatch.setattr(tasks.make_picture_sizes, "delay", try_now)
        broken = add_picture(scenes.draft())
        Path(broken.image.path).write_bytes(b"no picture at all")

        for minutes in range(24 * 60):
            with time_machine.travel(broken.created_at + datetime.timedelta(minutes=minutes)):
                tasks.sweep_picture_sizes()
                if minutes == 60:
                    assert len(tried) == 5

        assert tried == [broken.pk] * MAX_SIZE_TRIES
        lines = [record.msg for record in caplog.records if record.name == "contributions.tasks"]
        assert [line["picture"] for line in lines] == tried
        assert [line["given_up"] for line in lines] == [False] * (MAX_SIZE_TRIES - 1) + [True]
        tasks.make_picture_sizes(broken.pk)
        assert len(tried) == MAX_SIZE_TRIES

    def test_a_picture_whose_worker_was_killed_each_time_is_given_up_too(
        self, monkeypatch: pytest.MonkeyPatch
    ):
        def killed(*, picture: Picture) -> None:
            raise SystemExit(137)

        monkeypatch.setattr(tasks, "make_sizes", killed)
        picture = add_picture(scenes.draft())

        for _worker in range(MAX_SIZE_TRIES):
            with pytest.raises(SystemExit):
                tasks.make_picture_sizes(picture.pk)

        tasks.make_picture_sizes(picture.pk)
        assert not Picture.objects.lost_at(timezone.now() + datetime.timedelta(days=9)).exists()

    def test_pictures_of_a_change_that_was_refused_leave_no_file(self):
        draft = scenes.initiative()
        form = pictures_form(draft, **with_picture())
        for _number in range(5):
            form.new_pictures += form.new_pictures[:1]
        before = all_files()

        with pytest.raises(actions.TooManyPictures):
            ideas.revise(initiative=draft, by=draft.author, values={}, form=form)

        assert not Picture.objects.exists()
        assert all_files() == before

    def test_pictures_of_a_text_that_could_not_be_sent_in_again_leave_no_file(
        self, monkeypatch: pytest.MonkeyPatch
    ):
        returned = scenes.initiative(status=Status.RETURNED)
        kept = add_picture(returned)
        form = pictures_form(returned, **with_picture())
        monkeypatch.setattr(type(returned.author), "has_confirmed_address", False)
        before = all_files()

        with pytest.raises(actions.AddressNotConfirmed):
            ideas.rework(initiative=returned, by=returned.author, values={}, form=form)

        assert Picture.objects.get() == kept
        assert all_files() == before

    def test_a_file_stays_where_nobody_knows_whether_its_row_does(
        self, monkeypatch: pytest.MonkeyPatch
    ):
        def connection_breaks(**_change: Any) -> None:
            raise OperationalError

        draft = scenes.initiative(status=Status.SUBMITTED)
        form = pictures_form(draft, **with_picture())
        monkeypatch.setattr(posting, "write", connection_breaks)
        before = all_files()

        with pytest.raises(OperationalError):
            ideas.rework(initiative=draft, by=draft.author, values={}, form=form)

        assert len(all_files() - before) == 1

    def test_forgetting_a_picture_forgets_every_size(self):
        picture = add_picture(scenes.draft(), size=(1600, 900))
        make_sizes(picture=picture)

        forget_files(picture)

        assert not any(default_storage.exists(picture.size_path(width)) for width in WIDTHS)
        assert not default_storage.exists(picture.image.name)

    def test_a_picture_that_nobody_read_yet_is_gone_for_good_when_it_is_taken_away(
        self, django_capture_on_commit_callbacks
    ):
        draft = scenes.draft()
        picture = add_picture(draft)
        make_sizes(picture=picture)
        with (
            django_capture_on_commit_callbacks(execute=True),
            actions.editing(draft, by=draft.author) as locked,
        ):
            actions.change_pictures(
                contribution=locked, remove=[picture], descriptions={}, add=[], now=timezone.now()
            )

        assert not Picture.objects.exists()
        assert not default_storage.exists(picture.image.name)
        assert not default_storage.exists(picture.size_path(320))


def all_files() -> set[Path]:
    return {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


def add_picture_of(draft: Initiative, file: SimpleUploadedFile) -> Picture:
    form = pictures_form(draft, files={"new_1": file})
    with actions.editing(draft, by=draft.author) as locked:
        return actions.attach_picture(
            contribution=locked,
            encoded=form.new_pictures[0].encoded,
            description=form.new_pictures[0].description,
            revision=None,
        )


def address(picture: Picture, width: int = 0) -> str:
    return reverse("picture", kwargs={"key": picture.key, "width": width})


def pictured(status: str = Status.PUBLISHED) -> tuple[Initiative, Picture]:
    """Return an initiative in a status, with a picture."""
    draft = scenes.draft()
    picture = add_picture(draft)
    if status != Status.DRAFT:
        actions.submit(contribution=draft, by=draft.author)
        scenes.bring(draft, status)
    draft.refresh_from_db()
    return draft, picture


@pytest.mark.django_db
class TestAtItsAddress:
    def status(self, picture: Picture, user: Any = None, **session: str) -> int:
        client = Client()
        if user is not None:
            client.force_login(user)
        if session:
            stored_session = client.session
            stored_session.update(session)
            stored_session.save()
        return client.get(address(picture)).status_code

    def test_everybody_sees_a_picture_of_what_is_published(self, client: Client):
        _initiative, picture = pictured()

        response = client.get(address(picture))

        assert response.status_code == 200
        assert response["Content-Type"] == "image/webp"
        assert opened(b"".join(response.streaming_content)).size == (900, 600)

    @pytest.mark.parametrize("width", [320, 640])
    def test_it_comes_in_the_width_that_was_asked_for(self, client: Client, width: int):
        _initiative, picture = pictured()
        make_sizes(picture=picture)

        response = client.get(address(picture, width))

        assert opened(b"".join(response.streaming_content)).width == width

    @pytest.mark.parametrize("width", [320, 1280])
    def test_until_a_size_is_there_the_whole_picture_stands_in(self, client: Client, width: int):
        _initiative, picture = pictured()

        response = client.get(address(picture, width))

        assert opened(b"".join(response.streaming_content)).width == 900

    def test_a_size_that_was_lost_is_stood_in_for_too(self, client: Client):
        _initiative, picture = pictured()
        make_sizes(picture=picture)
        default_storage.delete(picture.size_path(320))

        assert client.get(address(picture, 320)).status_code == 200

    def test_a_file_that_was_lost_is_a_page_that_does_not_exist(self, client: Client):
        _initiative, picture = pictured()
        forget_files(picture)

        assert client.get(address(picture)).status_code == 404

    @pytest.mark.parametrize("width", ["1", "321", "2048", "999999999999999999999", "0320x", "-1"])
    def test_other_widths_do_not_exist(self, client: Client, width: str):
        _initiative, picture = pictured()

        assert client.get(f"/beeld/{picture.key}/{width}.webp").status_code == 404

    def test_an_address_that_was_guessed_does_not_exist(self, client: Client):
        assert client.get(f"/beeld/{uuid.uuid4()}/0.webp").status_code == 404
        assert client.get("/beeld/1/0.webp").status_code == 404
        assert client.get("/beeld/..%2f..%2fetc%2fpasswd/0.webp").status_code == 404

    @pytest.mark.parametrize(
        "status", [status for status in Status.values if status != Status.PUBLISHED]
    )
    def test_what_is_not_on_the_site_has_no_pictures_for_others(self, status: str):
        initiative, picture = pictured(status)
        seen_in_review = status not in (Status.DRAFT, Status.WITHDRAWN)

        assert self.status(picture) == 404
        assert self.status(picture, scenes.person()) == 404
        assert self.status(picture, scenes.moderator(language="bg")) == 404
        assert self.status(picture, initiative.author) == 200
        assert self.status(picture, scenes.moderator()) == (200 if seen_in_review else 404)

    def test_what_is_hidden_is_gone_also_for_who_has_it_in_their_browser(self, client: Client):
        initiative, picture = pictured()
        etag = client.get(address(picture))["ETag"]
        scenes.bring(initiative, Status.HIDDEN)

        response = client.get(address(picture), headers={"If-None-Match": etag})

        assert response.status_code == 404

    def test_a_browser_that_holds_the_draft_sees_its_pictures(self):
        key = "k" * 43
        _draft, picture = pictured(Status.DRAFT)
        Initiative.objects.update(author=None, draft_key=key)

        assert self.status(picture, **{SESSION_KEY: key}) == 200
        assert self.status(picture, **{SESSION_KEY: "x" * 43}) == 404
        assert self.status(picture, **{SESSION_KEY: ""}) == 404
        assert self.status(picture) == 404

    def test_a_picture_that_waits_with_a_change_is_for_its_author_and_who_reviews_it(self):
        initiative, _picture = pictured()
        revise(initiative, pictures=with_picture("The tree"))
        tree = Picture.objects.get(description="The tree")

        assert self.status(tree) == 404
        assert self.status(tree, scenes.person()) == 404
        assert self.status(tree, scenes.moderator(language="bg")) == 404
        assert self.status(tree, initiative.author) == 200
        assert self.status(tree, scenes.moderator()) == 200

    def test_a_picture_that_was_taken_away_is_gone_for_everybody(self):
        initiative, picture = pictured()
        revise(initiative, pictures={"data": {f"remove_{picture.key}": "on"}})
        actions.accept_revision(dossier=initiative.dossier, by=scenes.moderator())

        assert self.status(picture) == 404
        assert self.status(picture, initiative.author) == 404

    def test_a_browser_asks_each_time_and_gets_it_once(self, client: Client):
        _initiative, picture = pictured()
        first = client.get(address(picture))

        again = client.get(address(picture), headers={"If-None-Match": first["ETag"]})
        other = client.get(address(picture, 320), headers={"If-None-Match": first["ETag"]})

        assert again.status_code == 304
        assert again.content == b""
        assert other.status_code == 200
        for response in (first, again):
            assert response["Cache-Control"] == "private, no-cache"
            assert response["X-Content-Type-Options"] == "nosniff"
            assert response["Content-Security-Policy"].startswith("default-src 'none'")

    @pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
    def test_an_address_of_a_picture_changes_nothing(self, client: Client, method: str):
        _initiative, picture = pictured()

        assert getattr(client, method)(address(picture)).status_code == 405
