"""A street with something on every kind of page, and the list of those pages."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from playwright.sync_api import Page

from accounts.models import Role, User
from accounts.sealing import seal
from areas.models import Area
from budgets.models import Application, Stage
from contributions import actions as review
from contributions.actions import Slip
from contributions.models import (
    Appeal,
    Dossier,
    HouseRule,
    Measure,
    Picture,
    Report,
    Status,
    Telling,
)
from contributions.pictures import encode, make_sizes
from contributions.recordings import listen_to
from contributions.translations import digest_of, original_words
from feedback.models import Remark
from ideas import actions
from ideas.models import Comment, Department, HelpOffer, Initiative, Invitation, Milestone, Update
from indicators.models import Indicator, TargetGroup, Theme
from jongerenraad.actions.portraits import agree_to_portrait
from jongerenraad.models import Matter
from notifications import tokens
from notifications.actions import pause, stop_mail
from notifications.models import Event, Follow, Notification
from participatie import messengers
from participatie.models import MessengerRequest
from participatie.posters.asking import ask_for
from participatie.posters.making import make
from participatie.posters.models import Poster
from participatie.posters.subjects import INITIATIVE
from tests import councils, money, scenes, talks
from tests.jongerenraad import voting

# As long as words of this city get, and in a script that reads from the other side.
LONG = "Verkeersveiligheidsmaatregelen rond de Schilderswijkse basisscholengemeenschap"
ARABIC = "مقعد وإضاءة في ساحة الحي من أجل كبار السن"
BULGARIAN = "Пейки на спирките и на пътя до магазина, за да могат възрастните да си починат"


@dataclass
class Street:
    """Who lives there and what was written, by name."""

    people: dict[str, User] = field(default_factory=dict)
    ideas: dict[str, Initiative] = field(default_factory=dict)
    comments: dict[str, Comment] = field(default_factory=dict)
    remarks: dict[str, Remark] = field(default_factory=dict)
    updates: dict[str, Update] = field(default_factory=dict)
    matters: dict[str, Matter] = field(default_factory=dict)
    plans: dict[str, Application] = field(default_factory=dict)
    slip: Slip | None = None
    appeals: dict[str, Appeal] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)
    questions: dict[str, MessengerRequest] = field(default_factory=dict)
    invitation: Invitation | None = None
    offer: HelpOffer | None = None
    reports: dict[str, Report] = field(default_factory=dict)

    #: What knows its own address.
    OWN_ADDRESSES: ClassVar[dict[str, Callable[["Street", str], str]]] = {
        "outbox:preview": lambda _street, of: reverse("outbox:preview", args=[of, "nl"]),
        "together:invitation": lambda street, _of: street.invitation.get_absolute_url(),
        "together:conversation": lambda street, _of: street.offer.get_absolute_url(),
        "decisions:decision": lambda street, of: reverse(
            "decisions:decision", args=[street.ideas[of].dossier.decisions.last().pk]
        ),
        "decisions:appeal": lambda street, of: reverse(
            "decisions:appeal", args=[street.ideas[of].dossier.decisions.last().pk]
        ),
        "decisions:measure": lambda street, of: reverse(
            "decisions:measure", args=[street.measures[of].pk]
        ),
        "moderation:measure": lambda street, of: reverse(
            "moderation:measure", args=[street.measures[of].pk]
        ),
        "moderation:appeal": lambda street, of: reverse(
            "moderation:appeal", args=[street.appeals[of].pk]
        ),
        "messengers:question": lambda street, of: reverse(
            "messengers:question", args=[street.questions[of].pk]
        ),
        "tellings:session": lambda street, _of: reverse(
            "tellings:session", args=[street.slip.telling.session_id]
        ),
        "tellings:slip": lambda street, _of: reverse(
            "tellings:slip", args=[street.slip.telling.session_id, street.slip.telling.pk]
        ),
        "tellings:call_back": lambda street, _of: reverse(
            "tellings:call_back", args=[street.slip.telling.pk]
        ),
        "slips:scanned": lambda street, _of: reverse("slips:scanned", args=[street.slip.code]),
        "translations:proposal": lambda street, of: reverse(
            "translations:proposal", args=[street.ideas[of].dossier.translations.last().pk]
        ),
        "ideas:update": lambda street, of: street.updates[of].get_edit_url(),
        "feedback:remark": lambda street, of: street.remarks[of].get_edit_url(),
        "reports:picture": lambda street, of: reverse(
            "reports:picture",
            args=[Picture.objects.filter(dossier=street.ideas[of].dossier_id)[0].key],
        ),
        "posters:ask": lambda street, of: reverse(
            "posters:ask", args=["initiatief", street.ideas[of].pk]
        ),
        "posters:sheet": lambda street, of: reverse(
            "posters:sheet", args=[_poster(street, of).key]
        ),
        "notifications:stop": lambda street, of: reverse(
            "notifications:stop", args=[tokens.make(street.people["told"], of)]
        ),
        "notifications:preferences_by_mail": lambda street, of: reverse(
            "notifications:preferences_by_mail",
            args=[tokens.make(street.people[of], tokens.PREFERENCES)],
        ),
        "notifications:follow": lambda street, of: reverse(
            "notifications:follow", args=["initiative", street.ideas[of].pk]
        ),
        "reports:receipt": lambda street, of: reverse(
            "reports:receipt", args=[street.reports[of].token]
        ),
    }

    def address(self, view: str, of: str = "", *, language: str = "nl") -> str:
        """Return the address of a view, about an idea or a comment if it names one."""
        with translation.override(language):
            if view in (
                "moderation:item",
                "contributions:history",
                "contributions:speak",
                "contributions:where_help_is",
                "reports:text",
                "translations:show",
                "translations:write",
            ):
                return reverse(view, args=[self.ideas[of].dossier_id])
            if view in self.OWN_ADDRESSES:
                return self.OWN_ADDRESSES[view](self, of)
            if view == "ideas:comment":
                comment = self.comments[of]
                idea = comment.initiative
                return reverse(view, args=[idea.pk, idea.address_slug, comment.pk])
            if view == "ideas:milestone":
                step = self.ideas[of].milestones.all()[0]
                idea = step.initiative
                return reverse(view, args=[idea.pk, idea.address_slug, step.pk])
            if view.startswith("ideas:draft_"):
                return reverse(view, args=[self.ideas[of].pk])
            if view in ("area", "page"):
                return reverse(view, args=[of])
            if view.startswith(("jongerenraad:", "budgets:")):
                return self._council_address(view, of)
            if view.startswith("feedback:") and of:
                return reverse(view, args=["schilderswijk", of])
            if of:
                idea = self.ideas[of]
                return reverse(view, args=[idea.pk, idea.address_slug])
            return reverse(view)

    def _council_address(self, view: str, of: str) -> str:
        """Return an address about a vote, or about an application and what is done with it."""
        name, _slash, act = of.partition("/")
        arguments: dict[str, Any] = {"council": "jongerenraad"}
        if name:
            thing = self.matters[name] if view.startswith("jongerenraad:") else self.plans[name]
            arguments["pk"] = thing.pk
        if act:
            arguments["name"] = act
        return reverse(view, kwargs=arguments)


def _poster(street: Street, of: str) -> Poster:
    """Return a poster of an idea, which a worker made."""
    poster = ask_for(
        subject=INITIATIVE,
        thing=street.ideas[of],
        sheet="poster",
        languages=["nl", "pl", "ar"],
        may_make=lambda: True,
    )
    make(pk=poster.pk)
    return poster


def build() -> Street:
    """Return the street, between the areas, themes and pages of the real site."""
    call_command("load_reference", verbosity=0)
    here = Area.objects.get(slug="schilderswijk")
    themes = list(Theme.objects.all())
    groups = list(TargetGroup.objects.all()[:3])
    street = Street(
        people={
            "author": scenes.person("Sylvana R."),
            "neighbour": scenes.person("Mo"),
            "moderator": scenes.granted(Role.MODERATOR),
            "office": scenes.granted(Role.PROGRAMME_OFFICE),
            "administrator": scenes.granted(Role.ADMINISTRATOR),
            "messenger": talks.messenger(language="ar"),
        }
    )
    for language in ("bg", "pl"):
        street.people["messenger"] = scenes.granted(
            Role.MESSENGER, language=language, user=street.people["messenger"]
        )
    author = street.people["author"]

    def idea(name: str, title: str, **options: object) -> Initiative:
        street.ideas[name] = made = scenes.initiative(
            title,
            where=here,
            theme=themes[len(street.ideas) % len(themes)],
            **{"author": scenes.person(f"Buur {name}"), **options},  # type: ignore[arg-type]
        )
        return made

    # Before three of theirs stand published: later ones are not read first.
    idea("returned", "Een idee dat terugkwam", author=author, status=Status.RETURNED)
    idea("long", LONG, text=f"{LONG}! " * 3)
    idea("arabic", ARABIC, text=f"{ARABIC}.", language="ar")
    idea("bulgarian", BULGARIAN, text=f"{BULGARIAN}.", language="bg")
    opened = idea(
        "open",
        "Een bankje en een lamp op ons plein",
        author=author,
        text="Er is **geen plek** om te zitten.\n\n- een bankje\n- een lamp",
        help_wanted="Iemand met een boormachine.",
        address_line="bij de fontein",
        latitude="52.07000",
        longitude="4.30000",
        groups=groups,
    )
    _picture(opened, "Een leeg plein")
    scenes.supporters(3, of=opened)
    _comments(street, opened)
    answered = idea("answered", "Breng je matras weg")
    actions.answer(
        initiative=answered,
        by=street.people["office"],
        outcome="adopted",
        text="Wij gaan dit **doen**.",
        language="nl",
    )
    _news_and_double(street, opened)
    _work(answered, street.people["office"])
    waiting = idea("waiting", "Een idee dat wacht", status=Status.SUBMITTED)
    _picture(waiting, "Een steeg")
    street.ideas["draft"] = draft = scenes.draft(
        "Een idee in de maak", author=author, where=here, groups=groups, theme=themes[0]
    )
    _picture(draft, "Een schets")
    _voices(street, here)
    changed = idea("changed", "Een idee dat verandert", author=author)
    review.propose_revision(
        contribution=changed,
        by=author,
        data={**changed.fields_of_revision(), "title": "Een idee dat veranderd is"},
    )
    _talk(street, here)
    _together(street, opened)
    arabic = street.ideas["arabic"]
    assert arabic.author is not None
    street.people["author in Arabic"] = arabic.author
    review.propose_revision(
        contribution=arabic,
        by=arabic.author,
        data={**arabic.fields_of_revision(), "title": f"{ARABIC} اليوم", "text": "مقعد واحد."},
    )
    _rights(street)
    _read_aloud(street)
    _council(street, here)
    _reports(street)
    _translations(street)
    _contact_persons(street, here)
    _told(street, here)
    return street


def _told(street: Street, here: Area) -> None:
    """Tell somebody of long words and of Arabic ones, some of it read; they follow, and pause."""
    street.people["told"] = person = scenes.person("Buur met post")
    for number, name in enumerate(("long", "arabic", "bulgarian", "open", "answered")):
        idea = street.ideas[name]
        event = Event.objects.create(kind="new_followed", subject_id=idea.pk, occasion="here")
        Notification.objects.create(
            event=event, recipient=person, read_at=timezone.now() if number < 2 else None
        )
        again = Event.objects.create(kind="new_followed", subject_id=idea.pk, occasion="again")
        Notification.objects.create(event=again, recipient=person)
        Follow.objects.create(person=person, kind="initiative", subject_id=idea.pk)
    Follow.objects.create(person=person, kind="area", subject_id=here.pk)
    stop_mail(person=person, why="bounced")
    pause(person=person, paused=True)


def _contact_persons(street: Street, here: Area) -> None:
    """Ask contact persons something with long words and in Arabic; one told what they heard."""
    office = street.people["office"]
    today = timezone.localdate()
    for name, text, language in (("long", f"{LONG}?", "nl"), ("arabic", f"{ARABIC}؟", "ar")):
        street.questions[name] = messengers.ask_messengers(
            by=office,
            text=text,
            language=language,
            languages=["pl", "bg"],
            areas=[here],
            target_group=TargetGroup.objects.first(),
            starts_date=today,
            ends_date=today + datetime.timedelta(days=30),
        )
    messengers.tell_office(
        request=street.questions["arabic"],
        by=street.people["messenger"],
        text=f"{BULGARIAN}.",
        language="bg",
        is_done=True,
    )


def _read_aloud(street: Street) -> None:
    """Let a messenger read a text that changed since, and an author one that waits."""
    sound = listen_to(scenes.recording_file())
    bulgarian = street.ideas["bulgarian"]
    messenger = street.people["messenger"]
    review.speak(contribution=bulgarian, by=messenger, language="pl", encoded=sound, read="0" * 64)
    review.speak(contribution=bulgarian, by=messenger, language="bg", encoded=sound)
    assert bulgarian.author is not None
    street.people["author in Bulgarian"] = bulgarian.author
    review.speak(contribution=bulgarian, by=bulgarian.author, language="bg", encoded=sound)


def _translations(street: Street) -> None:
    """Let a text be read in languages of both directions, and one translation wait."""

    def write(name: str, language: str, text: str, by: User) -> None:
        idea = Initiative.objects.get(pk=street.ideas[name].pk)
        told = original_words(idea)
        limit = min(map(len, told.values())) * 10
        review.write_translation(
            contribution=idea,
            language=language,
            words=dict.fromkeys(told, text[:limit]),
            by=by,
            seen=digest_of(idea),
        )

    moderator = street.people["moderator"]
    for name, language, text in (
        ("long", "ar", ARABIC),
        ("long", "bg", BULGARIAN),
        ("arabic", "nl", f"{LONG}."),
        ("open", "ar", ARABIC),
        ("open", "bg", BULGARIAN),
    ):
        write(name, language, text, moderator)
    write("long", "ar", f"{ARABIC} {ARABIC}", street.people["neighbour"])


def _reports(street: Street) -> None:
    """Report with long words and in Arabic, by many at once; one was decided about."""
    for name, idea, words, language in (
        ("open", "long", f"{LONG} {ARABIC}", "ar"),
        ("kept", "answered", ARABIC, "ar"),
        *((f"fresh {number}", "long", LONG, "nl") for number in range(5)),
    ):
        person = street.people["neighbour"] if name in ("open", "kept") else None
        street.reports[name], _new = review.report(
            contribution=street.ideas[idea],
            picture=None,
            by=person,
            key=review.key_of_reporter(person, name),
            category="hate",
            words=words,
            email="",
            language=language,
        )
    review.keep(
        dossier=Dossier.objects.get(pk=street.ideas["answered"].dossier_id),
        by=street.people["moderator"],
    )


def _rights(street: Street) -> None:
    """Warn and pause somebody, who asks for another look at both; ask to end another's part."""
    author = scenes.person(LONG[:60])
    warned = scenes.initiative(LONG, where=street.ideas["open"].area, author=author)
    other = scenes.initiative("Nog een idee", where=street.ideas["open"].area)
    street.ideas["warned"] = warned
    assert warned.author is not None
    street.people["warned"] = warned.author
    by = scenes.moderator()
    because = {"by": by, "rule": HouseRule.objects.in_force(timezone.now())[0]}
    decision = review.warn(
        dossier=warned.dossier, reason=f"{LONG}.", facts=ARABIC, words_language="nl", **because
    )
    street.measures["pause"] = pause = review.pause(decision=decision, by=by, days=7)
    street.appeals["pause"] = review.appeal(about=pause, by=warned.author, words=f"{ARABIC}.")
    street.appeals["warning"] = review.appeal(
        about=decision,
        by=warned.author,
        words=f"{LONG}! " * 3,
        recording=listen_to(scenes.recording_file()),
    )
    street.measures["end"] = review.end(
        decision=review.warn(dossier=other.dossier, reason="Dit is de derde keer.", **because),
        by=by,
    )


