"""A person who left a mark in every place that the site has, and the search for it afterwards.

Each of their words holds ``MARK``: finding it anywhere says what was kept.
"""

import datetime
import io
import pickle
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.test import Client, TestCase
from django.utils import timezone

from accounts.models import Device, Identity, Organisation, Role, User
from budgets.actions import applying, deciding
from budgets.documents import draw, keep
from budgets.models import Application
from contributions import actions as review
from contributions import audio
from contributions.models import (
    AssistedSession,
    Dossier,
    Picture,
    Report,
    Revision,
    Status,
    Telling,
    Translation,
)
from contributions.pictures import Encoded, NewPicture, encode, make_sizes
from contributions.recordings import listen_to
from feedback.browsers import digest
from ideas import actions
from ideas.models import Comment, Initiative
from jongerenraad.actions.members import step_down
from jongerenraad.actions.portraits import agree_to_portrait
from jongerenraad.actions.votes import cast_vote
from jongerenraad.models import Council, Membership
from notifications.models import PushSubscription
from participatie import messengers
from participatie.mail import TerminalAndFileBackend
from participatie.posters.asking import ask_for
from participatie.posters.making import make
from participatie.posters.subjects import INITIATIVE
from participatie.privacy import emptying
from participatie.privacy.leaving import leave
from participatie.privacy.models import KEPT_FOR, Departure, TakeOut
from participatie.shared_devices.models import SharedDevice
from tests import councils, money, scenes, talks
from tests.jongerenraad import voting

MARK = "zqmark"
#: Stands in what the person published, apart from all other words.
PUBLISHED = "zqmarkpublished"
ADDRESS = f"{MARK}@buurten.example"
#: What is read first comes first: who has three texts on the site is read afterwards.
IN_ORDER = sorted(Status, key=lambda status: status in (Status.HIDDEN, Status.PUBLISHED))


def somebody(**told: Any) -> User:
    """Return a grown-up with an account in which each word holds the mark."""
    person = scenes.person(f"{MARK} name", kind="entrepreneur", business_name=f"{MARK} shop")
    User.objects.filter(pk=person.pk).update(email=ADDRESS, pseudonym=f"{MARK} pseudonym", **told)
    person.emailaddress_set.update(email=ADDRESS)  # type: ignore[attr-defined]
    return User.objects.get(pk=person.pk)


def with_everything() -> User:
    """Return a person who did all that one can do here, with the mark in every word."""
    person = somebody(area=scenes.area())
    on = scenes.initiative("An idea of a neighbour")
    for status in IN_ORDER:
        _ideas(person, status)
        _comment_and_remark(person, on, status)
    _in_a_name(person)
    _taps(person, on)
    _reports(person, on)
    _together(person, on)
    _translates(person, on)
    _council(person)
    _money(person)
    _moderated(person)
    _poster(person)
    _talks(person)
    _around(person)
    return User.objects.get(pk=person.pk)


def _ideas(person: User, status: Status) -> None:
    word = PUBLISHED if status == Status.PUBLISHED else MARK
    made = scenes.draft(
        f"{word} title",
        author=person,
        # A check finds the address in it, and a mark holds it.
        text=f"{word} text {word}@buurten.example",
        help_wanted=f"{word} help",
        address_line=f"{MARK} street",
        latitude="52.07000",
        longitude="4.30000",
    )
    _picture(made, f"{word} picture")
    if status == Status.DRAFT:
        return
    made = actions.hand_in(initiative=made, by=person)
    scenes.bring(made, status)
    made.refresh_from_db()
    _translated(made, person, "checked")
    if status == Status.PUBLISHED:
        _change(made, person)
        review.speak(
            contribution=made,
            by=person,
            language=made.language,
            encoded=audio.Encoded(f"{MARK} sound".encode(), 3),
        )
    elif status == Status.HIDDEN:
        _hide_again(made.dossier)


