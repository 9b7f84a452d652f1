"""People, places and texts for tests, made by the same actions as the pages."""

import datetime
import functools
import io
import itertools
import math
import struct
import wave
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from accounts.actions import introduce, open_account
from accounts.models import Role, RoleGrant, User
from areas.models import Area
from contributions import actions as review
from contributions.forms import PicturesForm
from contributions.models import Contribution, Dossier, HouseRule, Status, Translation
from contributions.translations import digest_of
from feedback import actions as feedback
from feedback.browsers import digest
from feedback.models import Experience, Remark, Response
from feedback.quarters import quarter_at
from ideas import actions
from ideas.models import Comment, HelpOffer, Initiative, Invitation, Update
from indicators.models import Indicator, Measurement, TargetGroup, Theme

_numbers = itertools.count(1)


def area(slug: str = "testwijk", *, parent: Area | None = None, **fields: Any) -> Area:
    """Return a neighbourhood where people can post, made if it is not there."""
    found, _made = Area.objects.get_or_create(
        slug=slug,
        defaults={
            "name": slug.capitalize(),
            "kind": Area.Kind.NEIGHBOURHOOD,
            "parent": parent,
            "accepts_contributions": True,
            **fields,
        },
    )
    return found


def theme(slug: str = "gezond", colour: str = "health") -> Theme:
    """Return a theme, made if it is not there."""
    found, _made = Theme.objects.get_or_create(
        slug=slug, defaults={"short_name": slug, "name": slug.capitalize(), "colour_key": colour}
    )
    return found


def target_group(slug: str = "jongeren") -> TargetGroup:
    """Return a target group, made if it is not there."""
    found, _made = TargetGroup.objects.get_or_create(slug=slug, defaults={"name": slug})
    return found


def indicator(slug: str = "rondkomen", **fields: Any) -> Indicator:
    """Return a figure that residents may be asked about, made if it is not there."""
    found, _made = Indicator.objects.get_or_create(
        slug=slug,
        defaults={
            "theme": fields.pop("theme", None) or theme(),
            "name": f"Figure {slug}",
            "sentence": "Of every 100 households, {value} find it hard.",
            "unit": "percent",
            "better": "lower",
            "source": "A survey",
            "may_be_asked": True,
            **fields,
        },
    )
    return found


def measured(
    value: float | str | None = None,
    *,
    of: Indicator | None = None,
    where: Area | None = None,
    period: str = "2023",
    **fields: Any,
) -> Measurement:
    """Return a measurement of a figure in an area."""
    return Measurement.objects.create(
        indicator=of or indicator(),
        area=where or area(),
        period=period,
        value=None if value is None else Decimal(str(value)),
        **fields,
    )


def answered(
    recognition: str = "yes",
    *,
    trend: str = "",
    person: User | None = None,
    browser: str = "",
    of: Indicator | None = None,
    where: Area | None = None,
    now: datetime.datetime | None = None,
) -> Experience:
    """Let somebody answer about a figure; without a person, a browser of its own does."""
    now = now or timezone.now()
    return feedback.answer(
        indicator=of or indicator(),
        area=where or area(),
        person=person,
        browser=browser or ("" if person else digest(str(next(_numbers)))),
        quarter_date=quarter_at(now),
        recognition=recognition,
        trend=trend,
        now=now,
    )


def remark(
    text: str = "I see this every day.",
    *,
    author: User | None = None,
    of: Indicator | None = None,
    where: Area | None = None,
    status: str = Status.PUBLISHED,
    language: str = "nl",
) -> Remark:
    """Return a remark beside a figure, in a status."""
    author = author or person()
    answered(person=author, of=of, where=where)
    form = PicturesForm({})
    form.is_valid()
    made = feedback.begin_remark(
        indicator=of or indicator(),
        area=where or area(),
        author=author,
        draft_key="",
        text=text,
        language=language,
        form=form,
    )
    if status == Status.DRAFT:
        return made
    made = feedback.hand_in_remark(remark=made, by=author)
    bring(made, status)
    made.refresh_from_db()
    return made