def _together(street: Street, on: Initiative) -> None:
    """Let somebody with a long name join, another be invited, and a third offer help."""
    scenes.joined(on, scenes.person(LONG[:60]))
    scenes.invited(on, f"{'zeer.' * 8}lang@voorbeeld.test")
    street.invitation = scenes.invited(on, street.people["moderator"].email)
    street.offer = scenes.offered(on, f"{LONG}\n\n{ARABIC}", helper=street.people["neighbour"])
    actions.write_message(
        offer=street.offer,
        by=street.people["author"],
        text="Wat fijn! Kom zaterdag om tien uur naar het plein.",
        language="nl",
        now=timezone.now(),
    )


def _news_and_double(street: Street, on: Initiative) -> None:
    """Tell news, and join the same idea, which somebody shared with a very long name."""
    on.refresh_from_db()
    scenes.update(on, f"Zaterdag om tien uur. {LONG}.", picture=True)
    street.updates["own"] = scenes.update(on, ARABIC)
    street.ideas["double"] = double = scenes.initiative(f"{LONG} twee", where=on.area)
    scenes.supporters(2, of=double)
    scenes.comment(double, "Dat wilde ik ook al.")
    actions.merge(double=double, into=on, by=street.people["office"], reason="Allebei een bankje.")
    on.refresh_from_db()