def _hide_again(dossier: Dossier) -> None:
    """Let a moderator quote what somebody wrote, to them and to colleagues."""
    reader = scenes.moderator()
    review.write_note(dossier=dossier, by=reader, text=f"{MARK} in a note")
    review.restore(dossier=dossier, by=reader)
    review.hide(
        dossier=dossier,
        by=reader,
        rule=scenes.house_rule(),
        reason=f"You wrote {MARK}",
        facts=f"{MARK} in the second line",
    )


def _moderated(person: User) -> None:
    """Ask for another look, in words and by voice, and be paused for a while."""
    texts = {one.status: one for one in Initiative.objects.filter(author=person)}
    for status in (Status.HIDDEN, Status.REJECTED):
        made = review.appeal(
            about=texts[status].dossier.decisions.last(),
            by=person,
            words=f"{MARK} I disagree",
            recording=listen_to(scenes.recording_file()),
        )
        if status == Status.HIDDEN:
            review.judge(
                appeal=made, by=scenes.moderator(), granted=False, reason=f"{MARK} it stays"
            )
    by = scenes.moderator()
    warning = review.warn(
        dossier=Comment.objects.get(author=person, text__startswith=PUBLISHED).dossier,
        by=by,
        rule=scenes.house_rule(),
        reason=f"{MARK} warned",
        facts=f"{MARK} words",
    )
    measure = review.pause(decision=warning, by=by, days=3)
    review.lift(measure=measure, by=scenes.moderator(), reason=f"{MARK} lifted")


def _talks(person: User) -> None:
    """Hold a talk as a messenger, and take into the account what was told to another one."""
    talk = talks.talk(scenes.granted(Role.MESSENGER, language="ro", user=person))
    AssistedSession.objects.filter(pk=talk.pk).update(place=f"{MARK} place")
    slip = talks.told(title=f"{MARK} told", text=f"{MARK} told to somebody")
    review.claim_telling(telling=slip.telling, by=person)
    # As if they had not gone when it was claimed.
    Telling.objects.filter(pk=slip.telling.pk).update(
        first_name=f"{MARK} first", telephone=f"{MARK} number", slip_sealed=f"{MARK} code"
    )


def _in_a_name(person: User) -> None:
    made = scenes.initiative("In a name", author=person, text="Not one person's words.")
    shops = Organisation.objects.create(name="Winkels", kind="shop_street")
    Initiative.objects.filter(pk=made.pk).update(on_behalf_of=shops)


def _picture(of: Initiative, description: str) -> Picture:
    with transaction.atomic():
        picture = review.attach_picture(
            contribution=of,
            encoded=encode(scenes.picture_file(size=(400, 300))),
            description=description,
            revision=None,
        )
    make_sizes(picture=picture)
    return picture


def _small_picture() -> Encoded:
    return encode(scenes.picture_file(size=(60, 60)))


def _change(of: Initiative, person: User) -> None:
    """Ask for a change, with a picture, that waits for a moderator."""
    change = review.propose_revision(
        contribution=of,
        by=person,
        data={**of.fields_of_revision(), "text": f"{MARK} changed"},
        new_pictures=[
            NewPicture(encode(scenes.picture_file(size=(60, 40))), f"{MARK} new picture")
        ],
    )
    # As it stands in one that was taken over.
    Revision.objects.filter(pk=change.pk).update(before={"text": f"{MARK} before"})


def _translated(of: Initiative, person: User, state: str) -> None:
    """Let a neighbour and the person translate a text, into two languages."""
    told = {"dossier": of.dossier, "source_digest": "x", "maker": "reader", "state": state}
    word = PUBLISHED if of.status == Status.PUBLISHED else MARK
    words = {"title": f"{word} translated", "text": f"{word} translated"}
    Translation.objects.create(language="pl", words=words, made_by=scenes.person(), **told)
    Translation.objects.create(language="bg", words=words, made_by=person, **told)


def _news(of: Initiative) -> None:
    for status, word in ((Status.DRAFT, MARK), (Status.PUBLISHED, PUBLISHED)):
        scenes.update(of, f"{word} news", status=status)


