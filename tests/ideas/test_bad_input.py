"""What strangers send: a clear answer each time, nothing lost, and never a page that broke."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from contributions.models import Dossier, Status
from ideas import actions
from ideas.models import Comment, Initiative, Support
from tests import scenes
from tests.pages import words

pytestmark = [pytest.mark.django_db, pytest.mark.either]

NEW = "/en/initiatieven/nieuw/"
TEXT = "There is nowhere to sit on our square, and my grandmother gets tired on her way home."
SCRIPTS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title></textarea><svg onload=alert(1)>",
    "[click](javascript:alert(1))",
    "![x](https://evil.example/x.png)",
    '<https://x.example/"onmouseover=alert(1)>',
    "{{ settings.SECRET_KEY }}{% load x %}",
)
HOSTILE = " ".join(SCRIPTS)
#: What no page may hold, whatever was sent.
LIVE = (
    "<script>alert",
    "<img src=x",
    "<svg onload",
    'href="javascript:',
    'src="https://evil',
    "only-for-tests-",
)


@pytest.fixture
def visitor() -> Client:
    """A browser that shows what a visitor would see where something breaks."""
    return Client(raise_request_exception=False)


def signed_in(person: Any) -> Client:
    browser = Client(raise_request_exception=False)
    browser.force_login(person)
    return browser


# --- Texts ---


@pytest.mark.parametrize("text", ["", " \n\t ", "\x00\x01\x07", "\u202e\u2066", "\u200b" * 0])
def test_an_empty_text_is_asked_for_again(visitor: Client, text: str):
    response = visitor.post(NEW, {"title": text, "text": text})

    assert response.status_code == 422
    assert response.content.decode().count('aria-invalid="true"') == 2
    draft = Initiative.objects.get()
    assert (draft.title, draft.text) == ("", "")


def test_a_text_that_is_a_little_too_long_is_kept_on_the_page(visitor: Client):
    response = visitor.post(NEW, {"title": "A bench", "text": "long " * 2000})

    assert response.status_code == 422
    assert "long long long" in response.content.decode()
    assert Initiative.objects.get().title == "A bench"


@pytest.mark.parametrize("as_files", [False, True])
def test_ten_megabytes_are_refused_with_a_sentence_and_the_draft_is_kept(
    visitor: Client, as_files: bool
):
    visitor.post(NEW, {"title": "A bench", "text": TEXT})
    draft = Initiative.objects.get()
    address = reverse("ideas:draft_what", args=[draft.pk])
    much = {"title": "Another", "text": "x" * 10_000_000}

    if as_files:
        response = visitor.post(address, much)
    else:
        body = f"title=Another&text={much['text']}"
        response = visitor.post(address, body, "application/x-www-form-urlencoded")

    assert response.status_code == 413
    assert "make the text shorter" in words(response)
    draft.refresh_from_db()
    assert (draft.title, draft.text) == ("A bench", TEXT)


def test_nearly_a_megabyte_of_text_is_answered_quickly_and_kept_out(visitor: Client):
    response = visitor.post(NEW, {"title": "[" * 300_000, "text": "*" * 600_000})

    assert response.status_code == 422
    assert Initiative.objects.get().text == ""


def test_control_characters_and_turned_directions_fall_away(visitor: Client):
    visitor.post(
        NEW,
        {
            "title": "A\x00 be\x07nch\r\nhere\u202e txt.exe",
            "text": f"One\r\nTwo\x00\u2066\u2069\tthree\x1b[31m {TEXT}",
        },
    )

    draft = Initiative.objects.get()
    assert draft.title == "A bench here txt.exe"
    assert draft.text == f"One\nTwo\tthree[31m {TEXT}"


def test_texts_that_make_parsers_suffer_cost_little():
    for text in ("[" * 8000, "*a" * 4000, "> " * 4000, "`" * 7999, "![" * 4000, "<" * 8000):
        initiative = scenes.initiative(text=text)
        assert Client().get(initiative.get_absolute_url()).status_code == 200


# --- Scripts ---


@pytest.fixture
def hostile_neighbour() -> Initiative:
    """An initiative with a script in every field, with comments, an answer and a change."""
    author = scenes.person(
        HOSTILE[:60], kind="entrepreneur", business_name=f"{SCRIPTS[1]} {SCRIPTS[0]}"[:80]
    )
    initiative = scenes.initiative(
        HOSTILE[:120],
        author=author,
        text=HOSTILE,
        help_wanted=HOSTILE,
        address_line=HOSTILE[:120],
        latitude="52.07123",
        longitude="4.29988",
        groups=[scenes.target_group()],
    )
    comment = scenes.comment(initiative, HOSTILE, author=author, stance="for")
    scenes.comment(initiative, HOSTILE, parent=comment)
    scenes.comment(initiative, HOSTILE, author=author, status=Status.SUBMITTED)
    actions.answer(
        initiative=initiative,
        by=scenes.granted(Role.PROGRAMME_OFFICE),
        outcome="adopted",
        text=HOSTILE,
        language="nl",
    )
    signed_in(author).post(
        reverse("ideas:edit", args=[initiative.pk, initiative.address_slug]),
        {
            "title": f"New {HOSTILE[:110]}",
            "text": f"New {HOSTILE}",
            "language": "nl",
            "area": initiative.area_id,
            "theme": initiative.theme_id,
            "help_wanted": f"New {HOSTILE}",
            "address_line": f"New {HOSTILE[:110]}",
            "new_1": scenes.picture_file(f"{SCRIPTS[1]}.png"),
            "new_description_1": HOSTILE[:300],
        },
    )
    initiative.refresh_from_db()
    assert Dossier.objects.get(pk=initiative.dossier_id).review == Dossier.Review.REVISION
    return initiative


def test_a_script_in_any_field_is_words_on_every_page_that_shows_it(hostile_neighbour: Initiative):
    shown = hostile_neighbour
    comment = Comment.objects.filter(author=shown.author).first()
    assert comment is not None
    at = [shown.pk, shown.address_slug]
    public = [
        shown.get_absolute_url(),
        reverse("ideas:list"),
        reverse("home"),
        reverse("area", args=[shown.area.slug]),
        reverse("ideas:comments", args=at),
        f"{reverse('ideas:comments', args=at)}?antwoord-op={comment.pk}",
        reverse("ideas:support", args=at),
    ]
    own = [
        reverse("account_home"),
        reverse("accounts:profile"),
        reverse("ideas:edit", args=at),
        reverse("ideas:take_away", args=at),
        comment.get_edit_url(),
    ]
    queue = [
        reverse("moderation:queue"),
        reverse("moderation:item", args=[shown.dossier_id]),
        reverse("moderation:item", args=[comment.dossier_id]),
    ]
    staff = [
        reverse("admin:accounts_user_changelist"),
        reverse("admin:accounts_user_change", args=[shown.author_id]),
        f"{reverse('admin:accounts_user_changelist')}?q=%3Cscript%3Ealert(1)%3C/script%3E",
    ]
    for reader, addresses in (
        (None, public),
        (shown.author, [*public, *own]),
        (scenes.moderator(), [*public, *queue]),
        (scenes.granted(Role.ADMINISTRATOR), staff),
    ):
        browser = signed_in(reader) if reader else Client()
        for address in addresses:
            response = browser.get(address)
            assert response.status_code == 200, address
            page = response.content.decode()
            for live in LIVE:
                assert live not in page, (address, live)


def test_a_script_in_a_draft_stays_words_through_all_three_steps(visitor: Client):
    visitor.post(NEW, {"title": HOSTILE[:120], "text": HOSTILE, "language": HOSTILE})
    draft = Initiative.objects.get()
    for step, sent in (
        ("what", {"title": HOSTILE, "text": HOSTILE, "language": "nl"}),
        ("what", {"title": HOSTILE[:120], "text": HOSTILE, "language": "nl"}),
        (
            "where",
            {"area": HOSTILE, "theme": HOSTILE, "address_line": HOSTILE, "latitude": HOSTILE},
        ),
        (
            "where",
            {
                "area": scenes.area().pk,
                "theme": scenes.theme().pk,
                "address_line": HOSTILE[:120],
                "target_groups": HOSTILE,
            },
        ),
        ("where", {"area": scenes.area().pk, "theme": scenes.theme().pk}),
        ("who", {"display_name": HOSTILE, "kind": HOSTILE, "age_band": HOSTILE}),
        (
            "who",
            {
                "display_name": HOSTILE[:60],
                "kind": "resident",
                "age_band": "27-54",
                "help_wanted": HOSTILE,
            },
        ),
    ):
        address = reverse(f"ideas:draft_{step}", args=[draft.pk])
        for response in (visitor.post(address, sent), visitor.get(address)):
            assert response.status_code in (200, 302, 422), (step, response.status_code)
            assert not [live for live in LIVE if live in response.content.decode()], step
    page = visitor.get(reverse("ideas:draft_check", args=[draft.pk])).content.decode()
    assert "alert(1)" in page
    assert not [live for live in LIVE if live in page]


# --- Addresses, headers, bytes ---

ELSEWHERE = ("//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)")


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nothing_leads_to_another_site(visitor: Client, target: str):
    initiative = scenes.initiative()
    login = visitor.get(reverse("account_login"), {"next": target})
    assert login.status_code == 200
    assert f'value="{target}"' not in login.content.decode()
    person = scenes.person(password="voorbeeld-lang-genoeg")
    back = visitor.post(
        f"{reverse('account_login_password')}?next={target}",
        {"email": person.email, "login": person.email, "password": "voorbeeld-lang-genoeg"},
    )
    assert "evil" not in back.headers.get("Location", "")
    browser = signed_in(person)
    for address in (
        f"{initiative.get_absolute_url()}steun/",
        f"{initiative.get_absolute_url()}reacties/",
    ):
        response = browser.post(f"{address}?next={target}", {"next": target, "text": "Good"})
        assert "evil" not in response.headers.get("Location", "")


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "x" * 300, "a b"])
def test_a_forged_host_is_refused(visitor: Client, host: str):
    initiative = scenes.initiative()

    for address in (initiative.get_absolute_url(), reverse("ideas:list"), NEW):
        response = visitor.get(address, headers={"Host": host})
        assert response.status_code == 400
        assert host not in response.content.decode()


def test_a_forged_host_stands_in_no_link(visitor: Client):
    page = visitor.get(reverse("ideas:list"), headers={"X-Forwarded-Host": "evil.example"})
    assert page.status_code == 200
    assert b"evil.example" not in page.content
    assert b"https://buurten.example/" in page.content


def test_a_line_break_in_an_address_makes_no_header(visitor: Client):
    initiative = scenes.initiative()
    crlf = "%0D%0ASet-Cookie:%20x=1"

    for address in (
        f"/en/initiatieven/{initiative.pk}-other/?x={crlf}",
        f"{reverse('account_login')}?next=/en/{crlf}",
        f"{reverse('ideas:list')}?area={crlf}",
        f"/?{crlf}",
    ):
        response = visitor.get(address)
        assert response.status_code < 500
        assert "x" not in response.cookies
        assert all("\n" not in value for value in response.headers.values())
    raw = visitor.get(f"/en/initiatieven/{initiative.pk}-other/", QUERY_STRING="x=\r\nA: b")
    assert raw.status_code < 500
    assert "\n" not in raw["Location"]


QUERIES = (
    "%00=%00",
    "area=%00&theme=%00&sort=%00&after=%00&language=%00&kind=%00&antwoord-op=%00&next=%00&q=%00",
    "area=%FF%FE&language=%C3%28&kind=%ED%A0%80&after=%F0%28%8C%28&antwoord-op=%80&next=%FF",
    "area[]=1&area[]=2&after[]=1&antwoord-op[]=3&language[]=nl&kind[a][b]=c",
    "area=a&area=b&after=1.1&after=2.2&language=nl&language=pl&antwoord-op=1&antwoord-op=2",
    "after=99999999999999999999&antwoord-op=99999999999999999999&page=1e309&o=99",
    "author__password__startswith=m&status=draft&order_by=author__email&limit=-1&format=json",
    "x=" + "y" * 7000,
    "&".join(f"f{number}=1" for number in range(400)),
    "area=%D9%A1&after=%D9%A1.%D9%A1&antwoord-op=%D9%A1",
    "%",
    "%zz=%2",
    "=&=&;;;",
)


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_no_address_breaks_a_page(query: str):
    initiative = scenes.initiative()
    comment = scenes.comment(initiative)
    person = scenes.moderator()
    detail = initiative.get_absolute_url()
    for browser in (Client(raise_request_exception=False), signed_in(person)):
        for address in (
            "/",
            "/en/",
            "/en/wijk/",
            "/en/wijk/testwijk/",
            "/en/initiatieven/",
            NEW,
            detail,
            f"{detail}steun/",
            f"{detail}reacties/",
            f"{detail}reacties/{comment.pk}/",
            f"/en/initiatieven/{initiative.pk}-old/",
            "/en/account/",
            "/en/account/inloggen/",
            "/en/moderatie/",
        ):
            response = browser.get(f"{address}?{query}")
            assert response.status_code in (200, 301, 302, 400, 404, 413), (
                address,
                response.status_code,
            )


@pytest.mark.parametrize("number", ["x", "9" * 30, "-1", "1e3", "\x00", "1.5", "٣", ""])
def test_a_strange_choice_in_a_form_is_refused_and_breaks_nothing(number: str):
    person = scenes.person()
    browser = signed_in(person)
    draft = scenes.draft(author=person)
    initiative = scenes.initiative()

    response = browser.post(
        reverse("ideas:draft_where", args=[draft.pk]),
        {"area": number, "theme": number, "target_groups": [number, number]},
    )
    assert response.status_code == 422
    response = browser.post(
        f"{initiative.get_absolute_url()}reacties/", {"text": "Good", "parent": number or "x"}
    )
    assert response.status_code == 422
    assert browser.get("/en/moderatie/", {"after": number}).status_code == 404


def test_fields_sent_several_times_or_as_files_break_nothing():
    person = scenes.person()
    browser = signed_in(person)
    draft = scenes.draft(author=person)
    for step in ("what", "where", "who", "check"):
        address = reverse(f"ideas:draft_{step}", args=[draft.pk])
        for sent in (
            {"title": ["a", "b"], "text": ["c", "d"], "area": ["1", "2"], "age_band": ["x", "y"]},
            {"title[]": "a", "title[$ne]": "b"},
            {"title": scenes.picture_file(), "text": scenes.picture_file(), "new_1": "no file"},
        ):
            response = browser.post(address, sent)
            assert response.status_code in (302, 422), (step, sent)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"\xff\xfe\x00=\x80", "application/x-www-form-urlencoded"),
        (b"title=%FF%FE&text=%C3%28", "application/x-www-form-urlencoded; charset=utf-8"),
        (b"title=x", "application/x-www-form-urlencoded; charset=utf-7"),
        (b"title=x", "application/x-www-form-urlencoded; charset=no-such"),
        (b'{"title": "x"}', "application/json"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
        (b"", "multipart/form-data; boundary=" + b"x".decode() * 500),
        (b"title", "text/plain"),
    ],
)
def test_a_body_that_makes_no_sense_breaks_nothing(visitor: Client, body: bytes, content_type: str):
    response = visitor.generic("POST", NEW, body, content_type=content_type)

    assert response.status_code in (302, 400, 413, 415, 422), response.status_code


def test_names_of_files_in_any_bytes_break_nothing(visitor: Client):
    for name in ("../../etc/passwd", "\u202egpj.exe", "x" * 500 + ".jpg", "нов.jpg", "a\r\nb.jpg"):
        response = visitor.post(
            NEW, {"title": "A bench", "text": TEXT, "new_1": scenes.picture_file(name)}
        )
        assert response.status_code in (302, 422), name


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_other_methods_are_refused(visitor: Client, method: str):
    initiative = scenes.initiative()
    for address in (NEW, reverse("ideas:list"), f"{initiative.get_absolute_url()}steun/"):
        assert getattr(visitor, method)(address).status_code == 405


# --- Support ---


@pytest.mark.parametrize("body", [{"person": "1"}, {"count": "100"}, {"channel": "paper"}])
def test_support_takes_nothing_from_what_is_sent(body: dict[str, str]):
    initiative = scenes.initiative()
    neighbour = scenes.person()

    signed_in(neighbour).post(f"{initiative.get_absolute_url()}steun/", body)

    support = Support.objects.get()
    assert (support.person, support.channel) == (neighbour, "web")