def response(
    *, by: User, of: Indicator | None = None, where: Area | None = None, **fields: Any
) -> Response:
    """Return a response of the programme office beside a figure."""
    told = {
        "heard": "You told us this.",
        "doing": "We open on Saturday.",
        "who": "The help desk",
        "state": "promised",
        "due_date": timezone.localdate() + datetime.timedelta(days=30),
        **fields,
    }
    return feedback.respond(
        indicator=of or indicator(), area=where or area(), by=by, language="nl", **told
    )


def house_rule(code: str = "respect") -> HouseRule:
    """Return a house rule in force, made if it is not there."""
    found, _made = HouseRule.objects.get_or_create(
        code=code, valid_until=None, defaults={"title": f"Rule {code}", "text": "Be kind."}
    )
    return found


def person(
    name: str = "",
    *,
    age_band: str = "27-54",
    language: str = "nl",
    password: str = "",
    **told: Any,
) -> User:
    """Return somebody with a confirmed address who told who they are."""
    number = next(_numbers)
    user, _is_new = open_account(email=f"person{number}@buurten.example", language=language)
    if age_band:
        user = introduce(
            user=user,
            # A name waits to be read: who is not named goes by a pseudonym.
            display_name=name,
            kind=told.get("kind", User.Kind.RESIDENT),
            business_name=told.get("business_name", ""),
            age_band=age_band,
        )
    if password:
        user.set_password(password)
        user.save()
    return user


def granted(
    role: str,
    *,
    area: Area | None = None,
    language: str = "",
    user: User | None = None,
    **grant: Any,
) -> User:
    """Return somebody with a role."""
    user = user or person(role)
    RoleGrant.objects.create(
        user=user,
        role=role,
        area=area,
        language=language or ("pl" if role == Role.MESSENGER else ""),
        starts_at=grant.pop("starts_at", timezone.now() - datetime.timedelta(days=1)),
        **grant,
    )
    return User.objects.get(pk=user.pk)


def moderator(*, area: Area | None = None, language: str = "") -> User:
    """Return a moderator, of everything unless said otherwise."""
    return granted(Role.MODERATOR, area=area, language=language)


def trusted(user: User) -> User:
    """Give somebody three published texts, so that their next ones stand at once."""
    for number in range(3):
        initiative(title=f"Earlier idea {number}", author=user)
    return user


def draft(
    title: str = "A bench on the square",
    *,
    author: User | None = None,
    draft_key: str = "",
    where: Area | None = None,
    groups: list[TargetGroup] | None = None,
    **fields: Any,
) -> Initiative:
    """Return a complete draft."""
    if author is None and not draft_key:
        author = person()
    started = actions.start_draft(
        author=author, draft_key=draft_key, language=fields.pop("language", "nl")
    )
    return actions.write(
        initiative=started,
        by=author or User(),
        draft_key=draft_key,
        values={
            "title": title,
            "text": fields.pop("text", "There is no place to sit. I want to build a bench."),
            "area": where or area(),
            "theme": fields.pop("theme", None) or theme(),
            **({"target_groups": groups} if groups else {}),
            **fields,
        },
    )


def initiative(
    title: str = "A bench on the square",
    *,
    status: str = Status.PUBLISHED,
    author: User | None = None,
    now: datetime.datetime | None = None,
    **fields: Any,
) -> Initiative:
    """Return an initiative in a status, brought there by the actions that lead to it."""
    made = draft(title, author=author, **fields)
    if status == Status.DRAFT:
        return made
    assert made.author is not None
    made = actions.hand_in(initiative=made, by=made.author, now=now)
    bring(made, status, now=now)
    made.refresh_from_db()
    return made


def translated_by_machine(
    text: Contribution, *, language: str, words: dict[str, str]
) -> Translation:
    """Return what a machine made of a text, as it reads now."""
    return Translation.objects.create(
        dossier=text.dossier,
        language=language,
        words=words,
        state=Translation.State.MACHINE,
        maker=Translation.Maker.MACHINE,
        source_digest=digest_of(text),
    )


def comment(
    on: Initiative,
    text: str = "What a good idea",
    *,
    status: str = Status.PUBLISHED,
    author: User | None = None,
    parent: Comment | None = None,
    stance: str = "",
    language: str = "nl",
) -> Comment:
    """Return a comment in a status."""
    author = author or person()
    made = actions.write_comment(
        initiative=on,
        author=author,
        draft_key="",
        text=text,
        language=language,
        stance=stance,
        parent=parent,
    )
    if status == Status.DRAFT:
        return made
    made = actions.hand_in_comment(comment=made, by=author)
    bring(made, status)
    made.refresh_from_db()
    return made


