"""Pictures that come with an initiative: each is judged by itself, and the good ones are kept."""

import io
import zlib
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from contributions.models import Picture, Status
from ideas.models import Initiative
from tests import scenes
from tests.pages import words

pytestmark = [pytest.mark.django_db, pytest.mark.either]

NEW = "/en/initiatieven/nieuw/"
WHAT = {"title": "A bench on our square", "text": "There is nowhere to sit.", "language": "nl"}
SCRIPT = "<script>alert(1)</script>"


def what_url(draft: Initiative) -> str:
    return reverse("ideas:draft_what", args=[draft.pk])


def pictures(draft: Initiative) -> list[Picture]:
    return list(Picture.objects.filter(dossier=draft.dossier).current())


def broken(name: str = "holiday.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"\xff\xd8\xff\xe0 no picture", content_type="image/jpeg")


def huge_png(width: int, height: int) -> SimpleUploadedFile:
    """Return a PNG whose header promises more dots than any memory holds."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        crc = zlib.crc32(kind + body).to_bytes(4, "big")
        return len(body).to_bytes(4, "big") + kind + body + crc

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    parts = (
        chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )
    return SimpleUploadedFile("bomb.png", b"\x89PNG\r\n\x1a\n" + parts, content_type="image/png")


def test_five_pictures_of_which_the_fourth_is_broken_leave_four_and_a_clear_error(client: Client):
    sent: dict[str, Any] = {
        f"new_{slot}": scenes.picture_file(f"{slot}.jpg") for slot in (1, 2, 3, 5)
    }
    sent["new_4"] = broken()
    sent |= {f"new_description_{slot}": f"Number {slot}" for slot in range(1, 6)}

    response = client.post(NEW, {**WHAT, **sent})

    assert response.status_code == 422
    draft = Initiative.objects.get()
    assert (draft.title, draft.text) == (WHAT["title"], WHAT["text"])
    kept = [picture.description for picture in pictures(draft)]
    assert kept == ["Number 1", "Number 2", "Number 3", "Number 5"]
    assert "Picture 4: This is not a picture that we can read." in words(response)
    page = response.content.decode()
    assert page.count('type="file"') == 1
    assert all(str(picture.key) in page for picture in pictures(draft))

    # Sending the page again as it stands goes on, and doubles nothing.
    again = client.post(what_url(draft), WHAT)
    assert again["Location"] == reverse("ideas:draft_where", args=[draft.pk])
    assert len(pictures(draft)) == 4


def test_a_picture_beside_a_missing_title_is_kept_too(client: Client):
    response = client.post(NEW, {"title": "", "text": "", "new_1": scenes.picture_file()})

    assert response.status_code == 422
    assert len(pictures(Initiative.objects.get())) == 1


@pytest.mark.parametrize(
    "file",
    [
        broken(),
        SimpleUploadedFile("empty.png", b"", content_type="image/png"),
        SimpleUploadedFile("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        SimpleUploadedFile("photo.jpg", b"MZ\x90\0" + b"\0" * 500, content_type="image/jpeg"),
        huge_png(50_000, 50_000),
        SimpleUploadedFile("much.jpg", b"\xff\xd8" + b"\0" * (15 * 1024 * 1024 + 1)),
    ],
    ids=["broken", "empty", "svg", "executable", "bomb", "too large"],
)
def test_what_is_no_picture_is_refused_and_the_text_is_kept(
    client: Client, file: SimpleUploadedFile
):
    file.seek(0)

    response = client.post(NEW, {**WHAT, "new_1": file})

    assert response.status_code == 422
    assert "Picture 1:" in words(response)
    draft = Initiative.objects.get()
    assert draft.text == WHAT["text"]
    assert pictures(draft) == []


def test_a_file_name_and_a_description_with_a_script_stay_words(client: Client):
    response = client.post(
        NEW,
        {
            **WHAT,
            "new_1": scenes.picture_file(f"{SCRIPT}.jpg"),
            "new_description_1": f'"{SCRIPT}',
            "new_2": broken(f"{SCRIPT}.png"),
        },
    )

    assert response.status_code == 422
    assert SCRIPT not in response.content.decode()
    picture = pictures(Initiative.objects.get())[0]
    assert "script" not in str(picture.image.name)
    assert picture.description == f'"{SCRIPT}'


def test_a_sixth_picture_finds_no_place(client: Client):
    files = {f"new_{slot}": scenes.picture_file() for slot in range(1, 7)}

    client.post(NEW, {**WHAT, **files})
    draft = Initiative.objects.get()
    assert len(pictures(draft)) == 5

    client.post(what_url(draft), {**WHAT, "new_1": scenes.picture_file()})
    assert len(pictures(draft)) == 5


def test_several_files_in_one_place_never_slip_past_the_check(client: Client):
    response = client.post(NEW, {**WHAT, "new_1": [broken(), scenes.picture_file()]})

    assert response.status_code == 302
    (picture,) = pictures(Initiative.objects.get())
    with default_storage.open(picture.image.name) as file:
        assert Image.open(io.BytesIO(file.read())).format == "WEBP"


def test_a_description_is_changed_and_a_picture_taken_away_for_good(client: Client):
    client.post(
        NEW, {**WHAT, "new_1": scenes.picture_file(), "new_2": scenes.picture_file("other.jpg")}
    )
    draft = Initiative.objects.get()
    first, second = pictures(draft)

    client.post(
        what_url(draft),
        {**WHAT, f"description_{first.key}": "The empty square", f"remove_{second.key}": "on"},
    )

    (left,) = pictures(draft)
    assert (left.pk, left.description) == (first.pk, "The empty square")
    assert not Picture.objects.filter(pk=second.pk).exists()


def test_the_pictures_of_someone_else_are_out_of_reach(client: Client):
    client.post(NEW, {**WHAT, "new_1": scenes.picture_file()})
    theirs = Picture.objects.get()
    other = Client()
    other.post(NEW, WHAT)
    own = Initiative.objects.latest("pk")

    other.post(
        what_url(own),
        {**WHAT, f"remove_{theirs.key}": "on", f"description_{theirs.key}": "Mine now"},
    )

    theirs.refresh_from_db()
    assert theirs.description == ""
    assert theirs.removed_at is None
    address = reverse("picture", args=[theirs.key, 0])
    assert other.get(address).status_code == 404
    assert client.get(address).status_code == 200


def test_pictures_stand_in_the_order_they_were_sent_in_and_with_their_descriptions(client: Client):
    neighbour = scenes.trusted(scenes.person())
    initiative = scenes.initiative(author=neighbour)
    client.force_login(neighbour)
    address = reverse("ideas:edit", args=[initiative.pk, initiative.address_slug])
    assert client.get(address).status_code == 200
    client.post(reverse("ideas:take_away", args=[initiative.pk, initiative.address_slug]))
    sent = {**WHAT, "area": initiative.area_id, "theme": initiative.theme_id}
    sent |= {f"new_{slot}": scenes.picture_file() for slot in (1, 2)}
    sent |= {"new_description_1": "Morning", "new_description_2": "Evening"}

    client.post(address, sent)
    scenes.bring(initiative, Status.PUBLISHED)

    page = Client().get(initiative.get_absolute_url(), follow=True).content.decode()
    assert 0 < page.index('alt="Morning"') < page.index('alt="Evening"')
