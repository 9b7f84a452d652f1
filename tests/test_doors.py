"""Every address of the site, and who gets in: a new address without a row here fails.

A row says for a view, and for what it shows, what each role meets with GET and with POST. Each POST
is a whole and good form, so that a door that opens is seen to open; what it changed is undone.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from contributions.actions import version_of
from contributions.kinds import contribution_of
from contributions.translations import digest_of
from feedback.quarters import quarter_at
from ideas.actions import version_of_answer
from ideas.models import Department, OfficialAnswer
from participatie import errors
from tests import scenes
from tests.neighbourhood import (
    NO_SUCH_KEY,
    NOT_SIGNED_IN,
    PAGES,
    ROLES,
    Neighbourhood,
    build,
    leads_to_sign_in,
    undone,
)
from tests.notifications import stand_ins

pytestmark = [pytest.mark.django_db, pytest.mark.either]

SIGN_IN = "sign in"
SOON = (timezone.localdate() + datetime.timedelta(days=10)).isoformat()
Outcome = int | str
Outcomes = dict[str, Outcome]


def everyone(outcome: Outcome, **others: Outcome) -> Outcomes:
    """Say what everybody meets, but for those who are named."""
    return {**dict.fromkeys(ROLES, outcome), **others}


def members(outcome: Outcome, **others: Outcome) -> Outcomes:
    """Say what everybody with an account meets; who has none signs in first."""
    return everyone(outcome, **(dict.fromkeys(NOT_SIGNED_IN, SIGN_IN) | others))


def only(**outcomes: Outcome) -> Outcomes:
    """Say what those who are named meet on a public page; for all others it does not exist."""
    return everyone(404, **outcomes)


def only_members(**outcomes: Outcome) -> Outcomes:
    """Say the same of a page for which one signs in first."""
    return members(404, **outcomes)


NO_POST = everyone(405)
NO_POST_FOR_MEMBERS = members(405)
NO_GET = everyone(405)
NO_GET_FOR_MEMBERS = members(405)
#: Who tries a method that a view does not have: the refusal comes before anybody is looked at.
FEW = ("visitor", "author", "moderator")


@dataclass(frozen=True)
class Door:
    """A view, what it shows, and what each role meets there."""

    view: str
    of: str = ""
    get: Outcomes = field(default_factory=dict)
    post: Outcomes = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.view} of {self.of}" if self.of else self.view


def reading(of: str, get: Outcomes) -> Door:
    """Say who may read an initiative."""
    return Door("ideas:detail", of, get=get, post=NO_POST)


def preview(of: str, get: Outcomes) -> Door:
    """Say who gets the picture that is shown beside a link to an initiative."""
    return Door("ideas:preview", of, get=get, post=NO_POST)


def picture(of: str, get: Outcomes) -> list[Door]:
    """Say who may see a picture, whole and small (tests/test_leaks.py tries every width)."""
    return [Door("picture", f"{of}/{width}", get=get, post=NO_POST) for width in (0, 320)]


def step(view: str, of: str, **outcomes: Outcome) -> Door:
    """Say who may go on with a draft; sending a step leads to the next one.

    Whoever sends step one without a session begins a draft of their own with it.
    """
    begins = dict.fromkeys(NOT_SIGNED_IN, 302) if view == "draft_what" else {}
    return Door(
        f"ideas:{view}",
        of,
        get=only(**outcomes),
        post=only(**begins, **dict.fromkeys(set(outcomes) - set(begins), 302)),
    )


def council_door(view: str, of: str, get: Outcomes, post: Outcomes = NO_POST) -> Door:
    return Door(f"jongerenraad:{view}", of, get=get, post=post)


def money_door(view: str, of: str, get: Outcomes, post: Outcomes = NO_POST) -> Door:
    return Door(f"budgets:{view}", of, get=get, post=post)


BY_AUTHOR = {"author": 200}
BY_OFFICE = {"get": only_members(office=200), "post": only_members(office=302)}
BY_NOBODY = {"get": only_members(), "post": only_members()}
#: Who sits in the council: an ordinary member, and the chair.
COUNCIL = {"council": 200, "chair": 200}
#: Who reads quotes, receipts and who receives the money.
OF_THE_FILE = {"author": 200, "council": 200, "chair": 200, "office": 200}
SENT_BY_COUNCIL = {"council": 302, "chair": 302}
BY_AUTHOR_OR_MODERATOR = {"author": 200, "moderator": 200}
BY_YOUNG_OR_MODERATOR = {"young": 200, "moderator": 200}

DOORS = [
    # --- Without a language ---
    Door("front_door", get=everyone(302), post=NO_POST),
    Door("accessibility", get=everyone(302), post=NO_POST),
    Door("security_txt", get=everyone(200), post=NO_POST),
    Door("robots_txt", get=everyone(200), post=NO_POST),
    Door("sitemap_index", get=everyone(200), post=NO_POST),
    Door("sitemap_pages", get=everyone(200), post=NO_POST),
    Door("sitemap_initiatives", get=everyone(200), post=NO_POST),
    Door("site_preview", get=everyone(200), post=NO_POST),
    Door("service_worker", get=everyone(200), post=NO_POST),
    Door("home_screen", get=everyone(200), post=NO_POST),
    Door("home_screen_icon", get=everyone(200), post=NO_POST),
    Door("health_live", get=everyone(200), post=NO_POST),
    Door("health_ready", get=everyone(200), post=NO_POST),
    Door("openid_back", get=everyone(404), post=NO_POST),
    Door("short", "published", get=everyone(302), post=NO_POST),
    Door("short", "double", get=everyone(302), post=NO_POST),
    Door("code", "published", get=everyone(200), post=NO_POST),
    *(
        Door(view, of, get=only(), post=NO_POST)
        for view in ("short", "code")
        for of in ("hidden", "draft", "hidden double", "double of hidden", "nothing")
    ),
    *picture("published", everyone(200)),
    *picture("young published", everyone(200)),
    *picture("draft", only(**BY_AUTHOR)),
    *picture("withdrawn", only(**BY_AUTHOR)),
    *picture("submitted", only(**BY_AUTHOR_OR_MODERATOR)),
    *picture("returned", only(**BY_AUTHOR_OR_MODERATOR)),
    *picture("rejected", only(**BY_AUTHOR_OR_MODERATOR)),
    *picture("hidden", only(**BY_AUTHOR_OR_MODERATOR)),
    *picture("waiting", only(**BY_AUTHOR_OR_MODERATOR)),
    *picture("young submitted", only(**BY_YOUNG_OR_MODERATOR)),
    *picture("taken away", only()),
    # --- Texts that somebody reads aloud ---
    Door("spoken", "heard", get=everyone(200), post=NO_POST),
    Door("spoken", "waiting", get=only(**BY_AUTHOR_OR_MODERATOR), post=NO_POST),
    Door("spoken", "of hidden", get=only(**BY_AUTHOR_OR_MODERATOR), post=NO_POST),
    Door("spoken", "nothing", get=only(), post=NO_POST),
    # A form without a recording.
    Door(
        "contributions:speak",
        "published",
        get=only_members(author=200, messenger=200),
        post=only_members(author=422, messenger=422),
    ),
    Door(
        "contributions:speak",
        "official answer",
        get=only_members(office=200, messenger=200),
        post=only_members(office=422, messenger=422),
    ),
    *(
        Door("contributions:speak", of, **BY_NOBODY)
        for of in ("draft", "submitted", "rejected", "hidden", "withdrawn", "nothing")
    ),
    Door(
        "contributions:speak",
        "young published",
        get=only_members(messenger=200),
        post=only_members(messenger=422),
    ),
    *(
        Door(
            "contributions:take_recording_away",
            of,
            get=NO_GET_FOR_MEMBERS,
            post=only_members(**readers),
        )
        for of, readers in {
            "heard": {"messenger": 302},
            "waiting": {"author": 302},
            "of hidden": {"messenger": 302},
            "nothing": {},
        }.items()
    ),
    Door("picture", "nothing/0", get=only(), post=NO_POST),
    Door("picture", "published/100", get=only(), post=NO_POST),
    # --- Posters and cards ---
    *(Door("paper", of, get=everyone(302), post=NO_POST) for of in ("published", "double", "area")),
    *(
        Door("paper", of, get=only(), post=NO_POST)
        for of in ("hidden", "draft", "hidden double", "double of hidden", "nothing")
    ),
    *(
        Door("posters:ask", of, get=everyone(200), post=everyone(302))
        for of in ("published", "young published", "area")
    ),
    *(
        Door("posters:ask", of, get=only(), post=only())
        for of in ("hidden", "submitted", "draft", "double", "nothing")
    ),
    *(
        Door(view, "published", get=everyone(200), post=NO_POST)
        for view in ("posters:sheet", "posters:file")
    ),
    *(
        Door(view, of, get=only(), post=NO_POST)
        for view in ("posters:sheet", "posters:file")
        for of in ("hidden", "nothing")
    ),
    # --- Pages that bring apps together ---
    Door("home", get=everyone(200), post=NO_POST),
    Door("search", get=everyone(200), post=NO_POST),
    Door("areas", get=everyone(200), post=NO_POST),
    Door("area", "testwijk", get=everyone(200), post=NO_POST),
    Door("area", "teststad", get=everyone(200), post=NO_POST),
    Door("area", "nergens", get=only(), post=NO_POST),
    *(Door("page", slug, get=everyone(200), post=NO_POST) for slug in PAGES),
    Door("page", "nergens", get=only(), post=NO_POST),
    Door("account_home", get=members(200), post=NO_POST_FOR_MEMBERS),
    Door("own_data", get=members(200), post=NO_POST_FOR_MEMBERS),
    # Once a day: "other" has one.
    Door("take_out", get=NO_POST_FOR_MEMBERS, post=members(302, other=429)),
    Door("take_out_file", "other", get=members(302), post=NO_POST_FOR_MEMBERS),
    Door("take_out_file", "nothing", get=members(302), post=NO_POST_FOR_MEMBERS),
    # Who answers for public money, and the only administrator, do something else first.
    Door("leave", get=members(200), post=members(302, author=409, administrator=409)),
    # Nobody asked for a code in these browsers.
    Door("leave_confirm", get=members(302), post=members(302)),
    Door("left", get=everyone(200), post=NO_POST),
    # --- Contact persons, and what is asked of them ---
    Door("messengers:start", get=only_members(messenger=200), post=NO_POST_FOR_MEMBERS),
    Door(
        "messengers:question",
        "asked",
        get=only_members(messenger=200),
        post=only_members(messenger=302),
    ),
    *(
        Door("messengers:question", of, get=only_members(), post=only_members())
        for of in ("asked of others", "nothing")
    ),
    Door(
        "messengers:questions",
        get=only_members(office=200, administrator=200),
        post=NO_POST_FOR_MEMBERS,
    ),
    Door(
        "messengers:ask",
        get=only_members(office=200, administrator=200),
        post=only_members(office=302, administrator=302),
    ),
    Door(
        "messengers:end",
        "asked",
        get=NO_GET_FOR_MEMBERS,
        post=only_members(office=302, administrator=302),
    ),
    Door("messengers:end", "nothing", get=NO_GET_FOR_MEMBERS, post=only_members()),
    # --- Reading ---
    Door("ideas:list", get=everyone(200), post=NO_POST),
    Door("ideas:map", get=everyone(200), post=NO_POST),
    Door("ideas:map_points", "everywhere", get=everyone(200), post=NO_POST),
    Door("ideas:map_points", get=everyone(400), post=NO_POST),
    Door("ideas:map_borders", get=everyone(200), post=NO_POST),
    Door("ideas:atom", get=everyone(200), post=NO_POST),
    # The picture beside a link is the same for all, authors too.
    preview("published", everyone(200)),
    preview("young published", everyone(200)),
    *(
        preview(of, only())
        for of in ("draft", "submitted", "returned", "rejected", "hidden", "withdrawn", "nothing")
    ),
    reading("published", everyone(200)),
    reading("answered", everyone(200)),
    reading("started", everyone(200)),
    reading("young published", everyone(200)),
    # A draft leads its author on to writing.
    reading("draft", only(author=302)),
    reading("empty draft", only(author=302)),
    reading("draft in a browser", only()),
    reading("withdrawn", only(**BY_AUTHOR)),
    reading("submitted", only(**BY_AUTHOR_OR_MODERATOR)),
    reading("returned", only(**BY_AUTHOR_OR_MODERATOR)),
    reading("rejected", only(**BY_AUTHOR_OR_MODERATOR)),
    reading("hidden", only(**BY_AUTHOR_OR_MODERATOR)),
    reading("young submitted", only(**BY_YOUNG_OR_MODERATOR)),
    reading("nothing", only()),
    # An address with another title leads to the present one, for whom there is one.
    reading("published/anders", everyone(301)),
    reading("hidden/anders", only(author=301, moderator=301)),
    reading("draft/anders", only(author=302)),
    # Of a double it leads to what it was joined with, where both may be seen.
    reading("double", everyone(301)),
    reading("double/anders", everyone(301)),
    reading("double of hidden", only(author=301, moderator=301)),
    reading("hidden double", only(**BY_AUTHOR_OR_MODERATOR)),
    # Where posters were made before leads on.
    Door("ideas:poster", "published", get=everyone(301), post=NO_POST),
    *(
        Door("ideas:poster", of, get=only(), post=NO_POST)
        for of in ("hidden", "submitted", "draft", "double", "nothing")
    ),
    # --- News ---
    Door("ideas:news", "published", get=everyone(200), post=NO_POST),
    *(
        Door("ideas:news", of, get=only(), post=NO_POST)
        for of in ("hidden", "submitted", "draft", "double", "nothing")
    ),
    Door(
        "ideas:write_news",
        "published",
        # Who does it together with its author tells news too.
        get=only_members(author=200, other=200),
        post=only_members(author=302, other=302),
    ),
    *(
        Door("ideas:write_news", of, get=only_members(), post=only_members())
        for of in ("hidden", "submitted", "double", "nothing")
    ),
    Door("ideas:news", "young published", get=everyone(200), post=NO_POST),
    Door(
        "ideas:update", "about hidden", get=only_members(author=200), post=only_members(author=302)
    ),
    *(
        Door("ideas:update", of, get=only_members(young=200), post=only_members(young=302))
        for of in ("published", "draft", "submitted", "returned", "withdrawn")
    ),
    *(
        Door("ideas:update", of, get=only_members(young=200), post=only_members(young=422))
        for of in ("rejected", "hidden")
    ),
    Door(
        "ideas:take_update_away",
        "published",
        get=NO_POST_FOR_MEMBERS,
        post=only_members(young=302),
    ),
    # --- Posting ---
    Door("ideas:new", get=everyone(200), post=everyone(302)),
    step("draft_what", "draft", author=200),
    step("draft_where", "draft", author=200),
    step("draft_who", "draft", author=200),
    step("draft_check", "draft", author=200),
    step("draft_what", "draft of another", other=200),
    step("draft_what", "draft in a browser", writer=200),
    step("draft_where", "draft in a browser", writer=200),
    step("draft_who", "draft in a browser", writer=200),
    # First the step that was left out.
    step("draft_check", "draft in a browser", writer=302),
    step("draft_check", "empty draft", author=302),
    Door("ideas:discard", "draft", get=NO_GET, post=only(author=302)),
    Door("ideas:discard", "draft in a browser", get=NO_GET, post=only(writer=302)),
    Door("ideas:discard", "published", get=NO_GET, post=only()),
    # What was handed in is no draft any more: its steps lead the author on to it.
    Door(
        "ideas:draft_what",
        "submitted",
        get=only(author=302),
        post=only(**dict.fromkeys(NOT_SIGNED_IN, 302)),
    ),
    Door("ideas:draft_check", "hidden", get=only(author=302), post=only(author=302)),
    # --- Support ---
    Door("ideas:support", "published", get=everyone(200), post=members(302)),
    Door("ideas:support", "hidden", get=only(), post=only_members(author=302, moderator=302)),
    Door("ideas:support", "draft", get=only(), post=only_members(author=302)),
    # Of a double they go on where it was joined.
    Door("ideas:support", "double", get=everyone(302), post=members(302)),
    Door(
        "ideas:support",
        "double of hidden",
        get=only(author=302, moderator=302),
        post=only_members(author=302, moderator=302),
    ),
    Door("ideas:take_back_support", "double", get=NO_GET, post=members(302)),
    Door("ideas:comments", "double", get=everyone(302), post=everyone(409)),
    Door(
        "ideas:comments",
        "double of hidden",
        get=only(author=302, moderator=302),
        post=only(author=409, moderator=409),
    ),
    Door("ideas:support", "nothing", get=only(), post=only_members()),
    Door("ideas:take_back_support", "published", get=NO_GET, post=members(302)),
    Door("ideas:take_back_support", "withdrawn", get=NO_GET, post=only_members(author=302)),
    # --- Comments ---
    Door("ideas:comments", "published", get=everyone(200), post=members(302)),
    Door("ideas:comments", "hidden", get=only(), post=only()),
    Door("ideas:comments", "submitted", get=only(), post=only()),
    Door("ideas:comments", "draft", get=only(), post=only()),
    Door("ideas:comments", "nothing", get=only(), post=only()),
    Door("ideas:comment", "published", get=only(author=200), post=only(author=302)),
    Door("ideas:comment", "young", get=only(young=200), post=only(young=302)),
    Door("ideas:comment", "answer to hidden", get=only(other=200), post=only(other=302)),
    # Not even its author reads a title that is no longer public.
    Door("ideas:comment", "under hidden", get=only(), post=only()),
    Door("ideas:comment", "draft under hidden", get=only(), post=only()),
    Door(
        "ideas:take_comment_away",
        "published",
        get=NO_POST_FOR_MEMBERS,
        post=only_members(author=302),
    ),
    # --- One's own ---
    Door("ideas:edit", "published", get=only_members(author=200), post=only_members(author=302)),
    Door("ideas:edit", "submitted", get=only_members(author=200), post=only_members(author=302)),
    Door("ideas:edit", "returned", get=only_members(author=200), post=only_members(author=302)),
    Door("ideas:edit", "draft", get=only_members(author=302), post=only_members(author=302)),
    Door("ideas:edit", "rejected", get=only_members(author=302), post=only_members(author=302)),
    Door("ideas:edit", "hidden", get=only_members(author=302), post=only_members(author=302)),
    Door("ideas:edit", "double", get=only_members(author=302), post=only_members(author=422)),
    Door("ideas:take_away", "double", get=only_members(author=302), post=only_members(author=302)),
    Door("ideas:edit", "nothing", get=only_members(), post=only_members()),
    Door(
        "ideas:take_away", "published", get=only_members(author=200), post=only_members(author=302)
    ),
    Door("ideas:take_away", "hidden", get=only_members(author=200), post=only_members(author=302)),
    # --- Doing it together ---
    # Who leads it has no help to offer, and nobody under 16 finds the page.
    Door(
        "ideas:offer_help",
        "published",
        get=everyone(200, author=404, other=404, young=404, chair=302),
        post=members(302, author=404, other=404, young=404),
    ),
    *(
        Door("ideas:offer_help", of, get=only(), post=only())
        for of in ("young published", "hidden", "submitted", "draft", "withdrawn", "nothing")
    ),
    Door(
        "ideas:together",
        "published",
        get=only_members(author=200, other=200),
        post=only_members(author=302),
    ),
    *(
        Door("ideas:together", of, get=only_members(), post=only_members())
        for of in ("young published", "hidden", "submitted", "draft", "nothing")
    ),
    Door("ideas:switch_help", "published", get=NO_POST_FOR_MEMBERS, post=only_members(author=302)),
    Door("ideas:switch_help", "hidden", get=NO_POST_FOR_MEMBERS, post=only_members()),
    Door(
        "ideas:withdraw_invitation",
        "open",
        get=NO_POST_FOR_MEMBERS,
        post=only_members(author=302),
    ),
    *(
        Door("ideas:withdraw_invitation", of, get=NO_POST_FOR_MEMBERS, post=only_members())
        for of in ("hidden", "nothing")
    ),
    Door(
        "ideas:end_co_initiator",
        "one",
        get=NO_POST_FOR_MEMBERS,
        post=only_members(author=302, other=302),
    ),
    Door("ideas:end_co_initiator", "nothing", get=NO_POST_FOR_MEMBERS, post=only_members()),
    Door(
        "together:invitation",
        "open",
        get=only_members(resident=200),
        post=only_members(resident=302),
    ),
    Door(
        "together:invitation",
        "to somebody young",
        get=only_members(young=200),
        post=only_members(young=422),
    ),
    # Who accepted it before is led to the idea.
    Door(
        "together:invitation",
        "answered",
        get=only_members(other=302),
        post=only_members(other=302),
    ),
    *(
        Door("together:invitation", of, get=only_members(), post=only_members())
        for of in ("hidden", "nothing")
    ),
    Door("together:overview", get=members(200), post=NO_POST_FOR_MEMBERS),
    Door(
        "together:conversation",
        "open",
        get=only_members(author=200, other=200, chair=200),
        post=only_members(author=302, other=302, chair=302),
    ),
    Door(
        "together:conversation",
        "closed",
        get=only_members(author=200, other=200, messenger=200),
        post=only_members(author=422, other=422, messenger=422),
    ),
    *(
        Door("together:conversation", of, get=only_members(), post=only_members())
        for of in ("hidden", "nothing")
    ),
    Door(
        "together:close",
        "open",
        get=NO_POST_FOR_MEMBERS,
        post=only_members(author=302, other=302, chair=302),
    ),
    Door("together:close", "hidden", get=NO_POST_FOR_MEMBERS, post=only_members()),
    # --- Where help is, after sending a text ---
    *(
        Door(
            "contributions:where_help_is",
            of,
            get=only_members(**readers),
            post=NO_POST_FOR_MEMBERS,
        )
        for of, readers in {
            "published": BY_AUTHOR,
            "submitted": BY_AUTHOR,
            "returned": BY_AUTHOR,
            "rejected": BY_AUTHOR,
            "hidden": BY_AUTHOR,
            "withdrawn": BY_AUTHOR,
            "draft": {},
            "draft in a browser": {},
            "nothing": {},
        }.items()
    ),
    # --- Translations ---
    Door(
        "translations:waiting",
        get=only_members(messenger=200, moderator=200, elsewhere=200),
        post=NO_POST_FOR_MEMBERS,
    ),
    Door(
        "translations:proposed",
        get=only_members(moderator=200, elsewhere=200),
        post=NO_POST_FOR_MEMBERS,
    ),
    Door(
        "translations:proposal",
        "waiting",
        get=only_members(moderator=200),
        post=only_members(moderator=302),
    ),
    Door("translations:proposal", "nothing", **BY_NOBODY),
    *(
        # The page is in the language of the text: no machine has anything to do there.
        Door("translations:show", of, get=everyone(200), post=everyone(422))
        for of in ("published", "comment published", "update published", "official answer")
    ),
    *(
        Door("translations:show", of, get=only(), post=only())
        for of in ("draft", "submitted", "hidden", "withdrawn", "comment under hidden", "nothing")
    ),
    Door("translations:write", "published", get=members(200), post=members(302)),
    *(
        Door("translations:write", of, get=only_members(), post=only_members())
        for of in ("draft", "submitted", "hidden", "withdrawn", "comment under hidden", "nothing")
    ),
    *(
        Door(
            "translations:remove",
            of,
            get=NO_GET_FOR_MEMBERS,
            post=only_members(**readers),
        )
        for of, readers in {"published": {"moderator": 302}, "hidden": {}, "nothing": {}}.items()
    ),
    # --- Reports ---
    *(
        Door("reports:text", of, get=everyone(200), post=everyone(302, **own))
        for of, own in {
            # Who does it together with its author has a part in it. The resident, who reported it
            # before, is led to the receipt.
            "published": {"author": 403, "other": 403},
            "young published": {"young": 403},
            "comment published": {"author": 403},
            "update published": {"young": 403},
            "remark published": {"author": 403},
            "official answer": {"office": 403},
            "report": {"office": 403},
            "response": {"office": 403},
        }.items()
    ),
    *(
        Door("reports:text", of, get=only(), post=only())
        for of in (
            "draft",
            "submitted",
            "returned",
            "rejected",
            "hidden",
            "withdrawn",
            "comment hidden",
            "comment under hidden",
            "update hidden",
            "remark submitted",
            "nothing",
        )
    ),
    Door(
        "reports:picture",
        "published",
        get=everyone(200),
        post=everyone(302, author=403, other=403),
    ),
    *(
        Door("reports:picture", of, get=only(), post=only())
        for of in ("hidden", "submitted", "draft", "waiting", "taken away", "nothing")
    ),
    *(
        Door("reports:receipt", of, get=everyone(200), post=NO_POST)
        for of in ("open", "kept", "upheld")
    ),
    Door("reports:receipt", "nothing", get=only(), post=NO_POST),
    # --- The history of a text ---
    *(
        Door("contributions:history", of, get=only_members(**readers), post=NO_POST_FOR_MEMBERS)
        for of, readers in {
            "published": BY_AUTHOR_OR_MODERATOR,
            "answered": BY_AUTHOR_OR_MODERATOR,
            "submitted": BY_AUTHOR_OR_MODERATOR,
            "returned": BY_AUTHOR_OR_MODERATOR,
            "rejected": BY_AUTHOR_OR_MODERATOR,
            "hidden": BY_AUTHOR_OR_MODERATOR,
            "withdrawn": BY_AUTHOR,
            "draft": {},
            "draft in a browser": {},
            "young submitted": BY_YOUNG_OR_MODERATOR,
            "young published": BY_YOUNG_OR_MODERATOR,
            "of the moderator": {"moderator": 200},
            "comment published": BY_AUTHOR_OR_MODERATOR,
            "comment young": BY_YOUNG_OR_MODERATOR,
            "comment submitted": {"moderator": 200},
            "comment withdrawn": {},
            # It would name an idea that its writer may not see any more.
            "comment under hidden": {"moderator": 200},
            "remark published": BY_AUTHOR_OR_MODERATOR,
            "remark draft": {},
            "official answer": {"moderator": 200, "office": 200},
            "nothing": {},
        }.items()
    ),
    # --- The programme office ---
    Door("ideas:answer", "published", get=only_members(office=200), post=only_members(office=302)),
    # Answered already: the office goes on with that answer, and loses no word of its own.
    Door("ideas:answer", "answered", get=only_members(office=302), post=only_members(office=409)),
    Door("ideas:answer", "hidden", get=only_members(), post=only_members()),
    Door("ideas:change_answer", "answered", **BY_OFFICE),
    Door("ideas:change_answer", "started", **BY_OFFICE),
    Door("ideas:change_answer", "published", **BY_NOBODY),
    Door("ideas:change_answer", "nothing", **BY_NOBODY),
    Door("ideas:begin_work", "answered", get=NO_POST_FOR_MEMBERS, post=only_members(office=302)),
    Door("ideas:begin_work", "published", get=NO_POST_FOR_MEMBERS, post=only_members()),
    *(
        Door(f"ideas:{view}", "started", **BY_OFFICE)
        for view in ("plan_milestone", "milestone", "report", "hand_over")
    ),
    *(
        Door(f"ideas:{view}", "published", **BY_NOBODY)
        for view in ("plan_milestone", "milestone", "report", "hand_over")
    ),
    Door("ideas:merge", "published", get=only_members(office=200), post=only_members(office=302)),
    *(
        Door("ideas:merge", of, get=only_members(), post=only_members())
        for of in ("hidden", "submitted", "draft", "double", "nothing")
    ),
    Door(
        "ideas:undo_merger", "double", get=only_members(office=200), post=only_members(office=302)
    ),
    *(
        Door("ideas:undo_merger", of, get=only_members(), post=only_members())
        for of in ("published", "hidden", "nothing")
    ),
    # One of another idea.
    Door("ideas:milestone", "answered", **BY_NOBODY),
    Door("ideas:milestone", "started/nothing", **BY_NOBODY),
    Door("ideas:hand_over", "hidden", **BY_NOBODY),
    # --- How moderation goes, and what was done by roles ---
    Door("openness:how", get=everyone(200), post=NO_POST),
    Door("openness:figures", get=everyone(200), post=NO_POST),
    # There is no figure of a month that is not over.
    Door("openness:sheet", get=everyone(404), post=NO_POST),
    # Without keys there is no push: tests/notifications/test_push.py turns it on.
    Door("push:on", get=NO_GET_FOR_MEMBERS, post=only_members()),
    Door("push:off", get=NO_GET_FOR_MEMBERS, post=members(204)),
    Door("acts:list", get=only_members(administrator=200), post=NO_POST_FOR_MEMBERS),
    Door("acts:sheet", get=NO_POST_FOR_MEMBERS, post=only_members(administrator=200)),
    # Nobody's here: tests/notifications/test_outbox.py has one that failed tried again.
    Door("outbox:retry", get=NO_GET_FOR_MEMBERS, post=only_members()),
    Door(
        "outbox:retry_kind",
        get=NO_GET_FOR_MEMBERS,
        post=only_members(office=302, administrator=302),
    ),
    *(
        Door(
            f"outbox:{view}",
            get=only_members(office=200, administrator=200),
            post=NO_POST_FOR_MEMBERS,
        )
        for view in ("list", "kinds", "preview", "mail")
    ),
    # Without a token there are no figures: tests/notifications/test_outbox.py sets one.
    Door("metrics", get=only(), post=NO_POST),
    # Off, until somebody sets it: tests/notifications/test_mail_webhook.py does.
    Door("mail_webhook", get=NO_GET, post=only()),
    # --- What was promised ---
    Door("ideas:list_sheet", get=everyone(200), post=NO_POST),
    Door("promises:list", get=everyone(200), post=NO_POST),
    Door("promises:sheet", get=everyone(200), post=NO_POST),
    Door("promises:work", get=only_members(office=200), post=NO_POST_FOR_MEMBERS),
    Door("promises:work_sheet", get=only_members(office=200), post=NO_POST_FOR_MEMBERS),
    # --- Organisations ---
    Door("organisation", "shops", get=everyone(200), post=NO_POST),
    Door("organisation", "council", get=everyone(302), post=NO_POST),
    Door("organisation", "nothing", get=only(), post=NO_POST),
    # --- Figures and what people see ---
    Door("area_sheet", "testwijk", get=everyone(200), post=NO_POST),
    Door("area_sheet", "nergens", get=only(), post=NO_POST),
    Door("area_news", "testwijk", get=everyone(200), post=NO_POST),
    Door("area_news", "nergens", get=only(), post=NO_POST),
    Door("feedback:figure", "testwijk/rondkomen", get=everyone(200), post=NO_POST),
    Door("feedback:figure", "teststad/rondkomen", get=everyone(200), post=NO_POST),
    Door("feedback:figure", "testwijk/buren", get=everyone(200), post=NO_POST),
    Door("feedback:figure", "testwijk/nergens", get=only(), post=NO_POST),
    Door("feedback:figure", "nergens/rondkomen", get=only(), post=NO_POST),
    Door("feedback:answer", "testwijk", get=NO_GET, post=everyone(302)),
    Door("feedback:answer", "teststad", get=NO_GET, post=everyone(409)),
    Door("feedback:answer", "nergens", get=NO_GET, post=only()),
    # Whoever told something already goes on with that.
    Door("feedback:tell", "testwijk/rondkomen", get=everyone(200, author=302), post=members(302)),
    Door("feedback:tell", "testwijk/buren", get=only(), post=only()),
    Door("feedback:tell", "teststad/rondkomen", get=only(), post=only()),
    Door("feedback:make_initiative", "testwijk/rondkomen", get=NO_GET, post=everyone(302)),
    Door("feedback:make_initiative", "testwijk/buren", get=NO_GET, post=only()),
    Door("feedback:remark", "published", get=only(author=200), post=only(author=302)),
    *(
        Door("feedback:remark", of, get=only(), post=only())
        for of in ("draft", "submitted", "returned", "rejected", "hidden", "withdrawn", "nothing")
    ),
    Door(
        "feedback:take_remark_away",
        "published",
        get=NO_POST_FOR_MEMBERS,
        post=only_members(author=302),
    ),
    Door("feedback:take_remark_away", "hidden", get=NO_POST_FOR_MEMBERS, post=only_members()),
    Door(
        "feedback:overview",
        get=only_members(office=200, steering=200),
        post=NO_POST_FOR_MEMBERS,
    ),
    Door(
        "feedback:overview_sheet",
        get=only_members(office=200, steering=200),
        post=NO_POST_FOR_MEMBERS,
    ),
    Door(
        "feedback:respond",
        "testwijk/rondkomen",
        get=only_members(office=200),
        post=only_members(office=302),
    ),
    Door("feedback:response", "one", get=only_members(office=200), post=only_members(office=302)),
    Door("feedback:response", "nothing", get=only_members(), post=only_members()),
    Door("contributions:hint", get=NO_GET_FOR_MEMBERS, post=only_members(office=200)),
    Door("indicators:import", get=only_members(office=200), post=only_members(office=302)),
    Door(
        "indicators:import_run", "one", get=only_members(office=200), post=only_members(office=302)
    ),
    Door("indicators:import_run", "nothing", get=only_members(), post=only_members()),
    Door(
        "indicators:import_refused",
        "one",
        get=only_members(office=200),
        post=NO_POST_FOR_MEMBERS,
    ),
    # --- A council ---
    council_door("council", "", everyone(200)),
    council_door("council", "nowhere", only()),
    council_door("matters", "", everyone(200)),
    council_door("matters", "nowhere", only()),
    council_door("portrait", "other member", everyone(200)),
    # Nobody has agreed, or is no member any more.
    *(council_door("portrait", of, only()) for of in ("chair", "ended", "young", "nothing")),
    *(
        council_door("matter", of, everyone(200), only(council=422, chair=422))
        for of in ("closed", "without quorum", "secret")
    ),
    *(
        council_door("matter", of, only(**COUNCIL), only(**SENT_BY_COUNCIL))
        for of in ("open", "open and secret")
    ),
    council_door("matter", "nothing", only(), only()),
    council_door("open_vote", "", only_members(chair=200), only_members(chair=302)),
    council_door("open_vote", "nowhere", only_members(), only_members()),
    council_door("second_vote", "without quorum", only_members(chair=200), only_members(chair=302)),
    *(
        council_door("second_vote", of, only_members(), only_members())
        for of in ("closed", "open", "nothing")
    ),
    *(
        council_door("minority_view", of, only_members(chair=200), only_members(chair=302))
        for of in ("closed", "secret")
    ),
    *(
        council_door("minority_view", of, only_members(), only_members())
        for of in ("without quorum", "open", "nothing")
    ),
    council_door("for_members", "", only_members(**COUNCIL), NO_POST_FOR_MEMBERS),
    council_door("my_seat", "", only_members(**COUNCIL), only_members(**SENT_BY_COUNCIL)),
    council_door("my_seat", "nowhere", only_members(), only_members()),
    *(
        council_door(view, "", NO_POST_FOR_MEMBERS, only_members(**SENT_BY_COUNCIL))
        for view in ("agree_to_portrait", "withdraw_portrait")
    ),
    council_door("step_down", "", only_members(**COUNCIL), only_members(**SENT_BY_COUNCIL)),
    council_door("members", "", only_members(office=200), NO_POST_FOR_MEMBERS),
    council_door("members", "nowhere", only_members(), NO_POST_FOR_MEMBERS),
    council_door("appoint", "", only_members(office=200), only_members(office=302)),
    *(
        council_door(view, "council", only_members(office=200), only_members(office=302))
        for view in ("membership", "end_membership")
    ),
    *(
        council_door(view, of, only_members(), only_members())
        for view in ("membership", "end_membership")
        for of in ("ended", "nothing")
    ),
    council_door(
        "take_portrait_away", "other member", NO_POST_FOR_MEMBERS, only_members(office=302)
    ),
    council_door("take_portrait_away", "nothing", NO_POST_FOR_MEMBERS, only_members()),
    # --- A council's money ---
    money_door("overview", "", everyone(200)),
    money_door("overview", "nowhere", only()),
    money_door("ledger_sheet", "", everyone(200)),
    money_door("ledger_sheet", "1999", only()),
    money_door("new", "", everyone(200), members(302)),
    money_door("new", "nowhere", only(), only()),
    money_door("deposit", "", only_members(office=200), only_members(office=302)),
    money_door("payments", "", only_members(office=200, chair=200), only_members(office=200)),
    money_door("orders_sheet", "", NO_POST_FOR_MEMBERS, only_members(office=200)),
    money_door("applications", "", only_members(office=200, **COUNCIL), NO_POST_FOR_MEMBERS),
    *(money_door("application", of, everyone(200)) for of in ("granted", "paid", "closed")),
    *(
        money_door("application", of, only(**OF_THE_FILE))
        for of in ("submitted", "returned", "checked", "declined")
    ),
    money_door("application", "hidden", only(moderator=200, **OF_THE_FILE)),
    money_door("application", "draft", only(author=302)),
    money_door("application", "nothing", only()),
    *(
        money_door(view, of, only_members(author=200), only_members(author=302))
        for view in ("plan", "costs", "recipient", "check")
        for of in ("draft", "returned")
    ),
    *(
        money_door(view, "submitted", only_members(), only_members())
        for view in ("plan", "costs", "recipient", "check", "words", "report")
    ),
    money_door("discard", "draft", NO_POST_FOR_MEMBERS, only_members(author=302)),
    money_door("discard", "submitted", NO_POST_FOR_MEMBERS, only_members()),
    money_door("words", "granted", only_members(), only_members()),
    money_door("report", "paid", only_members(author=200), only_members(author=302)),
    money_door("report", "closed", only_members(), only_members()),
    money_door("hand_in_report", "paid", NO_POST_FOR_MEMBERS, only_members(author=302)),
    money_door("hand_in_report", "granted", NO_POST_FOR_MEMBERS, only_members()),
    money_door("act", "granted/akkoord", only_members(author=200), only_members(author=302)),
    money_door("act", "submitted/intrekken", only_members(author=200), only_members(author=302)),
    money_door("act", "checked/in-stemming", only_members(chair=200), only_members(chair=302)),
    money_door("act", "submitted/opzij", only_members(**COUNCIL), only_members(**SENT_BY_COUNCIL)),
    # Secretary and treasurer: tests/budgets/test_deciding.py has every act and every office.
    money_door("act", "submitted/controleren", only_members(), only_members()),
    money_door("act", "submitted/bestaat-niet", only_members(), only_members()),
    money_door("act", "nothing/akkoord", only_members(), only_members()),
    money_door("document", "closed", only_members(**OF_THE_FILE), NO_POST_FOR_MEMBERS),
    money_door("document", "nothing", only_members(), NO_POST_FOR_MEMBERS),
    # --- Reviewing ---
    # --- What was decided about oneself, and another look ---
    Door("decisions:list", get=members(200), post=NO_POST_FOR_MEMBERS),
    *(
        Door("decisions:decision", of, get=only_members(**readers), post=NO_POST_FOR_MEMBERS)
        for of, readers in {
            "returned": BY_AUTHOR,
            "rejected": BY_AUTHOR,
            "hidden": BY_AUTHOR,
            "comment rejected": {},
            # What was decided for somebody needs no page.
            "published": {},
            "nothing": {},
        }.items()
    ),
    Door(
        "decisions:appeal",
        "rejected",
        get=only_members(author=200),
        post=only_members(author=302),
    ),
    # Once: this was asked before.
    Door("decisions:appeal", "hidden", get=only_members(author=409), post=only_members(author=409)),
    Door("decisions:appeal", "published", **BY_NOBODY),
    Door("decisions:appeal", "nothing", **BY_NOBODY),
    *(
        Door("decisions:measure", of, get=only_members(), post=NO_POST_FOR_MEMBERS)
        for of in ("pause", "end", "nothing")
    ),
    *(Door("decisions:appeal_measure", of, **BY_NOBODY) for of in ("pause", "end", "nothing")),
    Door(
        "recording",
        "hidden",
        get=only_members(**BY_AUTHOR_OR_MODERATOR),
        post=NO_POST_FOR_MEMBERS,
    ),
    Door("recording", "nothing", get=only_members(), post=NO_POST_FOR_MEMBERS),
    Door(
        "moderation:appeals",
        get=only_members(moderator=200, elsewhere=200, office=200),
        post=NO_POST_FOR_MEMBERS,
    ),
    Door(
        "moderation:appeal",
        "hidden",
        get=only_members(moderator=200),
        post=only_members(moderator=302),
    ),
    Door("moderation:appeal", "nothing", **BY_NOBODY),
    Door(
        "moderation:claim_appeal",
        "hidden",
        get=NO_POST_FOR_MEMBERS,
        post=only_members(moderator=302),
    ),
    Door("moderation:claim_appeal", "nothing", get=NO_POST_FOR_MEMBERS, post=only_members()),
    Door(
        "moderation:measures",
        get=only_members(moderator=200, elsewhere=200, administrator=200),
        post=NO_POST_FOR_MEMBERS,
    ),
    *(
        Door(
            "moderation:measure",
            of,
            get=only_members(moderator=200, administrator=200),
            # An administrator without a moderator's grant looks on.
            post=only_members(moderator=302, administrator=403),
        )
        for of in ("pause", "end")
    ),
    Door("moderation:measure", "nothing", **BY_NOBODY),
    Door(
        "moderation:agree_measure",
        "end",
        get=NO_POST_FOR_MEMBERS,
        post=only_members(moderator=302, administrator=403),
    ),
    Door("moderation:agree_measure", "nothing", get=NO_POST_FOR_MEMBERS, post=only_members()),
    Door(
        "moderation:queue",
        get=only_members(moderator=200, elsewhere=200, office=200),
        post=NO_POST_FOR_MEMBERS,
    ),
    Door(
        "moderation:waiting",
        get=only_members(moderator=200, elsewhere=200, office=200),
        post=NO_POST_FOR_MEMBERS,
    ),
    # Nothing is chosen, so nothing is decided: it leads back to the queue.
    *(
        Door(
            view,
            get=NO_GET_FOR_MEMBERS,
            post=only_members(moderator=302, elsewhere=302, office=302),
        )
        for view in ("moderation:next", "moderation:together")
    ),
    Door("moderation:undo", get=NO_GET_FOR_MEMBERS, post=only_members()),
    *(
        Door(view, of, get=NO_GET_FOR_MEMBERS, post=only_members(moderator=outcome))
        for view, of, outcome in (
            ("moderation:begin", "submitted", 302),
            ("moderation:begin", "of the moderator", 403),
            ("moderation:put_back", "submitted", 302),
            ("moderation:note", "submitted", 302),
            ("moderation:translate", "submitted", 302),
        )
    ),
    *(
        Door(view, "nothing", get=NO_GET_FOR_MEMBERS, post=only_members())
        for view in (
            "moderation:begin",
            "moderation:put_back",
            "moderation:note",
            "moderation:translate",
        )
    ),
    *(
        Door(
            "moderation:item",
            of,
            get=only_members(moderator=200),
            post=only_members(moderator=302),
        )
        for of in (
            "submitted",
            "published",
            "hidden",
            "young submitted",
            "comment submitted",
            "comment published",
            "comment hidden",
            "comment under hidden",
            "official answer",
            "update submitted",
            "update published",
            "update hidden",
            "update about hidden",
            "double",
            "report",
            "remark submitted",
            "remark published",
            "remark hidden",
            "response",
        )
    ),
    # Nothing is left to decide.
    *(
        Door(
            "moderation:item",
            of,
            get=only_members(moderator=200),
            post=only_members(moderator=422),
        )
        for of in (
            "returned",
            "rejected",
            "comment returned",
            "comment rejected",
            "update returned",
            "update rejected",
            "of the moderator",
            "remark returned",
            "remark rejected",
        )
    ),
    # Its author was first: a decision about it is told so.
    *(
        Door("moderation:item", of, get=only_members(), post=only_members(moderator=409))
        for of in ("withdrawn", "comment withdrawn", "update withdrawn", "remark withdrawn")
    ),
    *(
        Door("moderation:item", of, get=only_members(), post=only_members())
        for of in (
            "draft",
            "empty draft",
            "draft in a browser",
            "comment draft",
            "update draft",
            "remark draft",
            "nothing",
        )
    ),
    # --- Talks of a messenger, and who calls back ---
    Door("tellings:sessions", get=only_members(messenger=200), post=NO_POST_FOR_MEMBERS),
    # One is open already.
    Door("tellings:new", get=only_members(messenger=200), post=only_members(messenger=409)),
    Door(
        "tellings:session",
        "own",
        get=only_members(messenger=200),
        post=only_members(messenger=302),
    ),
    *(
        Door("tellings:session", of, get=only_members(), post=only_members())
        for of in ("of another", "nothing")
    ),
    Door("tellings:slip", "own", get=only_members(messenger=200), post=NO_POST_FOR_MEMBERS),
    *(
        Door("tellings:slip", of, get=only_members(), post=NO_POST_FOR_MEMBERS)
        for of in ("of another", "nothing")
    ),
    *(
        Door(
            f"tellings:{view}",
            "own",
            get=NO_POST_FOR_MEMBERS,
            post=only_members(messenger=302),
        )
        for view in ("close", "reopen")
    ),
    *(
        Door(f"tellings:{view}", "of another", get=NO_POST_FOR_MEMBERS, post=only_members())
        for view in ("close", "reopen")
    ),
    Door(
        "tellings:call_backs",
        get=only_members(messenger=200, moderator=200, elsewhere=200, office=200),
        post=NO_POST_FOR_MEMBERS,
    ),
    Door(
        "tellings:call_back",
        "of another",
        get=only_members(messenger=200, moderator=200, office=200),
        post=only_members(messenger=302, moderator=302, office=302),
    ),
    # Never by who held the talk.
    Door(
        "tellings:call_back",
        "own",
        get=only_members(moderator=200, office=200),
        post=only_members(moderator=302, office=302),
    ),
    Door("tellings:call_back", "nothing", get=only_members(), post=only_members()),
    Door("tellings:by_channel", get=only_members(office=200), post=NO_POST_FOR_MEMBERS),
    # --- Slips: none is held in these browsers (tests/contributions/test_slip_pages.py) ---
    Door("slips:enter", get=everyone(200), post=everyone(422)),
    Door("slips:scanned", "123456789012", get=everyone(200), post=NO_POST),
    Door("slips:scanned", "woord", get=only(), post=NO_POST),
    Door("slips:told", get=everyone(302), post=NO_POST),
    *(
        Door(f"slips:{view}", get=everyone(302), post=everyone(302))
        for view in ("change", "withdraw")
    ),
    Door("slips:claim", get=members(302), post=members(302)),
    Door("slips:leave", get=NO_GET, post=everyone(302)),
    # --- Shared devices; what lies behind is tried in tests/participatie/test_shared_device.py ---
    *(
        Door(f"shared_devices:{view}", get=everyone(404), post=NO_POST)
        for view in ("start", "choose", "thanks", "go_on")
    ),
    Door("shared_devices:stop", get=everyone(404), post=everyone(404)),
    Door(
        "shared_devices:begin",
        get=only_members(messenger=200, office=200),
        post=only_members(messenger=200, office=200),
    ),
    Door("shared_devices:end", "nothing", get=NO_GET_FOR_MEMBERS, post=only_members()),
    Door("shared_devices:end", "shared", get=NO_GET_FOR_MEMBERS, post=only_members(office=302)),
    # --- What people are told, and what they choose of it ---
    Door("notifications:inbox", get=members(200), post=NO_POST_FOR_MEMBERS),
    Door("notifications:open", "own", get=NO_GET_FOR_MEMBERS, post=only_members(author=302)),
    # The resident was told of it, before it was hidden.
    Door("notifications:open", "hidden", get=NO_GET_FOR_MEMBERS, post=only_members()),
    Door("notifications:open", "nothing", get=NO_GET_FOR_MEMBERS, post=only_members()),
    Door("notifications:read", "own", get=NO_GET_FOR_MEMBERS, post=only_members(author=302)),
    Door("notifications:read", "nothing", get=NO_GET_FOR_MEMBERS, post=only_members()),
    Door("notifications:read_all", get=NO_GET_FOR_MEMBERS, post=members(302)),
    Door("notifications:preferences", get=members(200), post=members(302)),
    # By the link of a mail, whoever holds it.
    Door("notifications:preferences_by_mail", "author", get=everyone(200), post=everyone(302)),
    Door("notifications:preferences_by_mail", "nothing", get=only(), post=only()),
    Door("notifications:stop", "author", get=everyone(200), post=everyone(200)),
    Door("notifications:stop", "nothing", get=only(), post=only()),
    Door("notifications:follow", "published", get=everyone(200), post=members(302)),
    Door("notifications:follow", "hidden", get=only(), post=only_members()),
    Door("notifications:follow", "nothing", get=only(), post=only_members()),
    Door("notifications:unfollow", "published", get=NO_GET, post=members(302)),
    Door("notifications:unfollow", "nothing", get=NO_GET, post=only_members()),
    # --- Accounts ---
    Door("accounts:profile", get=members(200), post=members(302)),
    Door("account_login", get=everyone(302, visitor=200, writer=200), post=everyone(302)),
    # Nobody asked for a code in these browsers.
    Door("account_confirm_login_code", get=everyone(302), post=everyone(302)),
    Door(
        "account_login_password",
        get=everyone(302, visitor=200, writer=200),
        post=everyone(302, visitor=200, writer=200),
    ),
    Door(
        "account_card",
        get=everyone(302, visitor=200, writer=200),
        post=everyone(302, visitor=200, writer=200),
    ),
    Door(
        "account_card_first_pin",
        get=everyone(302, visitor=200, writer=200),
        post=everyone(302, visitor=200, writer=200),
    ),
    # Asks first who it is.
    Door("account_change_pin", get=members(302), post=members(302)),
    Door(
        "account_give_card",
        get=only_members(messenger=200, office=200),
        post=only_members(messenger=200, office=200),
    ),
    Door(
        "account_replace_card",
        get=only_members(messenger=200, office=200),
        post=only_members(messenger=200, office=200),
    ),
    Door("account_logout", get=everyone(200, visitor=302, writer=302), post=everyone(302)),
    Door("account_inactive", get=everyone(403), post=everyone(403)),
    Door("account_email", get=members(200), post=members(302)),
    Door("account_confirm_email_change", get=members(302), post=members(302)),
    Door("account_change_password", get=members(302), post=members(302)),
    # Both ask first who it is, and these sessions are not new.
    Door("account_set_password", get=members(302), post=members(302)),
    Door("account_reset_password", get=everyone(200), post=everyone(302)),
    # Nobody is on their way in these browsers, and who is signed in was so for long: they are asked
    # who they are first. tests/accounts/ tries what lies behind.
    Door("account_second_step", get=everyone(302), post=everyone(302)),
    Door("account_passkey", get=NO_GET, post=everyone(302, visitor=200, writer=200)),
    Door("account_passkey_options", get=NO_GET, post=everyone(200)),
    Door("account_confirm_who", get=members(200), post=members(200)),
    Door("account_safety", get=members(200), post=NO_POST_FOR_MEMBERS),
    Door("account_add_app", get=members(302), post=members(302)),
    Door("account_remove_app", get=NO_POST_FOR_MEMBERS, post=members(302)),
    Door("account_add_passkey", get=members(302), post=members(302)),
    Door("account_remove_passkey", get=NO_POST_FOR_MEMBERS, post=members(302)),
    Door("account_recovery_codes", get=members(302), post=members(302)),
    Door("account_end_device", get=NO_POST_FOR_MEMBERS, post=members(302)),
    Door("account_end_devices", get=NO_POST_FOR_MEMBERS, post=members(302)),
    # There is no other sign-in where the settings name none.
    Door("account_openid", get=NO_GET, post=everyone(404)),
    Door("account_openid_address", get=everyone(302), post=everyone(302)),
    Door("account_openid_unlink", get=NO_POST_FOR_MEMBERS, post=members(302)),
]

WHAT = {"title": "Een bank op het plein", "text": "Er is geen plek om te zitten.", "language": "nl"}
PERSON = {"display_name": "Buur", "kind": "resident", "age_band": "27-54"}
PASSWORD = "vier losse woorden samen"
CHOICES = {
    "pace": "about_me",
    "letter_day": "0",
    "letter_hour": "9",
    "quiet_from": "22",
    "quiet_until": "7",
    "language": "nl",
}


def where_data(town: Neighbourhood) -> dict[str, Any]:
    theme = town.initiatives["published"].theme
    assert theme is not None
    return {"area": town.here.pk, "theme": theme.pk}


DECISIONS = {
    "submitted": "publish",
    "young submitted": "publish",
    "comment submitted": "publish",
    "published": "accept_revision",
    "hidden": "restore",
    "comment hidden": "restore",
    "comment published": "keep",
    "comment under hidden": "hide",
    "official answer": "hide",
    "update submitted": "publish",
    "update published": "hide",
    "update hidden": "restore",
    "update about hidden": "hide",
    "double": "hide",
    "report": "hide",
    "remark submitted": "publish",
    "remark published": "keep",
    "remark hidden": "restore",
    "response": "hide",
}


def decision_data(town: Neighbourhood, of: str) -> dict[str, Any]:
    if of == "nothing":
        return {"decision": "publish"}
    rule = contribution_of(town.dossier("hidden")).dossier.decisions.exclude(rule=None).last()
    return {
        "decision": DECISIONS.get(of, "publish"),
        "seen": version_of(contribution_of(town.dossier(of))),
        "reason": "Zo kan het niet.",
        "rule": rule.rule_id if rule else "",
    }


def council_form(town: Neighbourhood, door: Door) -> dict[str, Any]:
    assert town.council is not None
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    closing = {"closes_date": str(tomorrow), "closes_time": "20:00"}
    forms: dict[str, dict[str, Any]] = {
        "matter": {"choice": "agree"},
        "open_vote": {**closing, "question": "Doen we dit?", "kind": "general", "language": "nl"},
        "second_vote": closing,
        "minority_view": {"text": "Wij wilden iets anders.", "language": "nl"},
        "my_seat": {"first_name": "Sam"},
        "agree_to_portrait": {"picture": scenes.picture_file(), "agrees": "on"},
        "membership": {"office": "member"},
        "end_membership": {"reason": "Verhuisd."},
        "appoint": {
            "email": town.people["resident"].email,
            "first_name": "Sam",
            "office": "mentor",
            "term": town.council.terms.get().pk,
        },
    }
    return forms.get(door.view.partition(":")[2], {})


def money_form(town: Neighbourhood, door: Door) -> dict[str, Any]:
    day = timezone.localdate()
    forms: dict[str, dict[str, Any]] = {
        "deposit": {
            "cents": "100",
            "note": "Besluit",
            "key": str(NO_SUCH_KEY),
            "year": day.year,
        },
        "payments": {"file": SimpleUploadedFile("betaald.csv", b"order;amount;reference;date\r\n")},
        "plan": {
            "title": "Plan",
            "what": "Iets leuks.",
            "area": town.here.pk,
            "starts_date": str(day),
            "ends_date": str(day),
            "language": "nl",
        },
        "costs": {"description_1": "Ballen", "amount_1": "20"},
        "recipient": {
            "recipient": "organisation",
            "recipient_name": "Stichting Plein",
            "recipient_email": "plein@voorbeeld.test",
        },
        "report": {"did": "Gespeeld.", "met": "Dertig kinderen.", "learned": "Meer water."},
        "granted/akkoord": {},
        "checked/in-stemming": {
            "cents": "100",
            "closes_on": str(day + datetime.timedelta(days=1)),
            "closes_time": "20:00",
        },
        "submitted/opzij": {"ground": "household"},
    }
    name = door.view.partition(":")[2]
    found = dict(forms.get(door.of if name == "act" else name, {}))
    if name == "act" and "opzij" in door.of:
        # Of the chair it is asked who steps aside.
        found["person_aside"] = town.memberships["other member"].pk
    return found


def seen_answer(town: Neighbourhood, of: str) -> str:
    """Return the version of the answer that stands under an initiative, if there is one."""
    found = OfficialAnswer.objects.filter(initiative=town.initiatives.get(of)).first()
    return version_of_answer(found) if found else ""


def good_form(town: Neighbourhood, door: Door, role: str) -> dict[str, Any]:
    """Return what a good form for a door holds; nobody's mailbox is used twice."""
    mailbox = {"email": f"new.{role}@buurten.example"}
    comment = {"text": "Goed idee!", "language": "nl"}
    forms: dict[str, dict[str, Any]] = {
        "ideas:new": WHAT,
        "ideas:draft_what": WHAT,
        "ideas:draft_where": where_data(town),
        "ideas:draft_who": PERSON,
        "ideas:edit": {**WHAT, **where_data(town)},
        "ideas:comments": comment,
        "ideas:comment": comment,
        "ideas:answer": {"outcome": "adopted", "text": "Dit gaan we doen.", "language": "nl"},
        "ideas:together": {"email": "iemand@voorbeeld.test"},
        "ideas:switch_help": {"offers": "no"},
        "ideas:offer_help": comment,
        "together:conversation": comment,
        "together:invitation": {"answer": "yes"},
        "ideas:write_news": comment,
        "ideas:update": comment,
        "ideas:merge": {
            "met": town.initiatives["young published"].pk,
            "reason": "Hetzelfde idee.",
        },
        "ideas:plan_milestone": {"title": "Het begint", "planned_date": SOON, "language": "nl"},
        "ideas:report": {**comment, "closes": ""},
        "accounts:profile": {**PERSON, "area": town.here.pk, "language": "nl"},
        "feedback:answer": {
            "answer": "rondkomen.recognition.yes",
            "quarter": str(quarter_at(timezone.now())),
        },
        "feedback:tell": {**comment, "recognition": "yes"},
        "feedback:remark": comment,
        "feedback:respond": {
            "heard": "Dit hoorden we.",
            "state": "not",
            "not_doing": "Er is geen geld.",
            "language": "nl",
        },
        "feedback:response": {"state": "doing"},
        "contributions:hint": {"staff_text": "text", "text": "Dit doen we."},
        "indicators:import": {
            "file": SimpleUploadedFile("a.csv", b"indicator,area,period,value\n")
        },
        "indicators:import_run": {"added": "1", "changed": "0"},
        "messengers:question": {"text": "Zij zoeken een huis.", "language": "nl"},
        "messengers:ask": {
            "text": "Wie kent jonge Bulgaren?",
            "language": "nl",
            "starts_date": str(timezone.localdate()),
            "ends_date": SOON,
        },
        "tellings:new": {"place": "Een keuken", "language": "pl", "area": town.here.pk},
        "tellings:call_back": {"outcome": "confirmed"},
        "slips:enter": {"code": "1234 5678 9012"},
        "decisions:appeal": {"words": "Dat was een citaat."},
        "moderation:measure": {"reason": "Het is uitgepraat."},
        "moderation:note": {"note": "Kijk even mee."},
        "leave": {"texts": "stay"},
        "notifications:read_all": {"up_to": "1"},
        "notifications:preferences": CHOICES,
        "notifications:preferences_by_mail": CHOICES,
        "posters:ask": {"sheet": "cards", "languages": ["nl", "ar"]},
        "translations:proposal": {"decision": "agree"},
        "reports:text": {"category": "spam"},
        "reports:picture": {"category": "picture"},
        "account_login": mailbox,
        "account_reset_password": mailbox,
        "account_email": mailbox,
        "account_login_password": {**mailbox, "password": PASSWORD},
        "account_set_password": {"password": PASSWORD},
    }
    if door.view == "tellings:session":
        return {
            **WHAT,
            "theme": where_data(town)["theme"],
            "key": f"door-of-{role}-{'x' * 20}",
            "agrees": "on",
        }
    if door.view == "ideas:change_answer":
        return {**forms["ideas:answer"], "text": "Toch wel.", "seen": seen_answer(town, door.of)}
    if door.view == "ideas:milestone":
        return {"state": "under_way", "planned_date": town.milestone.planned_date, "seen": "1"}
    if door.view == "ideas:hand_over":
        return {"department": Department.objects.get(name="Blauw").pk}
    if door.view == "translations:write":
        return {
            "language": "pl",
            "title": "Ławka",
            "text": "Ławka na placu",
            "seen": digest_of(contribution_of(town.dossier("published"))),
        }
    if door.view == "moderation:appeal" and door.of == "hidden":
        return {
            "outcome": "granted",
            "reason": "Je had gelijk.",
            "words_language": "nl",
            "seen": version_of(contribution_of(town.dossier("hidden"))),
        }
    if door.view == "moderation:item":
        return decision_data(town, door.of)
    if door.view.startswith("jongerenraad:"):
        return council_form(town, door)
    if door.view.startswith("budgets:"):
        return money_form(town, door)
    return forms.get(door.view, {})


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: Any) -> Iterator[Neighbourhood]:
    with django_db_blocker.unblock(), undone(), stand_ins.declared():
        yield build()