def _work(answered: Initiative, office: User) -> None:
    """Let milestones be done, late, moved and dropped, and a department work on it."""
    department = Department.objects.create(name="Beheer van straten en pleinen")
    actions.hand_over(initiative=answered, by=office, department=department, text="Zij doen het.")
    today = timezone.localdate()

    def step(title: str, days: int, language: str = "nl") -> Milestone:
        return actions.plan_milestone(
            initiative=answered,
            by=office,
            title=title,
            planned_date=today + datetime.timedelta(days=days),
            language=language,
            now=timezone.now() - datetime.timedelta(days=60),
        )

    def change(milestone: Milestone, state: str, days: int = 0) -> None:
        actions.change_milestone(
            milestone=milestone,
            by=office,
            state=state,
            planned_date=milestone.planned_date + datetime.timedelta(days=days),
            reason=f"{LONG}.",
            language="nl",
        )

    change(step("De banken zijn besteld", -30), "done")
    change(step(LONG[:80], -9), "under_way")
    change(step(ARABIC, 20, "ar"), "planned", 9)
    change(step("Een hek", 40), "dropped")
    actions.report(initiative=answered, by=office, text="Het gaat **goed**.", language="nl")


def _council(street: Street, here: Area) -> None:
    """Seat a council that votes and gives money, to plans with long names and in many letters."""
    council = councils.council(members=7, vacancies=2, areas=[here])
    for office in ("chair", "secretary", "treasurer", "member"):
        street.people[office] = councils.holder(council, office)
    portrait = encode(scenes.picture_file(size=(300, 300)))
    for member in council.terms.get().memberships.order_by("pk")[:3]:
        agree_to_portrait(membership=member, by=member.person, encoded=portrait)
    street.matters |= {
        "closed": voting.closed(
            voting.opened(council, question=f"{LONG[:120]}?"), agree=4, disagree=1
        ),
        "secret": voting.closed(voting.opened(council, kind="person"), agree=4, disagree=2),
        "without quorum": voting.closed(voting.opened(council), agree=1),
        "open": voting.opened(council, question="Doen we mee aan de open dag?"),
    }
    money.filled(council)
    author = street.people["author"]
    for stage, title, language in (
        (Stage.CLOSED, "Film op het plein", "nl"),
        (Stage.PAID, ARABIC, "ar"),
        (Stage.GRANTED, LONG, "nl"),
        (Stage.SUBMITTED, BULGARIAN, "bg"),
        (Stage.CHECKED, "Naaicafé", "nl"),
        (Stage.REPORT_DUE, "Boksles", "nl"),
        (Stage.DRAFT, "Een plan in de maak", "nl"),
    ):
        street.plans[stage] = money.application(
            council, stage, title, author=author, where=here, language=language
        )
    for picture in Picture.objects.without_sizes():
        make_sizes(picture=picture)


