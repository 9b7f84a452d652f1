"""What is not public is nowhere: no page, list, count, card, picture or address gives it away."""

import datetime
import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.core.cache import cache
from django.http import HttpResponseBase
from django.test import Client
from django.utils import timezone

from accounts import organisations
from accounts.actions import introduce
from accounts.models import Organisation, User
from contributions import actions as review
from contributions.models import Dossier, Status
from contributions.models.picture import WIDTHS
from ideas.models import Initiative
from tests import scenes
from tests.neighbourhood import EVERYWHERE, ROLES, Neighbourhood, build, undone
from tests.test_doors import DOORS

pytestmark = [pytest.mark.django_db, pytest.mark.either]

#: Besides whom nobody reads it, by the beginning of the words that must not appear.
COUNCIL = {"council", "chair", "office"}
SECRETS: dict[str, set[str]] = {
    "zqdraft": {"author"},
    "zqwithdrawn": {"author"},
    "zqsubmitted": {"author", "moderator"},
    "zqreturned": {"author", "moderator"},
    "zqrejected": {"author", "moderator"},
    "zqhidden": {"author", "moderator"},
    "zqplandraft": {"author"},
    "zqplansubmitted": {"author", "moderator", *COUNCIL},
    "zqplanreturned": {"author", "moderator", *COUNCIL},
    "zqplanchecked": {"author", "moderator", *COUNCIL},
    "zqplandeclined": {"author", "moderator", *COUNCIL},
    "zqplanhidden": {"author", "moderator", *COUNCIL},
    "zqheld": {"writer"},
    "zqwaiting": {"author", "moderator"},
    "zqaway": set(),
    "zqyoungsubmitted": {"young", "moderator"},
    "zqcommentdraft": set(),
    "zqcommentsubmitted": {"moderator"},
    "zqcommentreturned": {"moderator"},
    "zqcommentrejected": {"moderator"},
    "zqcommenthidden": {"moderator"},
    "zqcommentwithdrawn": set(),
    # Its initiative is hidden, so it is too; a comment's own text is its author's to read back.
    "zqunderhidden": {"moderator"},
    "zqupdatedraft": {"young"},
    "zqupdatesubmitted": {"young", "moderator"},
    "zqupdatereturned": {"young", "moderator"},
    "zqupdaterejected": {"young", "moderator"},
    "zqupdatehidden": {"young", "moderator"},
    "zqupdatewithdrawn": {"young"},
    "zqupdateabouthidden": {"author", "moderator"},
    "zqhiddendouble": {"author", "moderator"},
    "zqhiddentarget": {"author", "moderator"},
    # Its own words stood on the site and its staff reads them; it is just on no page.
    "zqdoubleofhidden": {"author", "moderator", "office"},
    # What somebody says who asks for another look, and why somebody was paused.
    "zqappeal": {"author", "moderator"},
    "zqmeasured": {"moderator"},
    "zqwhymeasured": {"moderator", "administrator"},
    "zqdraftunderhidden": set(),
    # What the two sides of a conversation write, who leads the idea included; nobody else.
    "zqmessageopen": {"author", "other", "chair"},
    "zqmessageclosed": {"author", "other", "messenger"},
    "zqmessagehidden": set(),
    # The name that somebody under 16 filled in, and the place of their published idea.
    "zqyoungname": {"young"},
    # What somebody reports is read by who decides, as long as it is open; the receipt has no words.
    "zqreport": {"moderator"},
    # What the programme office asks contact persons, and what it asks those of another language.
    "zqasked": {"messenger", "office", "administrator"},
    "zqaskedofothers": {"office", "administrator"},
    # Whom to call in a department.
    "zqcontact": {"office"},
    "zqyoungpublishedaddress": set(),
}
_WORD = re.compile(r"zq[a-z]+")
#: A name waits to be read once somebody contributed, also when they took that away again.
NAMES_THAT_WAIT = {"zqcommentwithdrawnname"}
# Drawn by lot, so it may hold anything.
_TOKEN = re.compile(r"(?<=csrftoken=)\w+|(?<=value=\")\w{64}(?=\")")
_MAILBOX = re.compile(r"[\w.]+@buurten\.example")
#: Where who leads an idea reads whom they invited themselves, as long as that is open.
INVITED_MAILBOX = ("ideas:together of published", "author")
#: Where somebody reads their own e-mail address.
OWN_MAILBOX = (
    "leave",
    "accounts:profile",
    "account_email",
    "account_reset_password",
    "account_confirm_who",
)


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: Any) -> Iterator[Neighbourhood]:
    with django_db_blocker.unblock(), undone():
        yield build()