@pytest.fixture(autouse=True)
def refusals_without_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer a refusal with its number alone: two of three answers here are one.

    What is said with it is read in tests/test_house.py, and by strangers in tests/test_leaks.py.
    """

    def number_alone(_request: HttpRequest, *, status: int, **_words: str) -> HttpResponse:
        return HttpResponse(status=status)

    monkeypatch.setattr(errors, "_page", number_alone)


def outcome_of(response: HttpResponseBase) -> Outcome:
    return SIGN_IN if leads_to_sign_in(response) else response.status_code


@pytest.mark.parametrize("door", DOORS, ids=str)
def test_the_door_opens_for_whom_the_table_says_and_for_nobody_else(
    town: Neighbourhood, door: Door
) -> None:
    address = town.address(door.view, door.of)
    met: dict[str, Outcomes] = {"GET": {}, "POST": {}}
    for role in ROLES:
        with undone():
            met["GET"][role] = outcome_of(town.client(role).get(address))
        if door.post == NO_POST and role not in FEW:
            continue
        with undone():
            response = town.client(role).post(
                address, good_form(town, door, role), headers={"Origin": "http://testserver"}
            )
            met["POST"][role] = outcome_of(response)
    assert met["GET"] == door.get
    assert met["POST"] == {role: door.post[role] for role in met["POST"]}


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_no_door_opens_for_other_methods(town: Neighbourhood, method: str) -> None:
    for door in DOORS:
        with undone():
            response = town.client("moderator").generic(method, town.address(door.view, door.of))
        assert response.status_code in (403, 404, 405), str(door)


def named_views(patterns: list[Any], namespace: str = "") -> Iterator[str]:
    """Yield the name of every view of the address book, the admin's left out."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace == "admin":
                continue
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from named_views(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            assert pattern.name, f"{pattern} needs a name, to stand in the table of doors."
            yield f"{namespace}{pattern.name}"


def test_every_address_stands_in_the_table_and_every_row_has_an_address() -> None:
    assert {door.view for door in DOORS} == set(named_views(get_resolver().url_patterns))
    for door in DOORS:
        assert set(door.get) == set(door.post) == set(ROLES), str(door)
    assert len({str(door) for door in DOORS}) == len(DOORS)


# --- The admin: for whom it opens at all, and what in it for which role ---

#: What may be done with each model there, by role; who is not named may do nothing.
ADMIN: dict[str, dict[str, set[str]]] = {
    "accounts.organisation": {
        "administrator": {"changelist", "add", "change", "history"},
        "office": {"changelist", "add", "change", "history"},
    },
    "accounts.organisationgrant": {
        "administrator": {"changelist", "add", "change", "history"},
        "office": {"changelist", "add", "change", "history"},
    },
    "accounts.user": {"administrator": {"changelist", "change", "history"}},
    "accounts.rolegrant": {"administrator": {"changelist", "add", "change", "history"}},
    "contributions.nomachine": {
        "administrator": {"changelist", "add", "change", "delete", "history"},
        "office": {"changelist", "add", "change", "delete", "history"},
    },
    "areas.area": {
        "administrator": {"changelist", "add", "change", "history"},
        "office": {"changelist", "add", "change", "history"},
    },
    "budgets.fund": {"office": {"changelist", "add", "change", "history"}},
    "indicators.theme": {"office": {"changelist", "add", "change", "delete", "history"}},
    "indicators.targetgroup": {"office": {"changelist", "add", "change", "delete", "history"}},
    "indicators.budgetline": {"office": {"changelist", "add", "change", "delete", "history"}},
    "indicators.indicator": {"office": {"changelist", "add", "change", "history"}},
    "participatie.departure": {"administrator": {"changelist", "change", "history"}},
    "ideas.department": {"office": {"changelist", "add", "change", "history"}},
    "areas.borderimport": {"office": {"changelist", "change", "history"}},
    "indicators.measurement": {"office": {"changelist", "add", "change", "delete", "history"}},
    "indicators.target": {"office": {"changelist", "add", "change", "delete", "history"}},
    "indicators.intervention": {"office": {"changelist", "add", "change", "delete", "history"}},
    "jongerenraad.council": {"office": {"changelist", "add", "change", "history"}},
    "jongerenraad.term": {"office": {"changelist", "add", "change", "history"}},
    "jongerenraad.seat": {"office": {"changelist", "add", "change", "history"}},
    "contributions.hardtext": {
        "administrator": {"changelist", "change", "history"},
        "office": {"changelist", "change", "history"},
    },
    "contributions.houserule": {"office": {"changelist", "add", "change", "history"}},
    "contributions.wordlist": {"office": {"changelist", "add", "change", "history"}},
    "contributions.policyword": {
        "office": {"changelist", "add", "change", "delete", "history"},
    },
    "contributions.savedreply": {
        "office": {"changelist", "add", "change", "delete", "history"},
    },
    "participatie.page": {"office": {"changelist", "add", "change", "history"}},
    # Came with Django and allauth, and open for nobody.
    "auth.group": {},
    "account.emailaddress": {},
    "mfa.authenticator": {},
}
#: Records only grow: one is read on its page and never changed there.
READ_ONLY = {
    ("accounts.rolegrant", "change"),
    ("accounts.organisationgrant", "change"),
    ("areas.borderimport", "change"),
    ("contributions.hardtext", "change"),
    ("participatie.departure", "change"),
}
STAFF = ("office", "administrator")
#: Who knocks at every page of it; that the rest come no further than its door is tested below.
KNOCKING = (*STAFF, "visitor", "author", "moderator")
ADMIN_PAGES = ("changelist", "add", "change", "delete", "history")

#: The pages of the admin that are about no model.
ADMIN_DOORS: dict[str, Outcomes] = {
    "": everyone(302, office=200, administrator=200),
    "jsi18n/": everyone(302, office=200, administrator=200),
    "login/": everyone(403, visitor=SIGN_IN, writer=SIGN_IN, office=302, administrator=302),
    "autocomplete/": everyone(302, office=403, administrator=403),
    "accounts/": everyone(302, office=200, administrator=200),
    "indicators/": everyone(302, office=200, administrator=404),
    "bestaat-niet/": everyone(302, office=404, administrator=404),
}


def test_every_model_of_the_admin_stands_in_the_table() -> None:
    assert set(ADMIN) == {model._meta.label_lower for model in admin.site._registry}


@pytest.mark.parametrize("label", ADMIN)
def test_the_admin_shows_a_model_to_whom_the_table_says(town: Neighbourhood, label: str) -> None:
    model = next(m for m in admin.site._registry if m._meta.label_lower == label)
    if not model._default_manager.exists():
        _make_one(model, town)
    expected, met = {}, {}
    for page in ADMIN_PAGES:
        for role in KNOCKING:
            with undone():
                response = town.client(role).get(town.admin_address(model, page))
            met[page, role] = response.status_code
            if role in STAFF:
                allowed = page in ADMIN[label].get(role, set())
                expected[page, role] = 200 if allowed else 403
            else:
                expected[page, role] = 302
    assert met == expected


@pytest.mark.parametrize("label", ADMIN)
def test_the_admin_writes_a_model_for_whom_the_table_says(town: Neighbourhood, label: str) -> None:
    model = next(m for m in admin.site._registry if m._meta.label_lower == label)
    if not model._default_manager.exists():
        _make_one(model, town)
    for page in ("add", "change", "delete"):
        for role in KNOCKING:
            with undone():
                response = town.client(role).post(town.admin_address(model, page), {})
            if role not in STAFF:
                assert response.status_code == 302, (page, role)
                assert "?next=" in response["Location"]
            elif page in ADMIN[label].get(role, set()) and (label, page) not in READ_ONLY:
                # What is missing is asked for again, or it is confirmed once more.
                assert response.status_code in (200, 302), (page, role)
            else:
                assert response.status_code == 403, (page, role)


#: What a row of a model needs, where that is more than a name and nothing of the neighbourhood.
ROWS: dict[str, dict[str, Any]] = {
    "targetgroup": {"name": "Iets", "slug": "iets"},
    "nomachine": {"kind": "comment"},
    "borderimport": {"source": "wijken.json", "year": 2025},
    "organisation": {"name": "Iets", "kind": "organisation"},
    "wordlist": {"language": "nl", "purpose": "rude"},
    "policyword": {"language": "nl", "word": "conform", "instead": "volgens"},
    "savedreply": {"title": "Iets", "text": "Iets."},
}


def _make_one(model: Any, town: Neighbourhood) -> None:
    """Make a row of a model that the neighbourhood has none of."""
    fields = dict(ROWS.get(model._meta.model_name, {"name": "Iets"}))
    if model._meta.model_name == "intervention":
        fields |= {"theme": town.initiatives["published"].theme, "number": 1}
    elif model._meta.model_name == "budgetline":
        fields |= {"theme": town.initiatives["published"].theme, "number": 1, "amount_cents": 1}
    elif model._meta.model_name == "target":
        fields = {"indicator": scenes.indicator(), "area": town.here, "year": 2028, "value": 1}
    elif model._meta.model_name == "departure":
        fields = {"person": town.people["author"], "texts_stay": True}
    elif model._meta.model_name == "hardtext":
        fields = {
            "dossier": town.dossier("answered"),
            "act": "ideas.answer",
            "language": "nl",
            "words_in_sentence": 20,
            "letters_in_word": 8,
            "reason": "Zo staat het in de wet.",
            "written_by": town.people["office"],
        }
    elif model._meta.model_name == "organisationgrant":
        fields = {
            "user": town.people["author"],
            "organisation": town.organisation,
            "granted_by": town.people["office"],
        }
    elif model._meta.model_name == "authenticator":
        fields = {"user": town.people["author"], "type": "totp", "data": {}}
    model._default_manager.create(**fields)


@pytest.mark.parametrize("path", ADMIN_DOORS)
def test_the_admin_opens_for_staff_alone(town: Neighbourhood, path: str) -> None:
    met = {}
    for role in ROLES:
        with undone():
            met[role] = outcome_of(town.client(role).get(f"/nl/beheer/{path}"))
    assert met == ADMIN_DOORS[path]


@pytest.mark.parametrize("role", [role for role in ROLES if role not in (*STAFF, *NOT_SIGNED_IN)])
def test_who_has_no_business_in_the_admin_is_told_so(town: Neighbourhood, role: str) -> None:
    response = town.client(role).get("/nl/beheer/", follow=True)
    assert response.status_code == 403


@pytest.mark.parametrize("role", STAFF)
def test_the_admin_leads_to_no_text_that_one_may_not_see(town: Neighbourhood, role: str) -> None:
    for thing in (*town.initiatives.values(), *town.comments.values(), town.answer):
        response = town.client(role).get(town.shortcut(thing))
        assert response.status_code == 404, thing


@pytest.mark.parametrize("role", STAFF)
def test_the_admin_has_no_password_form_of_its_own_that_counts_no_attempts(
    town: Neighbourhood, role: str
) -> None:
    for path in ("password_change/", "password_change/done/"):
        for response in (
            town.client(role).get(f"/nl/beheer/{path}"),
            town.client(role).post(f"/nl/beheer/{path}", {"old_password": "gok"}),
        ):
            assert response.status_code == 302
            assert response["Location"] == "/nl/account/wachtwoord/"