def invited(
    to: Initiative,
    email: str = "buur@voorbeeld.test",
    *,
    language: str = "nl",
    now: datetime.datetime | None = None,
) -> Invitation:
    """Return an open invitation of an initiative's author to an address."""
    assert to.author is not None
    return actions.invite(
        initiative=to, by=to.author, email=email, language=language, now=now or timezone.now()
    )


def joined(to: Initiative, who: User | None = None) -> User:
    """Let somebody join an initiative's author, by invitation; return them."""
    who = who or person()
    token = invited(to, who.email).token
    actions.accept_invitation(token=token, by=who, now=timezone.now())
    return who


def offered(
    to: Initiative,
    text: str = "I can sew curtains.",
    *,
    helper: User | None = None,
    now: datetime.datetime | None = None,
) -> HelpOffer:
    """Let somebody offer help with an initiative; return the conversation."""
    return actions.offer_help(
        initiative=to,
        by=helper or person(),
        text=text,
        language="en",
        now=now or timezone.now(),
    )


def update(
    on: Initiative,
    text: str = "We begin on Saturday.",
    *,
    status: str = Status.PUBLISHED,
    picture: bool = False,
) -> Update:
    """Return news about an initiative by who shared it, in a status."""
    assert on.author is not None
    files = {"new_1": picture_file()} if picture else {}
    form = PicturesForm({"new_description_1": "A photo"}, files)
    form.is_valid()
    made = actions.write_update(
        initiative=on, author=on.author, text=text, language="nl", form=form
    )
    if status == Status.DRAFT:
        return made
    made = actions.hand_in_update(update=made, by=on.author)
    bring(made, status)
    made.refresh_from_db()
    return made


def bring(contribution: Contribution, status: str, *, now: datetime.datetime | None = None) -> None:
    """Bring a text that was handed in to a status, as a moderator or its author would."""
    dossier = Dossier.objects.get(pk=contribution.dossier_id)
    reader = moderator()
    contribution.refresh_from_db()
    if contribution.status == Status.SUBMITTED and status in (
        Status.PUBLISHED,
        Status.HIDDEN,
    ):
        review.publish(dossier=dossier, by=reader, now=now)
    if status == Status.RETURNED:
        review.send_back(dossier=dossier, by=reader, reason="Please say which street.", now=now)
    elif status == Status.REJECTED:
        review.reject(dossier=dossier, by=reader, rule=house_rule(), reason="Not kind.", now=now)
    elif status == Status.HIDDEN:
        review.hide(dossier=dossier, by=reader, rule=house_rule(), reason="Not kind.", now=now)
    elif status == Status.WITHDRAWN:
        assert contribution.author is not None
        review.withdraw(contribution=contribution, by=contribution.author, now=now)


def supporters(count: int, *, of: Initiative) -> None:
    """Let a number of people support an initiative."""
    for _number in range(count):
        actions.give_support(initiative_pk=of.pk, person=person())


def picture_file(
    name: str = "photo.jpg",
    *,
    size: tuple[int, int] = (900, 600),
    encoding: str = "JPEG",
    colour: str = "orange",
    **options: Any,
) -> SimpleUploadedFile:
    """Return an uploaded picture."""
    made = _drawn(size, encoding, colour) if not options else _draw(size, encoding, colour, options)
    return SimpleUploadedFile(name, made, content_type=f"image/{encoding.lower()}")


def _draw(size: tuple[int, int], encoding: str, colour: str, options: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, encoding, **options)
    return out.getvalue()


@functools.cache
def _drawn(size: tuple[int, int], encoding: str, colour: str) -> bytes:
    """Return a picture that was drawn before, or draw it."""
    return _draw(size, encoding, colour, {})


def recording_file(name: str = "memo.wav", *, seconds: int = 1) -> SimpleUploadedFile:
    """Return an uploaded recording: a soft tone."""
    rate = 8000
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        tone = b"".join(struct.pack("<h", int(9000 * math.sin(i / 9))) for i in range(rate))
        sound.writeframes(tone * seconds)
    return SimpleUploadedFile(name, out.getvalue(), content_type="audio/wav")