def _picture(of: Initiative, description: str) -> None:
    assert of.author is not None
    of.refresh_from_db()
    encoded = encode(scenes.picture_file())
    with transaction.atomic():
        picture = review.attach_picture(
            contribution=of, encoded=encoded, description=description, revision=None
        )
    make_sizes(picture=picture)


def _talk(street: Street, here: Area) -> None:
    """Let somebody tell in Arabic what a contact person writes down, and be called back."""
    talk = talks.talk(street.people["messenger"], place=LONG[:120], language="ar", where=here)
    talks.told(talk, ARABIC, text=f"{ARABIC}.", first_name="ليلى")
    street.slip = talks.told(talk, LONG, text=f"{LONG}! " * 3)
    Telling.objects.filter(pk=street.slip.telling.pk).update(
        call_back=Telling.CallBack.WAITING, telephone=seal("+31600000000")
    )


def _voices(street: Street, here: Area) -> None:
    """Let neighbours answer and tell beside a figure, and the office say what it did."""
    figure = Indicator.objects.get(slug="moeite-met-rondkomen")
    for answer in ("yes", "partly", "no"):
        for _number in range(6):
            scenes.answered(answer, trend="worse", of=figure, where=here)
    scenes.remark(f"{LONG}. Bij de kassa.", of=figure, where=here)
    scenes.remark(ARABIC, of=figure, where=here, language="ar")
    street.remarks["own"] = scenes.remark(
        "Ik zie het elke dag.", author=street.people["neighbour"], of=figure, where=here
    )
    scenes.response(by=street.people["office"], of=figure, where=here)