def _comment_and_remark(person: User, on: Initiative, status: Status) -> None:
    word = PUBLISHED if status == Status.PUBLISHED else MARK
    made = scenes.comment(on, f"{word} comment {status}", author=person, status=status)
    if status == Status.PUBLISHED:
        scenes.comment(on, "An answer of a neighbour", parent=made)
    scenes.remark(
        f"{word} remark {status}",
        author=person,
        of=scenes.indicator(f"figure-{status}"),
        status=status,
    )


def _taps(person: User, on: Initiative) -> None:
    """Answer beside a figure, and support an idea that is open and one that is answered."""
    scenes.answered(person=person, browser=digest(f"{MARK} browser"), of=scenes.indicator("last"))
    person.experiences.filter(indicator__slug="last").update(browser=f"{MARK} browser")
    actions.give_support(initiative_pk=on.pk, person=person)
    over = scenes.initiative("An idea that is answered")
    actions.give_support(initiative_pk=over.pk, person=person)
    actions.answer(
        initiative=_crossed(over),
        by=scenes.granted(Role.PROGRAMME_OFFICE),
        outcome="adopted",
        text="We do this.",
        language="en",
    )


def _reports(person: User, on: Initiative) -> None:
    """Report a text, and let a neighbour report what the person wrote; and one by this address."""
    by_person, _new = _report(on, by=person, email=ADDRESS, words=f"{MARK} report")
    Report.objects.filter(pk=by_person.pk).update(reported_by_key=f"{MARK} key")
    _report(on, by=None, email=ADDRESS, words="Somebody without an account")
    own = Initiative.objects.get(author=person, title__startswith=PUBLISHED)
    _report(own, by=scenes.person(), email="", words=f"They wrote {PUBLISHED}")


def _report(on: Initiative, *, by: User | None, email: str, words: str) -> tuple[Report, bool]:
    return review.report(
        contribution=on,
        picture=None,
        by=by,
        key=review.key_of_reporter(by, "a browser"),
        category="hate",
        words=words,
        email=email,
        language="en",
    )


def _crossed(initiative: Initiative) -> Initiative:
    Initiative.objects.filter(pk=initiative.pk).update(threshold=2)
    scenes.supporters(1, of=initiative)
    return Initiative.objects.get(pk=initiative.pk)


def _together(person: User, on: Initiative) -> None:
    """Invite somebody, be invited, join a neighbour, and write messages on both sides."""
    now = timezone.now()
    own = Initiative.objects.get(author=person, title__startswith=PUBLISHED)
    _news(own)
    scenes.invited(own, f"{MARK}.friend@buurten.example")
    scenes.invited(on, ADDRESS)
    scenes.joined(scenes.initiative("An idea to do together"), person)
    offered = actions.offer_help(
        initiative=on, by=person, text=f"{MARK} offer", language="en", now=now
    )
    assert on.author is not None
    actions.write_message(offer=offered, by=on.author, text="Thanks", language="en", now=now)
    other = scenes.person()
    asked = actions.offer_help(initiative=own, by=other, text="I can help", language="en", now=now)
    actions.write_message(offer=asked, by=person, text=f"{MARK} reply", language="en", now=now)


def _translates(person: User, on: Initiative) -> None:
    """Translate a neighbour's text: one that waits, one that was declined, with the reason."""
    for language, state in (("pl", "waiting"), ("bg", "declined"), ("ro", "replaced")):
        Translation.objects.create(
            dossier=on.dossier,
            language=language,
            words={"title": f"{MARK} title", "text": f"{MARK} text"},
            state=state,
            maker="reader",
            made_by=person,
            source_digest="x",
            reason=f"{MARK} says more" if state == "declined" else "",
        )