def words_in(response: HttpResponseBase) -> str:
    """Return all that an answer holds, its headers included, in small letters."""
    if not response.streaming:
        body = response.content
    else:
        # A file of text is read to its end; a picture holds no words.
        is_text = response["Content-Type"].startswith("text/")
        body = response.getvalue() if is_text else b""
    headers = "\n".join(f"{name}: {value}" for name, value in response.items())
    words = body.decode(errors="replace")
    return html.unescape(_TOKEN.sub("", f"{headers}\n{words}")).lower()


def is_secret(word: str, role: str) -> bool:
    if role == "moderator" and word in NAMES_THAT_WAIT:
        return False
    return any(word.startswith(start) for start, readers in SECRETS.items() if role not in readers)


def leaked(response: HttpResponseBase, role: str) -> list[str]:
    """Return the words and mailboxes in an answer that somebody must not read."""
    text = words_in(response)
    found = {word for word in _WORD.findall(text) if is_secret(word, role)}
    return sorted(found | set(_MAILBOX.findall(text)))


#: The pages on which those who may read something read the whole of it.
TELLING = (
    "ideas:detail",
    "ideas:draft_what",
    "ideas:edit",
    "ideas:update",
    "budgets:plan",
    "budgets:application",
    "budgets:applications",
    "moderation:item",
    "moderation:appeal",
    "moderation:measure",
    "contributions:history",
    "accounts:profile",
    "together:conversation",
    "messengers:questions",
)
#: Where the table of doors says that somebody finds nothing.
NOWHERE = {
    (str(door), role) for door in DOORS for role, met in door.get.items() if met in (404, 405)
}


def leaks_on_a_walk(
    town: Neighbourhood, role: str, language: str = "nl", *, everywhere: bool = False
) -> dict[str, list[str]]:
    """Return what leaks on any page to somebody who opens them all.

    Args:
        everywhere: also where the table of doors says that there is nothing for them.
    """
    leaks = {}
    own = town.people[role].email if role in town.people else ""
    for door, address in addresses(town, role, language).items():
        if not everywhere and (door, role) in NOWHERE:
            continue
        with undone():
            found = leaked(town.client(role).get(address), role)
        if door in OWN_MAILBOX and own in found:
            found.remove(own)
        if (door, role) == INVITED_MAILBOX:
            found = sorted(set(found) - {one.email for one in town.invitations.values()})
        if found:
            leaks[door] = found
    return leaks


def addresses(town: Neighbourhood, role: str, language: str = "nl") -> dict[str, str]:
    """Return every address of the site, as somebody would type it who guesses."""
    return {
        # A page repeats its own address: whoever does not know a title cannot type it.
        name: _WORD.sub(lambda word: "x" if is_secret(word[0], role) else word[0], address)
        for name, address in _addresses(town, language).items()
    }


def _addresses(town: Neighbourhood, language: str) -> dict[str, str]:
    found = {
        str(door): town.address(door.view, door.of, language)
        for door in DOORS
        # What a picture shows cannot be read here; its addresses have a test of their own.
        if door.view != "picture"
    }
    lists = found["ideas:list"]
    for query in (
        "sort=support",
        "sort=push",
        "area=testwijk",
        "area=teststad",
        "state=open",
        "state=done",
        "language=nl",
        "status=hidden",
        "author=1",
        "after=99999999999999999.999",
    ):
        found[f"list {query}"] = f"{lists}?{query}"
    for query in ("box=4.2999,52.0699,4.3001,52.0701&zoom=22", f"{EVERYWHERE}&area=teststad"):
        found[f"map {query}"] = f"{found['ideas:map_points']}{query}"
    for query in ("area=testwijk", "status=hidden&author=1&state=open&language=nl"):
        found[f"map page {query}"] = f"{found['ideas:map']}?{query}"
    for state in ("hidden", "submitted"):
        comment = town.comments[state]
        found[f"answer to a {state} comment"] = (
            f"{town.address('ideas:comments', 'published', language)}?antwoord-op={comment.pk}"
        )
    found["queue by language"] = f"{found['moderation:queue']}?language=nl"
    found["queue after another"] = (
        f"{found['moderation:queue']}?after={town.dossier('submitted').pk}"
    )
    return found