def _comments(street: Street, on: Initiative) -> None:
    first = scenes.comment(on, "Goed idee, mijn moeder kan dan uitrusten.", stance="for")
    scenes.comment(on, "Dank je wel!", parent=first, author=street.people["author"])
    scenes.comment(on, ARABIC, language="ar", stance="question")
    scenes.comment(on, "Weg hiermee.", status=Status.HIDDEN, stance="against")
    parent = scenes.comment(on, "Dit is weg, maar het antwoord niet.")
    scenes.comment(on, "Dat vind ik ook.", parent=parent)
    scenes.bring(parent, Status.HIDDEN)
    street.comments["own"] = scenes.comment(
        on, "Ik help mee.", author=street.people["neighbour"], status=Status.SUBMITTED
    )


def _send_empty(page: Page) -> None:
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_selector("[data-error-summary]")


def _send_no_recording(page: Page) -> None:
    # Above it stand the forms that take one's own recordings away.
    page.locator("main form[enctype] button[type=submit]").click()
    page.wait_for_selector("[data-error-summary]")


def _send_what_is_old(page: Page) -> None:
    page.fill("[name=text]", "Een heel ander verhaal.")
    page.evaluate("document.querySelector('[name=started_from]').value = 'iets anders'")
    page.locator("#own-text button[type=submit]").click()
    page.wait_for_selector("[data-error-summary]")


def _type_code(page: Page) -> None:
    """Send the code that was scanned, and see what was told."""
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_selector("#told-title")


def _change_told(page: Page) -> None:
    _type_code(page)
    page.locator("main a[href$='/wijzigen/']").click()
    page.wait_for_selector("#own-text")