def _council(person: User) -> None:
    council = councils.council(members=5, vacancies=1)
    term = council.terms.get()
    # Somebody who sat before, was ended by the office, and sits again.
    seat = council.seats.last()
    first = councils.seated(seat, term=term, person=person)
    step_down(membership=first, by=scenes.granted(Role.PROGRAMME_OFFICE), reason=f"{MARK} moved")
    membership = councils.seated(seat, term=term, person=person)
    Membership.objects.filter(person=person).update(first_name=f"{MARK} first")
    agree_to_portrait(membership=membership, by=person, encoded=_small_picture())
    matter = voting.opened(council)
    cast_vote(matter=matter, by=person, choice="agree", word=f"{MARK} word")
    voting.closed(matter, disagree=3)
    voting.closed(voting.opened(council, aside={membership.pk: f"{MARK} aside"}), agree=3)


def _money(person: User) -> None:
    council = Council.objects.get()
    money.filled(council)
    told = {
        "what": f"{MARK} what",
        "for_whom": f"{MARK} whom",
        "own_contribution": f"{MARK} own",
        "recipient_name": f"{MARK} recipient",
        "recipient_email": ADDRESS,
    }
    for stage in ("draft", "submitted", "declined", "granted"):
        made = money.application(council, stage, f"{MARK} plan", author=person, **told)
        with transaction.atomic():
            keep(made, "quote", draw(scenes.picture_file(colour="red", size=(60, 80))))
    taken_back = money.application(council, "submitted", f"{MARK} plan", author=person, **told)
    applying.take_back(application=taken_back, by=person, reason=f"{MARK} reason")
    public = {name: word.replace(MARK, PUBLISHED) for name, word in told.items()}
    public |= {"recipient_name": f"{MARK} recipient", "recipient_email": ADDRESS}
    closed = money.application(council, "closed", f"{PUBLISHED} plan", author=person, **public)
    # Words that are none look like another language to a check, so somebody read them first.
    scenes.bring(closed, Status.PUBLISHED)
    closed.lines.update(description=f"{MARK} costs")
    closed.receipts.update(description=f"{MARK} receipt")
    Application.objects.get(pk=closed.pk).documents.update(digest=MARK)
    report = closed.report
    for part in ("did", "met", "learned"):
        setattr(report, part, f"{PUBLISHED} {part}")
    report.save()
    other = money.application(council, "submitted", "A plan of a neighbour")
    deciding.step_aside(
        application=other, person=person, ground="other", reason=f"{MARK} friend", by=person
    )


def _poster(person: User) -> None:
    """Have a poster made of what the person wrote: its title stands in the file."""
    poster = ask_for(
        subject=INITIATIVE,
        thing=Initiative.objects.get(author=person, title__startswith=PUBLISHED),
        sheet="poster",
        languages=["nl"],
        may_make=lambda: True,
    )
    assert make(pk=poster.pk)


def _around(person: User) -> None:
    """Sign in, look around, get mail, ask for a take-out, and be changed by an administrator."""
    look_around(person)
    Device.objects.filter(user=person).delete()
    device = Device.objects.create(
        user=person,
        session=Session.objects.order_by("expire_date").last(),
        browser=f"{MARK} browser",
        system=f"{MARK} system",
        last_seen_date=timezone.localdate(),
    )
    PushSubscription.objects.create(
        person=person,
        device=device,
        endpoint=f"https://push.example/{MARK}",
        endpoint_digest=digest(f"{MARK} endpoint"),
        p256dh=f"{MARK} key",
        auth=f"{MARK} secret",
    )
    _as_contact_person(person)
    Identity.objects.create(user=person, pseudonym=f"{MARK} identity")
    SharedDevice.objects.create(
        name=f"{MARK} device", key_digest=digest(f"{MARK} shared"), code="", started_by=person
    )
    Authenticator.objects.create(user=person, type="totp", data={"secret": f"{MARK} secret"})
    TerminalAndFileBackend(file_path=settings.EMAIL_FILE_PATH).send_messages(
        [EmailMessage("Your code", "123456", to=[ADDRESS])]
    )
    now = timezone.now()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("data.json", MARK)
    TakeOut.objects.create(
        person=person,
        language="en",
        state=TakeOut.State.READY,
        path=default_storage.save(f"take-outs/{MARK}.zip", ContentFile(out.getvalue())),
        ready_at=now,
        expires_at=now + KEPT_FOR,
        asked_at=now - datetime.timedelta(days=2),
    )
    LogEntry.objects.create(
        user=scenes.granted(Role.ADMINISTRATOR),
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(person.pk),
        object_repr=f"{MARK} name",
        action_flag=2,
        change_message=f"{MARK} changed",
    )