def test_the_words_are_seen_where_they_may_be_read(town: Neighbourhood) -> None:
    """Lest the other tests look for words that stand nowhere."""
    seen: set[str] = set()
    for role in ("author", "writer", "young", "moderator", "chair", "office"):
        for door, address in addresses(town, role).items():
            if door.split()[0] in TELLING and (door, role) not in NOWHERE:
                seen |= set(_WORD.findall(words_in(town.client(role).get(address))))
    for start, readers in SECRETS.items():
        on_no_page = not readers or start == "zqdoubleofhidden"
        assert any(word.startswith(start) for word in seen) or on_no_page, start


@pytest.mark.parametrize("language", settings.LISTED_LANGUAGES)
@pytest.mark.parametrize("role", ["visitor", "other"])
def test_visitors_and_neighbours_find_nothing_in_any_language(
    town: Neighbourhood, language: str, role: str
) -> None:
    assert leaks_on_a_walk(town, role, language, everywhere=language == "nl") == {}


@pytest.mark.parametrize("role", [role for role in ROLES if role not in ("visitor", "other")])
def test_nobody_finds_what_is_not_theirs_to_read(town: Neighbourhood, role: str) -> None:
    assert leaks_on_a_walk(town, role) == {}


@pytest.mark.parametrize(
    "grant",
    [
        {"language": "pl"},
        {"starts_at": timezone.now() + datetime.timedelta(days=1)},
        {"ends_at": timezone.now() - datetime.timedelta(hours=1)},
    ],
    ids=["for another language", "not begun", "over"],
)
def test_a_grant_opens_no_more_than_it_says(town: Neighbourhood, grant: dict[str, Any]) -> None:
    with undone():
        client = Client()
        client.force_login(scenes.granted("moderator", area=town.here, **grant))
        for door, address in addresses(town, "resident").items():
            if door.split()[0] in (
                "ideas:detail",
                "picture",
                "moderation:queue",
                "moderation:item",
            ):
                assert leaked(client.get(address), "resident") == [], door


@pytest.mark.parametrize("role", ["visitor", "other"])
def test_a_picture_that_is_not_public_has_no_address_in_any_width(
    town: Neighbourhood, role: str
) -> None:
    hidden = set(town.pictures) - {"published", "young published"}
    assert len(hidden) == 9
    for name in hidden:
        for width in (0, *WIDTHS):
            address = town.address("picture", f"{name}/{width}")
            # A browser that saw it before asks whether it changed.
            tag = f'"{town.pictures[name].key}-{width}"'
            for headers in ({}, {"If-None-Match": tag}, {"If-None-Match": "*"}):
                response = town.client(role).get(address, headers=headers)
                assert response.status_code == 404, (name, width)


def test_what_is_hidden_is_answered_exactly_like_what_does_not_exist(town: Neighbourhood) -> None:
    client = town.client("other")

    def page(address: str) -> tuple[int, str]:
        response = client.get(address)
        # The page repeats which address it was asked for.
        shown = re.sub(r"\b\d+-x/|[0-9a-f-]{36}", "", response.content.decode())
        return response.status_code, _TOKEN.sub("", shown)

    for view in ("detail", "support", "comments", "edit", "take_away", "answer"):
        nothing = page(town.address(f"ideas:{view}", "nothing"))
        assert nothing[0] == 404
        for state in ("draft", "submitted", "returned", "rejected", "hidden", "withdrawn"):
            address = town.address(f"ideas:{view}", f"{state}/x")
            assert page(address) == nothing, (view, state)
    assert page(town.address("picture", "hidden/0")) == page(town.address("picture", "nothing/0"))


