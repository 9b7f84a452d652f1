"""One neighbourhood with every role and a text in every state, for tests that try every door.

Each secret has a word of its own (``zq…``) that stands nowhere else: finding it on a page says what
leaked. It is built once for a module, in a transaction that is undone.
"""

import copy
import datetime
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Organisation, Role, User
from areas.models import Area
from budgets.models import Application, Document
from contributions import actions as review
from contributions import audio
from contributions.drafts import SESSION_KEY
from contributions.models import (
    Appeal,
    AssistedSession,
    Contribution,
    Dossier,
    Measure,
    Picture,
    Report,
    Revision,
    SpokenText,
    Status,
    Telling,
    Translation,
)
from contributions.pictures import Encoded, NewPicture, encode, make_sizes
from contributions.recordings import keep_spoken, listen_to
from contributions.translations import digest_of
from feedback.models import Remark, Response
from ideas import actions
from ideas.models import (
    CoInitiator,
    Comment,
    Department,
    HelpOffer,
    Initiative,
    Invitation,
    Milestone,
    OfficialAnswer,
    ProgressReport,
    Update,
)
from indicators.actions import try_import
from indicators.models import ImportRun
from jongerenraad.actions import members as seats
from jongerenraad.actions.portraits import agree_to_portrait
from jongerenraad.models import Council, Matter, Membership
from notifications import tokens
from notifications.models import Event, Notification
from participatie import messengers
from participatie.models import MessengerRequest, Page, TakeOut
from participatie.posters.asking import ask_for
from participatie.posters.making import make
from participatie.posters.models import Poster
from participatie.posters.subjects import INITIATIVE
from participatie.privacy.making import make_take_out
from participatie.privacy.taking_out import ask_take_out
from participatie.shared_devices import devices as shared_devices
from participatie.shared_devices.models import SharedDevice
from tests import councils, money, scenes, talks
from tests.jongerenraad import voting

#: Who stands at the door. A ``writer`` is a visitor whose browser holds a draft.
ROLES = (
    "visitor",
    "writer",
    "resident",
    "author",
    "other",
    "young",
    "messenger",
    "elsewhere",
    "moderator",
    "council",
    "chair",
    "office",
    "steering",
    "administrator",
)
NOT_SIGNED_IN = ("visitor", "writer")
PAGES = ("zo-werkt-het", "huisregels", "privacy", "toegankelijkheid", "contact", "hulp")
DRAFT_KEY = "k" * 43
#: The part of the map that holds all of it.
EVERYWHERE = "box=-180,-90,180,90&zoom=0"
#: About what belongs to nobody here: tests beside the features try what belongs to others.
NOBODYS = {
    "account_remove_passkey": "pk",
    "account_end_device": "pk",
    "moderation:undo": "decision_pk",
}
NO_SUCH_KEY = uuid.UUID("12345678-1234-4234-8234-123456789abc")


def words_of(state: str) -> dict[str, str]:
    """Return a word for each field of a text that exists nowhere else."""
    return {
        name: f"zq{state}{name}" for name in ("title", "text", "help", "address", "picture", "name")
    }