def _ask_for_code(page: Page) -> None:
    page.fill(
        "main [name=email]", f"buur-{page.evaluate('document.documentElement.lang')}@b.example"
    )
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_selector("main [name=code]")


def _press(page: Page) -> None:
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_selector("main [role=status]")


def _choose_no_hours(page: Page) -> None:
    """Choose quiet hours that end when they begin."""
    page.select_option("[name=quiet_until]", "22")
    page.locator("form:has([name=pace]) button[type=submit]").click()
    page.wait_for_selector("[data-error-summary]")


def _open_all(page: Page) -> None:
    """Open the fold-outs, so that what is in them is looked at too."""
    page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true })")


def _see_pins(page: Page) -> None:
    page.locator("[data-map-browse]").scroll_into_view_if_needed()
    page.wait_for_selector("[data-map-shown]")


@dataclass(frozen=True)
class Kind:
    """One kind of page: where it is, who looks at it, and what is done first."""

    name: str
    view: str
    of: str = ""
    who: str = ""
    query: str = ""
    first: Callable[[Page], None] | None = None

    def __str__(self) -> str:
        return self.name

    def open(self, page: Page, street: Street, language: str) -> None:
        page.goto(street.address(self.view, self.of, language=language) + self.query)
        if self.first:
            self.first(page)
        page.wait_for_selector("html.js")