def test_counts_hold_what_is_published_and_nothing_else(town: Neighbourhood) -> None:
    published = Initiative.objects.published().count()
    for role in ("visitor", "author", "young", "moderator"):
        client = town.client(role)
        for query in ("", "?area=testwijk", "?sort=push", "?language=nl"):
            listing = client.get(f"/nl/initiatieven/{query}").context["listing"]
            shown = {card.status for card in listing.initiatives}
            assert shown == {Status.PUBLISHED}, (role, query)
            assert listing.count == len(listing.initiatives) <= published, (role, query)
        assert client.get("/nl/initiatieven/").context["listing"].count == published
        for page, lists in (("/nl/", ("newest", "push")), ("/nl/wijk/testwijk/", ("initiatives",))):
            context = client.get(page).context
            for name in lists:
                assert {card.status for card in context[name]} <= {Status.PUBLISHED}, (role, page)
    thread = town.initiatives["published"].comments
    assert town.initiatives["published"].comment_count == (
        thread.filter(status=Status.PUBLISHED).count()
    )


def test_the_queue_counts_what_waits_here_and_not_elsewhere(town: Neighbourhood) -> None:
    here = Dossier.objects.waiting().filter(area=town.here).count()
    assert here > 3
    assert town.client("moderator").get("/nl/moderatie/").context["queue"].count == here
    elsewhere = town.client("elsewhere").get("/nl/moderatie/").context["queue"]
    assert (
        elsewhere.count
        == len(elsewhere.rows)
        == Dossier.objects.filter(waiting_since__isnull=False, area=town.there).count()
    )


def test_hiding_empties_every_page_at_once_also_those_that_were_drawn_before(
    town: Neighbourhood,
) -> None:
    with undone():
        idea = scenes.initiative("Zqgone", author=town.people["author"], where=town.here)
        pages = ["/nl/", "/nl/initiatieven/", "/nl/wijk/testwijk/", "/pl/initiatieven/"]
        for page in pages:
            assert "zqgone" in words_in(town.client("visitor").get(page))
        review.hide(
            dossier=idea.dossier,
            by=scenes.moderator(),
            rule=scenes.house_rule(),
            reason="Zo kan het niet.",
        )
        for role in ("visitor", "other", "office"):
            for page in [*pages, "/nl/account/", f"/nl/initiatieven/{idea.pk}-x/"]:
                shown = words_in(town.client(role).get(page))
                assert "zqgone" not in shown, (role, page)
    cache.clear()


PLACE = ("52.07531", "4.31987")


def test_who_turns_out_to_be_under_16_loses_name_and_place_everywhere_at_once(
    town: Neighbourhood,
) -> None:
    with undone():
        person = scenes.person("Zqgrown", kind=User.Kind.ENTREPRENEUR, business_name="Zqshop")
        idea = scenes.initiative(
            "Van een jongere",
            author=person,
            where=town.here,
            address_line="Zqstreet 1",
            latitude=PLACE[0],
            longitude=PLACE[1],
        )
        scenes.comment(town.initiatives["published"], "Mooi", author=person)
        told = ("zqgrown", "zqshop", "zqstreet", *PLACE)
        mine = f"/nl/initiatieven/{idea.pk}-{idea.address_slug}/"
        before = words_in(town.client("visitor").get(mine))
        assert [word for word in told if word in before] == ["zqshop", "zqstreet", *PLACE]

        introduce(
            user=person,
            display_name="Zqgrown",
            kind=User.Kind.ENTREPRENEUR,
            business_name="Zqshop",
            age_band="12-15",
        )

        walked = {
            mine,
            f"{mine}reacties/",
            f"{mine}steun/",
            f"{mine}antwoord/",
            f"/nl/moderatie/{idea.dossier_id}/",
            town.address("ideas:detail", "published"),
            town.address("ideas:comments", "published"),
            "/nl/",
            "/nl/initiatieven/",
            "/nl/wijk/testwijk/",
            "/nl/moderatie/",
            "/nl/account/",
            f"/nl/beheer/accounts/user/{person.pk}/change/",
            "/nl/beheer/accounts/user/",
        }
        for role in ("visitor", "other", "moderator", "elsewhere", "office", "administrator"):
            for page in walked:
                shown = words_in(town.client(role).get(page))
                assert [word for word in told if word in shown] == [], (role, page)
        own = Client()
        own.force_login(person)
        for page in (mine, f"{mine}wijzigen/", "/nl/account/"):
            shown = words_in(own.get(page))
            assert [word for word in told if word in shown] == [], page