@dataclass
class Neighbourhood:
    """What stands there, by name."""

    here: Area
    there: Area
    people: dict[str, User] = field(default_factory=dict)
    shared_device: SharedDevice | None = None
    initiatives: dict[str, Initiative] = field(default_factory=dict)
    comments: dict[str, Comment] = field(default_factory=dict)
    updates: dict[str, Update] = field(default_factory=dict)
    pictures: dict[str, Picture] = field(default_factory=dict)
    answer: OfficialAnswer | None = None
    milestone: Milestone | None = None
    report: ProgressReport | None = None
    department: Department | None = None
    remarks: dict[str, Remark] = field(default_factory=dict)
    response: Response | None = None
    run: ImportRun | None = None
    council: Council | None = None
    organisation: Organisation | None = None
    memberships: dict[str, Membership] = field(default_factory=dict)
    matters: dict[str, Matter] = field(default_factory=dict)
    applications: dict[str, Application] = field(default_factory=dict)
    take_out: TakeOut | None = None
    posters: dict[str, Poster] = field(default_factory=dict)
    invitations: dict[str, Invitation] = field(default_factory=dict)
    joined: CoInitiator | None = None
    reports: dict[str, Report] = field(default_factory=dict)
    offers: dict[str, HelpOffer] = field(default_factory=dict)
    talks: dict[str, AssistedSession] = field(default_factory=dict)
    tellings: dict[str, Telling] = field(default_factory=dict)
    appeals: dict[str, Appeal] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)
    spoken: dict[str, SpokenText] = field(default_factory=dict)
    questions: dict[str, MessengerRequest] = field(default_factory=dict)
    proposal: Translation | None = None
    notifications: dict[str, Notification] = field(default_factory=dict)
    _cookies: dict[str, Any] = field(default_factory=dict)

    def client(self, role: str, **options: Any) -> Client:
        """Return a browser in which somebody is signed in; what it does never reaches the next."""
        client = Client(raise_request_exception=False, **options)
        client.cookies = copy.deepcopy(self._cookies[role])
        return client

    def sign_everybody_in(self) -> None:
        for role in ROLES:
            first = Client()
            if role == "writer":
                session = first.session
                session[SESSION_KEY] = DRAFT_KEY
                session.save()
            elif role in self.people:
                first.force_login(self.people[role])
            self._cookies[role] = first.cookies

    def dossier(self, name: str) -> Dossier:
        """Return the dossier of an initiative, a comment (``comment …``) or the answer."""
        thing: Contribution | None
        if name == "official answer":
            thing = self.answer
        elif name == "response":
            thing = self.response
        elif name == "report":
            thing = self.report
        elif name.startswith("remark "):
            thing = self.remarks[name.removeprefix("remark ")]
        elif name.startswith("update "):
            thing = self.updates[name.removeprefix("update ")]
        elif name.startswith("comment "):
            thing = self.comments[name.removeprefix("comment ")]
        else:
            thing = self.initiatives[name]
        assert thing is not None
        return Dossier.objects.get(pk=thing.dossier_id)

    def address(self, view: str, of: str = "", language: str = "nl") -> str:
        """Return the address of a view for what it shows here."""
        with translation.override(language):
            if view == "ideas:map_points":
                return f"{reverse(view)}?{EVERYWHERE if of else ''}"
            return reverse(view, kwargs=self._arguments(view, of))

    def _arguments(self, view: str, of: str) -> dict[str, Any]:
        rooms = {
            "feedback": self._arguments_about_figures,
            "ideas": self._arguments_of_ideas,
            "indicators": self._arguments_about_figures,
            "jongerenraad": self._arguments_of_councils,
            "budgets": self._arguments_of_money,
            "take_out_file": self._arguments_of_take_outs,
            "paper": self._arguments_of_posters,
            "posters": self._arguments_of_posters,
            "tellings": self._arguments_of_talks,
            "slips": lambda _view, of: {"code": of} if of else {},
            "shared_devices:end": self._arguments_of_devices,
            "decisions": self._arguments_of_decisions,
            "recording": self._arguments_of_decisions,
            "moderation:appeal": self._arguments_of_decisions,
            "moderation:claim_appeal": self._arguments_of_decisions,
            "moderation:measure": self._arguments_of_decisions,
            "moderation:agree_measure": self._arguments_of_decisions,
            "spoken": self._arguments_of_recordings,
            "contributions:take_recording_away": self._arguments_of_recordings,
            "sitemap_initiatives": lambda _view, _of: {"number": 0},
            "home_screen_icon": lambda _view, _of: {"size": 192},
            "notifications": self._arguments_about_telling,
            "outbox:retry": lambda _view, _of: {"channel": "mail", "pk": 10**9},
            "outbox:retry_kind": lambda _view, _of: {"channel": "mail", "kind": "initiative_new"},
            "outbox:preview": lambda _view, _of: {"kind": "letter", "shown_in": "nl"},
            "outbox:mail": lambda _view, _of: {"kind": "letter", "shown_in": "nl"},
            "messengers": lambda _view, of: (
                {"pk": getattr(self.questions.get(of), "pk", 10**9)} if of else {}
            ),
            "together": self._arguments_together,
            "translations": self._arguments_of_translations,
            "ideas:withdraw_invitation": self._arguments_together,
            "ideas:end_co_initiator": self._arguments_together,
        }
        arguments_of = rooms.get(view, rooms.get(view.partition(":")[0]))
        if arguments_of is not None and view != "feedback:answer":
            return arguments_of(view, of)
        if view in NOBODYS:
            return {NOBODYS[view]: 10**9}
        match view:
            case "picture":
                name, _slash, width = of.partition("/")
                key = NO_SUCH_KEY if name == "nothing" else self.pictures[name].key
                return {"key": key, "width": int(width)}
            case "area" | "page" | "area_sheet" | "area_news" | "feedback:answer":
                return {"slug": of}
            case "organisation":
                assert self.council is not None
                known = {"shops": self.organisation, "council": self.council.organisation}
                return {"pk": getattr(known.get(of), "pk", 10**9)}
            case "short" | "code":
                return {"pk": 10**9 if of == "nothing" else self.initiatives[of].pk}
            case "reports:receipt":
                return {"token": self.reports[of].token if of in self.reports else "nothing"}
            case "reports:picture":
                known = self.pictures.get(of)
                return {"key": known.key if known else NO_SUCH_KEY}
            case (
                "moderation:item"
                | "moderation:translate"
                | "moderation:begin"
                | "moderation:put_back"
                | "moderation:note"
                | "contributions:history"
                | "contributions:where_help_is"
                | "contributions:speak"
                | "reports:text"
            ):
                return {"dossier_pk": 10**9 if of == "nothing" else self.dossier(of).pk}
        return {}

    def _arguments_of_decisions(self, view: str, of: str) -> dict[str, Any]:
        if not of:
            return {}
        appeal = self.appeals.get(of)
        if view == "recording":
            return {"key": appeal.key if appeal else NO_SUCH_KEY}
        if view in ("decisions:decision", "decisions:appeal"):
            decided = None if of == "nothing" else self.dossier(of).decisions.last()
            return {"pk": decided.pk if decided else 10**9}
        found = appeal if "appeal" in view and "measure" not in view else self.measures.get(of)
        return {"pk": found.pk if found else 10**9}

    def _arguments_of_recordings(self, view: str, of: str) -> dict[str, Any]:
        one = self.spoken.get(of)
        found = {"key": one.key if one else NO_SUCH_KEY}
        if view == "spoken":
            return found
        return {**found, "dossier_pk": one.dossier_id if one else 10**9}

    def _arguments_of_talks(self, view: str, of: str) -> dict[str, Any]:
        if view == "tellings:call_back":
            return {"pk": getattr(self.tellings.get(of), "pk", 10**9)}
        if not of:
            return {}
        found = {"pk": getattr(self.talks.get(of), "pk", 10**9)}
        if view == "tellings:slip":
            found["telling_pk"] = getattr(self.tellings.get(of), "pk", 10**9)
        return found

    def _arguments_of_translations(self, view: str, of: str) -> dict[str, Any]:
        if view == "translations:proposal":
            return {"pk": getattr(self.proposal, "pk", 0) if of == "waiting" else 10**9}
        if not of:
            return {}
        return {"dossier_pk": 10**9 if of == "nothing" else self.dossier(of).pk}

    def _arguments_together(self, view: str, of: str) -> dict[str, Any]:
        initiative = self.initiatives["published"]
        on_its_page = {"pk": initiative.pk, "slug": initiative.address_slug}
        invitation = self.invitations.get(of)
        if view == "together:invitation":
            return {"token": invitation.token if invitation else "x.y"}
        if view == "ideas:withdraw_invitation":
            return {**on_its_page, "invitation_pk": getattr(invitation, "pk", 10**9)}
        if view == "ideas:end_co_initiator":
            number = self.joined.pk if self.joined and of == "one" else 10**9
            return {**on_its_page, "joined_pk": number}
        return {"pk": getattr(self.offers.get(of), "pk", 10**9)} if of else {}

    def _arguments_of_ideas(self, view: str, of: str) -> dict[str, Any]:
        reactions: dict[str, tuple[dict[str, Any], str]] = {
            "ideas:comment": (self.comments, "comment_pk"),
            "ideas:take_comment_away": (self.comments, "comment_pk"),
            "ideas:update": (self.updates, "update_pk"),
            "ideas:take_update_away": (self.updates, "update_pk"),
        }
        if view in reactions:
            things, name = reactions[view]
            initiative = things[of].initiative
            return {
                "pk": initiative.pk,
                "slug": initiative.address_slug,
                name: things[of].pk,
            }
        if view.startswith("ideas:draft_") or view == "ideas:discard":
            return {"pk": self.initiatives[of].pk}
        if not of:
            return {}
        if of == "nothing":
            return {"pk": 10**9, "slug": "x"}
        # An address with another title must not lead to the present one either.
        name, _slash, slug = of.partition("/")
        return {
            "pk": self.initiatives[name].pk,
            "slug": slug or self.initiatives[name].address_slug,
            **self._milestone_of(view, slug),
        }

    def _milestone_of(self, view: str, which: str) -> dict[str, Any]:
        if view != "ideas:milestone":
            return {}
        return {"milestone_pk": 10**9 if which else getattr(self.milestone, "pk", 0)}

    def _arguments_about_figures(self, view: str, of: str) -> dict[str, Any]:
        if "/" in of:
            area, _slash, figure = of.partition("/")
            return {"slug": area, "figure": figure}
        if not of:
            return {}
        things: dict[str, Any] = {
            "feedback:response": self.response,
            "indicators:import_run": self.run,
            "indicators:import_refused": self.run,
        }
        thing = None if of == "nothing" else things.get(view) or self.remarks[of]
        return {"pk": thing.pk if thing else 10**9}

    def _arguments_of_councils(self, view: str, of: str) -> dict[str, Any]:
        if of == "nowhere":
            return {"council": "nergens"}
        council = {"council": "jongerenraad"}
        things: dict[str, Any] = {**self.memberships, **self.matters}
        return {**council, "pk": getattr(things.get(of), "pk", 10**9)} if of else council

    def _arguments_of_money(self, view: str, of: str) -> dict[str, Any]:
        if of == "nowhere":
            return {"council": "nergens"}
        council = {"council": "jongerenraad"}
        if view == "budgets:ledger_sheet":
            return {**council, "year": int(of) if of else timezone.localdate().year}
        name, _slash, act = of.partition("/")
        if view == "budgets:document":
            papers = Document.objects.filter(application=self.applications.get(name))
            return {**council, "key": getattr(papers.first(), "key", NO_SUCH_KEY)}
        arguments = {**council, "pk": getattr(self.applications.get(name), "pk", 10**9)}
        return ({**arguments, "name": act} if act else arguments) if of else council

    def _arguments_about_telling(self, view: str, of: str) -> dict[str, Any]:
        if view in ("notifications:follow", "notifications:unfollow"):
            kind = "person" if of == "nothing" else "initiative"
            return {"kind": kind, "subject_id": getattr(self.initiatives.get(of), "pk", 10**9)}
        if view in ("notifications:stop", "notifications:preferences_by_mail"):
            purpose = "followed" if view == "notifications:stop" else tokens.PREFERENCES
            person = self.people.get(of)
            return {"token": tokens.make(person, purpose) if person else "nothing"}
        return {"pk": getattr(self.notifications.get(of), "pk", 10**9)} if of else {}

    def _arguments_of_devices(self, view: str, of: str) -> dict[str, Any]:
        return {"pk": self.shared_device.pk if self.shared_device and of == "shared" else 10**9}

    def _arguments_of_take_outs(self, view: str, of: str) -> dict[str, Any]:
        assert self.take_out is not None
        return {"key": self.take_out.key if of == "other" else NO_SUCH_KEY}

    def _arguments_of_posters(self, view: str, of: str) -> dict[str, Any]:
        if view in ("posters:sheet", "posters:file"):
            poster = self.posters.get(of)
            return {"key": poster.key if poster else NO_SUCH_KEY}
        if of == "area":
            letter, word, pk = "w", "wijk", self.here.pk
        else:
            pk = self.initiatives[of].pk if of in self.initiatives else 10**9
            letter, word = "i", "initiatief"
        return {"code": f"{letter}{pk}p"} if view == "paper" else {"word": word, "pk": pk}

    def admin_address(self, model: Any, page: str) -> str:
        """Return the address of a page of the admin about a model, with a row of it if there is."""
        meta = model._meta
        row = model._default_manager.order_by("pk").first()
        pk = row.pk if row else 1
        arguments = [] if page in ("changelist", "add") else [pk]
        with translation.override("nl"):
            return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=arguments)

    def shortcut(self, thing: Any) -> str:
        """Return the admin's address that leads to the page of any row."""
        kind = ContentType.objects.get_for_model(type(thing)).pk
        return f"/nl/beheer/r/{kind}/{thing.pk}/"