def _as_contact_person(person: User) -> None:
    """Ask contact persons something, and tell the office what was heard."""
    day = timezone.localdate()
    asked = messengers.ask_messengers(
        by=scenes.granted(Role.PROGRAMME_OFFICE, user=person),
        text="Who knows young Poles here?",
        language="en",
        languages=["pl"],
        areas=[],
        target_group=None,
        starts_date=day,
        ends_date=day + datetime.timedelta(days=9),
    )
    messengers.tell_office(
        request=asked,
        by=scenes.granted(Role.MESSENGER, user=person),
        text=f"{MARK} heard this",
        language="en",
        is_done=True,
    )
    person.grants.update(ends_at=timezone.now())


def look_around(person: User) -> None:
    """Open the pages that draw what people wrote."""
    client = Client()
    client.force_login(person)
    for path in ("", "initiatieven/", "wijk/testwijk/", "account/"):
        assert client.get(f"/en/{path}").status_code == 200


#: When the worker goes through it the second time.
LATER = datetime.timedelta(minutes=11)


def make_pass(departure: Departure, now: datetime.datetime | None = None) -> bool:
    """Let the worker go through it; what follows a transaction happens too."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        return emptying.make_pass(pk=departure.pk, now=now)


def gone(person: User, *, texts_stay: bool) -> Departure:
    """Let somebody leave, and let the worker go through all of it once."""
    departure = leave(person=person, texts_stay=texts_stay)
    assert make_pass(departure)
    return Departure.objects.get(pk=departure.pk)


def again(departure: Departure) -> None:
    """Let the worker go through it the second time."""
    assert make_pass(departure, timezone.now() + LATER)


def found_in_tables(mark: str = MARK) -> set[str]:
    """Return each ``table.column`` in which a mark stands, sessions read."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    text = value.decode(errors="replace") if isinstance(value, bytes) else value
                    if mark in str(text):
                        found.add(f"{table}.{name}")
    if any(mark in str(session.get_decoded()) for session in Session.objects.all()):
        found.add("django_session.session_data")
    return found


def found_in_files(mark: str = MARK) -> set[str]:
    """Return the files, of pictures, take-outs, mail and whatever else, in which a mark stands."""
    return {
        str(path)
        for folder in (settings.MEDIA_ROOT, settings.EMAIL_FILE_PATH)
        if folder
        for path in Path(folder).rglob("*")
        if path.is_file() and any(mark.encode() in part for part in _parts(path))
    }


def _parts(path: Path) -> Iterator[bytes]:
    yield str(path).encode()
    yield path.read_bytes()
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            yield from (archive.read(name) for name in archive.namelist())


def found_in_caches(mark: str = MARK) -> set[str]:
    """Return the caches in which a mark stands, in a key or in what is kept under it."""
    found = set()
    for alias in settings.CACHES:
        if any(mark.encode() in part for part in _cached(alias)):
            found.add(alias)
    return found


def _cached(alias: str) -> Iterator[bytes]:
    cache: Any = caches[alias]
    if hasattr(cache, "key_prefix") and hasattr(cache, "_cache") and not hasattr(cache, "_dir"):
        client = cache._cache.get_client(None, write=True)
        for key in client.scan_iter(match=f"{cache.key_prefix}:*"):
            yield key
            yield client.get(key) or b""
        return
    for path in Path(cache._dir).glob("*.djcache"):
        with path.open("rb") as file:
            pickle.load(file)  # when it ends
            yield zlib.decompress(file.read())


def found_anywhere(mark: str = MARK) -> set[str]:
    """Return every place in which a mark stands."""
    return found_in_tables(mark) | found_in_files(mark) | found_in_caches(mark)