# What a visitor can open; each of these is measured for its weight as well.
PUBLIC = [
    Kind("home", "home"),
    Kind("list", "ideas:list"),
    Kind("list with choices", "ideas:list", query="?area=schilderswijk&sort=support"),
    Kind("list without results", "ideas:list", query="?language=el"),
    Kind("list with words", "ideas:list", query="?q=banken"),
    Kind("search", "search"),
    Kind("search with words", "search", query="?q=banken"),
    Kind("map", "ideas:map", first=_see_pins),
    Kind("map of a neighbourhood", "ideas:map", query="?area=schilderswijk", first=_see_pins),
    Kind("idea", "ideas:detail", "open"),
    Kind("idea with long words", "ideas:detail", "long"),
    Kind("idea in Arabic", "ideas:detail", "arabic"),
    Kind("idea with its answer", "ideas:detail", "answered"),
    Kind("promises", "promises:list"),
    Kind("promises kept", "promises:list", query="?state=kept"),
    Kind("comments", "ideas:comments", "open"),
    Kind("news", "ideas:news", "open"),
    Kind("asking for a poster", "posters:ask", "open"),
    Kind("asking for a poster in Arabic", "posters:ask", "arabic"),
    Kind("poster", "posters:sheet", "open"),
    Kind("support", "ideas:support", "open"),
    Kind("offering help", "ideas:offer_help", "open"),
    Kind("reporting", "reports:text", "long"),
    Kind("reporting in Arabic", "reports:text", "arabic"),
    Kind("reporting a picture", "reports:picture", "open"),
    Kind("receipt", "reports:receipt", "open"),
    Kind("translation", "translations:show", "long"),
    Kind("translation in Arabic", "translations:show", "arabic"),
    Kind("receipt with its outcome", "reports:receipt", "kept"),
    Kind("step one", "ideas:new"),
    Kind("sign-in", "account_login"),
    Kind("sign-in with a card", "account_card"),
    Kind("areas", "areas"),
    Kind("area", "area", "schilderswijk", first=_open_all),
    Kind("figure", "feedback:figure", "moeite-met-rondkomen", first=_open_all),
    Kind("areas compared", "areas", query="?zoek=2525&figure=moeite-met-rondkomen"),
    Kind("council", "jongerenraad:council"),
    Kind("votes", "jongerenraad:matters"),
    Kind("closed vote", "jongerenraad:matter", "closed"),
    Kind("work budget", "budgets:overview"),
    Kind("plan that is done", "budgets:application", "closed"),
    Kind("plan in Arabic", "budgets:application", "paid"),
    Kind("how to ask for money", "budgets:new"),
    Kind("house rules", "page", "huisregels"),
    Kind("how we moderate", "openness:how"),
    Kind("figures of moderation", "openness:figures"),
    Kind("help", "page", "hulp"),
    Kind("goodbye", "left"),
    Kind("slip to type in", "slips:enter"),
    Kind("not there", "home", query="nergens/"),
]
PERSONAL = [
    Kind("step one again", "ideas:draft_what", "draft", "author"),
    Kind("step one with errors", "ideas:new", first=_send_empty),
    Kind("step two", "ideas:draft_where", "draft", "author", first=_open_all),
    Kind("step three", "ideas:draft_who", "draft", "author"),
    Kind("last look", "ideas:draft_check", "draft", "author"),
    Kind("own idea that came back", "ideas:detail", "returned", "author"),
    Kind("idea, signed in", "ideas:detail", "open", "neighbour"),
    Kind("idea for the office", "ideas:detail", "answered", "office"),
    Kind("change", "ideas:edit", "returned", "author"),
    Kind("change in two windows", "ideas:edit", "changed", "author", first=_send_what_is_old),
    Kind("own idea that changes", "ideas:detail", "changed", "author", first=_open_all),
    Kind(
        "reading aloud",
        "contributions:speak",
        "bulgarian",
        "messenger",
        first=_send_no_recording,
    ),
    Kind("own reading", "contributions:speak", "bulgarian", "author in Bulgarian"),
    Kind("idea read aloud", "ideas:detail", "bulgarian", "messenger"),
    Kind("idea read aloud, reviewed", "moderation:item", "bulgarian", "moderator", first=_open_all),
    Kind("where help is", "contributions:where_help_is", "returned", "author"),
    Kind("history", "contributions:history", "changed", "author", first=_open_all),
    Kind("history of what came back", "contributions:history", "returned", "moderator"),
    Kind(
        "history in Arabic",
        "contributions:history",
        "arabic",
        "author in Arabic",
        first=_open_all,
    ),
    Kind("reporting with errors", "reports:text", "open", first=_send_empty),
    Kind("reporting again", "reports:text", "long", "neighbour"),
    Kind("take away", "ideas:take_away", "open", "author"),
    Kind("own comment", "ideas:comment", "own", "neighbour"),
    Kind("comment with errors", "ideas:comments", "open", "neighbour", first=_send_empty),
    Kind("answer", "ideas:answer", "bulgarian", "office"),
    Kind("offering help, empty", "ideas:offer_help", "long", "neighbour", first=_send_empty),
    Kind("who does it together", "ideas:together", "open", "author", first=_open_all),
    Kind("invitation", "together:invitation", who="moderator"),
    Kind("conversations", "together:overview", who="author"),
    Kind("conversation", "together:conversation", who="author", first=_open_all),
    Kind("telling news", "ideas:write_news", "open", "author"),
    Kind("own news", "ideas:update", "own", "author", first=_open_all),
    Kind("looking for the double", "ideas:merge", "long", "office", "?zoek=idee"),
    Kind("taking doubles apart", "ideas:undo_merger", "double", "office", first=_open_all),
    Kind("answer that changes", "ideas:change_answer", "answered", "office"),
    Kind("planning", "ideas:plan_milestone", "answered", "office", first=_send_empty),
    Kind("milestone", "ideas:milestone", "answered", "office"),
    Kind("report on the work", "ideas:report", "answered", "office"),
    Kind("handing over", "ideas:hand_over", "answered", "office"),
    Kind("follow-up", "promises:work", who="office"),
    Kind("code", "account_login", first=_ask_for_code),
    Kind("password", "account_login_password"),
    Kind("new card, empty", "account_card_first_pin", first=_send_empty),
    Kind("a shared device", "shared_devices:begin", who="office", first=_send_empty),
    Kind("giving a card", "account_give_card", who="office"),
    Kind("replacing a card", "account_replace_card", who="office", first=_send_empty),
    Kind("tell", "feedback:tell", "moeite-met-rondkomen"),
    Kind("own remark", "feedback:remark", "own", "neighbour"),
    Kind("experiences", "feedback:overview", who="office"),
    Kind("respond", "feedback:respond", "moeite-met-rondkomen", "office", first=_send_empty),
    Kind("figure for the office", "feedback:figure", "moeite-met-rondkomen", "office"),
    Kind("import", "indicators:import", who="office"),
    Kind("profile", "accounts:profile", who="author"),
    Kind("my page", "account_home", who="author"),
    Kind("for you", "notifications:inbox", who="told"),
    Kind("for you, empty", "notifications:inbox", who="author"),
    Kind("what one hears of", "notifications:preferences", who="told", first=_open_all),
    Kind("hours with a mistake", "notifications:preferences", who="author", first=_choose_no_hours),
    Kind("what one hears of, by mail", "notifications:preferences_by_mail", "told"),
    Kind("stopping a mail", "notifications:stop", "followed"),
    Kind("stopping a letter", "notifications:stop", "letter", first=_press),
    Kind("following", "notifications:follow", "long"),
    Kind("following in Arabic", "notifications:follow", "arabic", "told"),
    Kind("own data", "own_data", who="author"),
    Kind("leaving", "leave", who="neighbour", first=_send_empty),
    Kind("sign-in and safety", "account_safety", who="author"),
    Kind("app", "account_add_app", who="author", first=_send_empty),
    Kind("passkey", "account_add_passkey", who="author"),
    Kind("recovery codes", "account_recovery_codes", who="author"),
    Kind("who is it", "account_confirm_who", who="author"),
    Kind("for members", "jongerenraad:for_members", who="chair"),
    Kind("open vote", "jongerenraad:matter", "open", "member"),
    Kind("closed vote for a member", "jongerenraad:matter", "closed", "member"),
    Kind("opening a vote", "jongerenraad:open_vote", who="chair", first=_open_all),
    Kind("second vote", "jongerenraad:second_vote", "without quorum", "chair"),
    Kind("view of the minority", "jongerenraad:minority_view", "closed", "chair"),
    Kind("own seat", "jongerenraad:my_seat", who="member"),
    Kind("seats", "jongerenraad:members", who="office"),
    Kind("appointing", "jongerenraad:appoint", who="office", first=_send_empty),
    Kind("plan, step one", "budgets:plan", "draft", "author"),
    Kind("plan, step two", "budgets:costs", "draft", "author"),
    Kind("plan, step three", "budgets:recipient", "draft", "author"),
    Kind("plan, last look", "budgets:check", "draft", "author"),
    Kind("own plan that got money", "budgets:application", "granted", "author"),
    Kind("plan for the secretary", "budgets:application", "submitted", "secretary"),
    Kind(
        "asking to change a plan",
        "budgets:act",
        "submitted/terugsturen",
        "secretary",
        first=_send_empty,
    ),
    Kind("putting a plan to the vote", "budgets:act", "checked/in-stemming", "chair"),
    Kind("stepping aside", "budgets:act", "checked/opzij", "chair"),
    Kind("report", "budgets:report", "report_due", "author"),
    Kind("applications", "budgets:applications", who="treasurer"),
    Kind("payments", "budgets:payments", who="office"),
    Kind("deposit", "budgets:deposit", who="office", first=_send_empty),
    Kind("decisions about oneself", "decisions:list", who="warned"),
    Kind("decision", "decisions:decision", "returned", "author"),
    Kind("decision looked at again", "decisions:decision", "warned", "warned", first=_open_all),
    Kind("pause", "decisions:measure", "pause", "warned", first=_open_all),
    Kind("asking for another look", "decisions:appeal", "returned", "author", first=_send_empty),
    Kind("asking once more", "decisions:appeal", "warned", "warned"),
    Kind("my page with a pause", "account_home", who="warned"),
    Kind("appeals", "moderation:appeals", who="moderator"),
    Kind("appeal", "moderation:appeal", "warning", "moderator", first=_open_all),
    Kind("appeal in Arabic", "moderation:appeal", "pause", "moderator"),
    Kind("measures", "moderation:measures", who="moderator"),
    Kind("translating", "translations:write", "open", "neighbour", query="?taal=pl"),
    Kind("texts to translate", "translations:waiting", who="moderator"),
    Kind("translations to read", "translations:proposed", who="moderator"),
    Kind("translation to read", "translations:proposal", "long", "moderator", first=_open_all),
    Kind("measure", "moderation:measure", "pause", "moderator", first=_open_all),
    Kind("second yes", "moderation:measure", "end", "moderator", first=_open_all),
    Kind("for contact persons", "messengers:start", who="messenger"),
    Kind(
        "telling what was heard",
        "messengers:question",
        "long",
        "messenger",
        first=_send_empty,
    ),
    Kind("questions to contact persons", "messengers:questions", who="office"),
    Kind("asking contact persons", "messengers:ask", who="office", first=_send_empty),
    Kind("talks", "tellings:sessions", who="messenger"),
    Kind("opening a talk", "tellings:new", who="messenger", first=_send_empty),
    Kind("talk", "tellings:session", who="messenger"),
    Kind("talk with errors", "tellings:session", who="messenger", first=_send_empty),
    Kind("slip on paper", "tellings:slip", who="messenger"),
    Kind("calling back", "tellings:call_backs", who="moderator"),
    Kind("one call", "tellings:call_back", who="moderator", first=_send_empty),
    Kind("how texts came in", "tellings:by_channel", who="office"),
    Kind("slip with a mistake", "slips:enter", first=_send_empty),
    Kind("what one told", "slips:scanned", first=_type_code),
    Kind("changing what one told", "slips:scanned", first=_change_told),
    Kind("queue", "moderation:queue", who="moderator"),
    Kind("what waits", "moderation:waiting", who="office"),
    Kind("record of acts", "acts:list", who="administrator"),
    Kind("what goes out", "outbox:list", who="administrator"),
    Kind("what people are told", "outbox:kinds", who="office"),
    Kind("example of a letter", "outbox:preview", "letter", "office"),
    Kind("review", "moderation:item", "waiting", "moderator", first=_open_all),
    Kind("review of a change", "moderation:item", "changed", "moderator", first=_open_all),
    Kind("review of what was reported", "moderation:item", "long", "moderator", first=_open_all),
]
PAGES = [*PUBLIC, *PERSONAL]