def leads_to_sign_in(response: HttpResponseBase) -> bool:
    return response.status_code == 302 and response["Location"].startswith(
        "/nl/account/inloggen/?next="
    )


@contextmanager
def undone() -> Iterator[None]:
    """Take back everything that is written inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def build() -> Neighbourhood:
    """Return the neighbourhood, made by the actions that the pages call."""
    city = scenes.area("teststad", kind=Area.Kind.MUNICIPALITY, accepts_contributions=False)
    town = Neighbourhood(
        here=scenes.area("testwijk", parent=city), there=scenes.area("elders", parent=city)
    )
    for number, slug in enumerate(PAGES):
        Page.objects.create(slug=slug, title=slug.capitalize(), body="Tekst.", order=number)
    scenes.house_rule()
    _people(town)
    town.organisation = Organisation.objects.create(name="Winkels", kind="shop_street")
    _council(town)
    with translation.override("nl"):
        _texts(town)
        _money(town)
        _rights(town)
        _talks(town)
        _questions(town)
    _spoken(town)
    town.take_out = ask_take_out(person=town.people["other"], language="nl")
    make_take_out(pk=town.take_out.pk)
    _posters(town)
    _tellings_of_news(town)
    town.sign_everybody_in()
    return town


def _tellings_of_news(town: Neighbourhood) -> None:
    """Tell the author of a text that everybody may read, and a resident of one that was hidden."""
    for name, role, about in (("own", "author", "published"), ("hidden", "resident", "hidden")):
        event = Event.objects.create(
            kind="new_followed", subject_id=town.initiatives[about].pk, occasion="told here"
        )
        town.notifications[name] = Notification.objects.create(
            event=event, recipient=town.people[role]
        )


def _posters(town: Neighbourhood) -> None:
    for name in ("published", "hidden"):
        town.posters[name] = ask_for(
            subject=INITIATIVE,
            thing=town.initiatives[name],
            sheet="poster",
            languages=["nl", "ar"],
            may_make=lambda: True,
        )
    assert make(pk=town.posters["published"].pk)
    # Made before it was hidden.
    ready = Poster.objects.get(pk=town.posters["published"].pk)
    Poster.objects.filter(pk=town.posters["hidden"].pk).update(
        state=ready.state, made_at=ready.made_at, path=ready.path, size=ready.size
    )


def _people(town: Neighbourhood) -> None:
    town.people = {
        "resident": scenes.person("Buur"),
        "author": scenes.person("Zqauthorname"),
        "other": scenes.person("Zqothername"),
        "young": scenes.person("Zqyoungname", age_band="12-15"),
        "messenger": scenes.granted(Role.MESSENGER),
        "elsewhere": scenes.moderator(area=town.there),
        "moderator": scenes.moderator(area=town.here),
        "office": scenes.granted(Role.PROGRAMME_OFFICE),
        "steering": scenes.granted(Role.STEERING_GROUP),
        "administrator": scenes.granted(Role.ADMINISTRATOR),
    }
    town.shared_device = shared_devices.start(
        by=scenes.granted(Role.MESSENGER), name="Tablet", code="407193", key="key"
    )


def _council(town: Neighbourhood) -> None:
    """Seat a chair, officers and members, one with a picture; let them vote, open and closed."""
    made = town.council = councils.council(members=6, vacancies=1, areas=[town.here])
    term = made.terms.get()
    young = scenes.person("Zqyoungmembername", age_band="12-15")
    current = {str(one.seat.number): one for one in term.memberships.select_related("seat")}  # type: ignore[union-attr]
    town.memberships = {
        "chair": current["1"],
        "council": current["4"],
        "other member": current["5"],
        "ended": current["6"],
        "young": councils.seated(
            made.seats.last(),
            term=term,
            person=young,
        ),
        "mentor": councils.seated(None, term=term, office="mentor"),
    }
    for role in ("chair", "council"):
        town.people[role] = town.memberships[role].person
    picture = encode(scenes.picture_file(size=(300, 300)))
    for name in ("other member", "ended"):
        one = town.memberships[name]
        town.memberships[name] = agree_to_portrait(membership=one, by=one.person, encoded=picture)
    ended = town.memberships["ended"]
    seats.step_down(membership=ended, by=ended.person)
    town.matters = {
        "closed": voting.closed(voting.opened(made), agree=3, disagree=1),
        "without quorum": voting.closed(voting.opened(made), agree=1),
        "secret": voting.closed(voting.opened(made, kind="person"), agree=3, disagree=1),
        "open": voting.opened(made, question="Zqopenquestion", text="zqopentext"),
        "open and secret": voting.opened(made, kind="person", question="Zqsecretquestion"),
    }


def _texts(town: Neighbourhood) -> None:
    encoded = encode(scenes.picture_file(size=(700, 500)))
    people = town.people
    # Somebody whose name stands on nothing public, for each state that nobody else may see.
    for status in (
        Status.DRAFT,
        Status.SUBMITTED,
        Status.RETURNED,
        Status.REJECTED,
        Status.HIDDEN,
        Status.WITHDRAWN,
    ):
        _initiative(town, encoded, str(status), people["author"], to=status)
    empty = actions.start_draft(author=people["author"], draft_key="", language="nl")
    town.initiatives["empty draft"] = empty
    held = scenes.draft(
        "zqhelddraft", draft_key=DRAFT_KEY, where=town.here, text="zqheldtext", author=None
    )
    town.initiatives["draft in a browser"] = held
    town.initiatives["draft of another"] = scenes.draft(
        "Nog niets", author=people["other"], where=town.there
    )
    _initiative(town, encoded, "young submitted", people["young"], to=Status.SUBMITTED)
    _initiative(town, encoded, "young published", people["young"], to=Status.PUBLISHED)
    town.initiatives["of the moderator"] = scenes.initiative(
        "Van de moderator",
        author=people["moderator"],
        status=Status.SUBMITTED,
        where=town.here,
    )
    for name in ("published", "answered", "started"):
        town.initiatives[name] = scenes.initiative(
            f"Idee {name}", author=people["author"], where=town.here
        )
    _answers(town)
    _picture(town, "published", town.initiatives["published"], encoded, "Een bankje")
    _picture(town, "taken away", town.initiatives["published"], encoded, "zqawaypicture")
    Picture.objects.filter(pk=town.pictures["taken away"].pk).update(
        removed_at=town.initiatives["published"].published_at
    )
    _comments(town)
    _figures(town)
    _news(town)
    _doubles(town)
    _waiting_change(town, encoded)
    _reports(town)
    _together(town)
    published = town.initiatives["published"]
    town.proposal = review.write_translation(
        contribution=published,
        language="pl",
        words={"title": "Zqpomysł", "text": "Zqpomysł"},
        by=people["resident"],
        seen=digest_of(published),
    )
    for made in (
        *town.initiatives.values(),
        *town.comments.values(),
        *town.updates.values(),
        *town.remarks.values(),
    ):
        made.refresh_from_db()


def _money(town: Neighbourhood) -> None:
    """Give the council a fund, and let the author ask for money in each way it can stand."""
    assert town.council is not None
    money.filled(town.council)
    scenes.trusted(town.people["author"])
    for stage in (
        "draft",
        "submitted",
        "returned",
        "checked",
        "granted",
        "declined",
        "paid",
        "closed",
    ):
        town.applications[stage] = money.application(
            town.council,
            stage,
            f"Zqplan{stage}",
            author=town.people["author"],
            where=town.here,
        )
    worded = money.application(
        town.council, "granted", "Zqplanhidden", author=town.people["author"], where=town.here
    )
    review.hide(
        dossier=Dossier.objects.get(pk=worded.dossier_id),
        by=town.people["moderator"],
        rule=scenes.house_rule(),
        reason="Niet netjes.",
    )
    town.applications["hidden"] = worded


def _initiative(
    town: Neighbourhood, encoded: Encoded, name: str, author: User, *, to: Status
) -> None:
    words = words_of(name.replace(" ", ""))
    made = scenes.draft(
        words["title"],
        author=author,
        where=town.here,
        text=words["text"],
        help_wanted=words["help"],
        address_line=words["address"],
        latitude="52.07000",
        longitude="4.30000",
    )
    _picture(town, name, made, encoded, words["picture"])
    town.initiatives[name] = made
    if to == Status.DRAFT:
        return
    made = actions.hand_in(initiative=made, by=author)
    scenes.bring(made, to)


def _picture(
    town: Neighbourhood, name: str, of: Initiative, encoded: Encoded, description: str
) -> None:
    with transaction.atomic():
        picture = review.attach_picture(
            contribution=of, encoded=encoded, description=description, revision=None
        )
    make_sizes(picture=picture)
    town.pictures[name] = picture


def _answers(town: Neighbourhood) -> None:
    for name in ("answered", "started"):
        town.answer = actions.answer(
            initiative=town.initiatives[name],
            by=town.people["office"],
            outcome="adopted",
            text="Wij gaan dit doen.",
            language="nl",
        )
    office, started = town.people["office"], town.initiatives["started"]
    actions.begin_work(initiative=started, by=office)
    town.milestone = actions.plan_milestone(
        initiative=started,
        by=office,
        title="De banken zijn besteld",
        planned_date=timezone.localdate() + datetime.timedelta(days=20),
        language="nl",
    )
    town.report = actions.report(
        initiative=started, by=office, text="Het gaat goed.", language="nl"
    )
    town.department = Department.objects.create(name="Groen", contact="zqcontactname")
    actions.hand_over(initiative=started, by=office, department=town.department)
    Department.objects.create(name="Blauw")


def _comments(town: Neighbourhood) -> None:
    published = town.initiatives["published"]
    for status in Status:
        author = scenes.person(f"Zqcomment{status}name")
        if status == Status.PUBLISHED:
            author = town.people["author"]
        town.comments[str(status)] = scenes.comment(
            published, f"zqcomment{status}text", author=author, status=status
        )
        town.people[f"author of the {status} comment"] = author
    # What was said under it before it was hidden.
    hidden = town.initiatives["hidden"]
    Initiative.objects.filter(pk=hidden.pk).update(status=Status.PUBLISHED)
    hidden.refresh_from_db()
    town.comments["under hidden"] = scenes.comment(
        hidden, "zqunderhiddentext", author=town.people["other"]
    )
    town.comments["draft under hidden"] = scenes.comment(
        hidden, "zqdraftunderhiddentext", author=town.people["other"], status=Status.DRAFT
    )
    Initiative.objects.filter(pk=hidden.pk).update(status=Status.HIDDEN)
    # An answer to a comment that was hidden afterwards, and one by somebody under 16.
    parent = town.comments["hidden"]
    Comment.objects.filter(pk=parent.pk).update(status=Status.PUBLISHED)
    parent.refresh_from_db()
    town.comments["answer to hidden"] = scenes.comment(
        published, "Dat vind ik ook", author=town.people["other"], parent=parent
    )
    Comment.objects.filter(pk=parent.pk).update(status=Status.HIDDEN)
    town.comments["young"] = scenes.comment(published, "Leuk!", author=town.people["young"])


def _news(town: Neighbourhood) -> None:
    """Tell news in each state about what is on the site, and some about what was hidden after."""
    # Of somebody under 16 everything is read first, so there is some in each state.
    published = town.initiatives["young published"]
    published.refresh_from_db()
    for status in Status:
        town.updates[str(status)] = scenes.update(
            published, f"zqupdate{status}text", status=status, picture=status == Status.PUBLISHED
        )
    hidden = town.initiatives["hidden"]
    Initiative.objects.filter(pk=hidden.pk).update(status=Status.PUBLISHED)
    hidden.refresh_from_db()
    town.updates["about hidden"] = scenes.update(hidden, "zqupdateabouthiddentext")
    Initiative.objects.filter(pk=hidden.pk).update(status=Status.HIDDEN)
    hidden.refresh_from_db()


def _doubles(town: Neighbourhood) -> None:
    """Join one idea with another; and two more, of which one was hidden afterwards."""
    people = town.people
    for name, title in (
        ("double", "Idee dubbel"),
        ("hidden double", "Zqhiddendoubletitle"),
        ("double of hidden", "Zqdoubleofhiddentitle"),
        ("hidden target", "Zqhiddentargettitle"),
    ):
        town.initiatives[name] = scenes.initiative(title, author=people["author"], where=town.here)
    for double, into in (
        ("double", "published"),
        ("hidden double", "published"),
        ("double of hidden", "hidden target"),
    ):
        scenes.comment(town.initiatives[double], "Dat wil ik ook", author=people["other"])
        actions.merge(
            double=town.initiatives[double],
            into=town.initiatives[into],
            by=people["office"],
            reason="Hetzelfde.",
        )
    for name in ("hidden double", "hidden target"):
        town.initiatives[name].refresh_from_db()
        scenes.bring(town.initiatives[name], Status.HIDDEN)


def _figures(town: Neighbourhood) -> None:
    """Tell figures, what people said beside them in each state, and what was done with it."""
    figure = scenes.indicator()
    scenes.measured(51.4, where=town.here)
    scenes.measured(24, of=scenes.indicator("buren", may_be_asked=False), where=town.here)
    for status in Status:
        author = scenes.person(f"Zqremark{status}name")
        if status == Status.PUBLISHED:
            author = town.people["author"]
        town.remarks[str(status)] = scenes.remark(
            f"zqremark{status}text", author=author, of=figure, where=town.here, status=status
        )
        town.people[f"author of the {status} remark"] = author
    town.response = scenes.response(by=town.people["office"], of=figure, where=town.here)
    town.run = try_import(
        file_name="cijfers.csv",
        content=b"indicator,area,period,value\nrondkomen,testwijk,2020,40\n",
        by=town.people["office"],
    )


def _together(town: Neighbourhood) -> None:
    """Let somebody join and help, and ask others to; also where the idea is hidden by now."""
    published, people = town.initiatives["published"], town.people
    scenes.joined(published, people["other"])
    town.joined = CoInitiator.objects.get()
    town.invitations = {
        "answered": Invitation.objects.get(),
        "open": scenes.invited(published, people["resident"].email),
        "to somebody young": scenes.invited(published, people["young"].email),
    }
    town.offers = {
        "open": scenes.offered(published, "zqmessageopen", helper=people["chair"]),
        "closed": scenes.offered(published, "zqmessageclosed", helper=people["messenger"]),
    }
    actions.close_conversation(
        offer=town.offers["closed"], by=people["messenger"], now=timezone.now()
    )
    hidden = town.initiatives["hidden"]
    Initiative.objects.filter(pk=hidden.pk).update(status=Status.PUBLISHED)
    hidden.refresh_from_db()
    town.offers["hidden"] = scenes.offered(hidden, "zqmessagehidden", helper=people["chair"])
    town.invitations["hidden"] = scenes.invited(hidden, people["resident"].email)
    Initiative.objects.filter(pk=hidden.pk).update(status=Status.HIDDEN)


def _reports(town: Neighbourhood) -> None:
    """Let a neighbour report what stands there, what was kept, and what was hidden after."""
    people = town.people
    hidden = town.initiatives["hidden"]
    Initiative.objects.filter(pk=hidden.pk).update(status=Status.PUBLISHED)
    hidden.refresh_from_db()
    for name, thing in (
        ("open", town.initiatives["published"]),
        ("kept", town.comments["young"]),
        ("upheld", hidden),
    ):
        town.reports[name], _new = review.report(
            contribution=thing,
            picture=None,
            by=people["resident"],
            key=review.key_of_reporter(people["resident"], ""),
            category="hate",
            words=f"zqreport{name}words",
            email=people["resident"].email,
            language="nl",
        )
    review.keep(dossier=town.dossier("comment young"), by=people["moderator"])
    scenes.bring(hidden, Status.HIDDEN)


def _talks(town: Neighbourhood) -> None:
    """Let people tell something to the messenger, and to another one, whom somebody calls back."""
    here = {
        "own": talks.talk(town.people["messenger"], language="pl", where=town.here),
        "of another": talks.talk(talks.messenger(language="pl"), language="pl", where=town.here),
    }
    town.talks = here
    for name, talk in here.items():
        told = talks.told(talk, f"Zqtold{name.replace(' ', '')}", text=f"Zqtold{name} words")
        town.tellings[name] = told.telling
        Telling.objects.filter(pk=told.telling.pk).update(call_back=Telling.CallBack.WAITING)


def _rights(town: Neighbourhood) -> None:
    """Ask for another look; pause somebody, and ask to end somebody's taking part."""
    hidden = town.initiatives["hidden"]
    town.appeals["hidden"] = review.appeal(
        about=hidden.dossier.decisions.last(),
        by=town.people["author"],
        words="zqappealwords",
        recording=listen_to(scenes.recording_file()),
    )
    for name in ("pause", "end"):
        text = scenes.initiative(
            f"zqmeasured{name}title",
            author=scenes.person(),
            where=town.here,
            status=Status.SUBMITTED,
        )
        by = scenes.moderator()
        decision = review.reject(
            dossier=text.dossier, by=by, rule=scenes.house_rule(), reason="zqwhymeasured"
        )
        town.measures[name] = (
            review.pause(decision=decision, by=by, days=7)
            if name == "pause"
            else review.end(decision=decision, by=by)
        )