def test_who_wrote_in_an_organisations_name_is_told_to_moderators_and_the_office_alone(
    town: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    with undone():
        body = Organisation.objects.create(name="Zqbody", kind="organisation")
        writer = scenes.person("Zqpenname", kind=User.Kind.ENTREPRENEUR, business_name="Zqpenshop")
        monkeypatch.setitem(organisations._sources, "here", lambda _person, _now: [body])
        ideas = {
            status: scenes.initiative(
                f"Zqbodyidea{status}",
                author=writer,
                status=status,
                where=town.here,
                on_behalf_of=body,
            )
            for status in (Status.PUBLISHED, Status.SUBMITTED, Status.HIDDEN)
        }
        scenes.comment(ideas[Status.PUBLISHED], "Mooi", author=town.people["other"])
        seen: dict[str, set[str]] = {role: set() for role in ROLES}
        walked = ["/nl/", "/nl/initiatieven/", "/nl/wijk/testwijk/", "/nl/moderatie/"]
        for idea in ideas.values():
            mine = f"/nl/initiatieven/{idea.pk}-{idea.address_slug}/"
            walked += [mine, *(f"{mine}{name}/" for name in ("reacties", "steun", "antwoord"))]
            walked.append(f"/nl/moderatie/{idea.dossier_id}/")
        for role in ROLES:
            for page in walked:
                shown = words_in(town.client(role).get(page))
                seen[role] |= {word for word in ("zqbody", "zqpen") if word in shown}
        assert {role for role in ROLES if "zqpen" in seen[role]} == {"moderator", "office"}
        assert {role for role in ROLES if "zqbody" in seen[role]} == set(ROLES)
    cache.clear()


@pytest.mark.parametrize("role", ["visitor", "author", "young", "moderator", "office"])
def test_search_neither_finds_nor_counts_nor_suggests_what_is_not_public(
    town: Neighbourhood, role: str
) -> None:
    secret = [start for start in SECRETS if not start.startswith(("zqplan", "zqyoungname"))]
    typed = {f"{start}{name}" for start in secret for name in ("", "title", "text", "address")}
    client = town.client(role)
    for word in sorted(typed):
        # As it stands there, and with a typing error.
        for asked in (word, word[:-1], f"zq{word[3:]}"):
            listing = client.get("/nl/initiatieven/", {"q": asked}).context["listing"]
            assert (listing.count, listing.initiatives, listing.corrected) == (0, [], None), asked
        assert client.get("/nl/zoeken/", {"q": word}).context["results"].is_empty, word


@pytest.mark.parametrize("role", ["office", "administrator"])
def test_the_admin_shows_neither_texts_nor_the_names_of_the_young(
    town: Neighbourhood, role: str
) -> None:
    for model in admin.site._registry:
        for page in ("changelist", "add", "change", "history"):
            shown = words_in(town.client(role).get(town.admin_address(model, page)))
            found = {word for word in _WORD.findall(shown) if not word.endswith("name")}
            assert found == set(), (model, page)
            assert "zqyoungname" not in shown, (model, page)
            if role == "office":
                assert set(_MAILBOX.findall(shown)) <= {town.people[role].email}, (model, page)
    young = town.people["young"]
    shown = words_in(town.client(role).get(f"/nl/beheer/accounts/user/{young.pk}/change/"))
    assert "zqyoungname" not in shown