def _spoken(town: Neighbourhood) -> None:
    """Let somebody read texts aloud: one is heard, one waits, one is of a text that is hidden."""
    messenger, author = town.people["messenger"], town.people["author"]
    for name, of, reader, language in (
        ("heard", "published", messenger, "pl"),
        ("waiting", "published", author, "nl"),
        ("of hidden", "hidden", messenger, "pl"),
    ):
        made = SpokenText(
            dossier=town.dossier(of),
            language=language,
            seconds=3,
            made_by=reader,
            by_author=reader == author,
            heard_at=None if name == "waiting" else timezone.now(),
        )
        keep_spoken(made, audio.Encoded(b"sound", 3))
        made.save()
        town.spoken[name] = made


def _questions(town: Neighbourhood) -> None:
    """Ask contact persons something, in the messenger's language and in one they do not speak."""
    for name, languages in (("asked", ["pl"]), ("asked of others", ["bg"])):
        town.questions[name] = messengers.ask_messengers(
            by=town.people["office"],
            text=f"zq{name.replace(' ', '')}text",
            language="nl",
            languages=languages,
            areas=[town.here],
            target_group=None,
            starts_date=timezone.localdate(),
            ends_date=timezone.localdate() + datetime.timedelta(days=30),
        )


def _waiting_change(town: Neighbourhood, encoded: Encoded) -> None:
    """Ask for a change of everything in the published one, with a new picture."""
    published = town.initiatives["published"]
    data = {
        **published.fields_of_revision(),
        "title": "zqwaitingtitle",
        "text": "zqwaitingtext",
        "help_wanted": "zqwaitinghelp",
        "address_line": "zqwaitingaddress",
        "picture_descriptions": {str(town.pictures["published"].key): "zqwaitingdescription"},
    }
    review.propose_revision(
        contribution=published,
        by=town.people["author"],
        data=data,
        new_pictures=[NewPicture(encoded, "zqwaitingpicture")],
    )
    revision = Revision.objects.get(dossier=published.dossier)
    town.pictures["waiting"] = Picture.objects.get(revision=revision)
