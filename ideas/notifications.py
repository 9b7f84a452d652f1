"""The kinds of notifications about initiatives, and what people can follow here."""

import datetime
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, Model, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import Role, User
from areas.models import Area
from contributions.dates import in_words
from contributions.deadlines import today
from contributions.models import Contribution
from contributions.notices import Reach, Said, on_the_site, pictures_of, said, shortened
from ideas.models import (
    CoInitiator,
    Comment,
    Initiative,
    Invitation,
    OfficeAct,
    OfficialAnswer,
    Progress,
    ProgressReport,
    Support,
    Update,
)
from ideas.notices import leaders_of
from ideas.together import is_known_young
from indicators.models import Theme
from notifications.actions import notify
from notifications.kinds import (
    About,
    Category,
    Followable,
    Followed,
    NotificationKind,
    OnPaper,
    Place,
    Telling,
    register,
    register_followable,
)
from notifications.models import Follow

if TYPE_CHECKING:
    from ideas.promises import Row

#: So many days before a promised day the programme office hears of it.
SOON = datetime.timedelta(days=7)

NOBODY = Q(pk__in=[])


@dataclass(frozen=True)
class _Ideas:
    """The initiatives that some notifications are about, as everybody may read them.

    Three queries, however many there are.
    """

    language: str
    initiatives: Mapping[int, Initiative]
    pictures: Mapping[int, str]
    leaders: Mapping[int, set[int]]

    @classmethod
    def of(cls, pks: Collection[int], language: str) -> Self:
        found = on_the_site(Initiative, pks, language, "area", "theme", "on_behalf_of")
        texts = list(found.values())
        return cls(language, found, pictures_of(texts), leaders_of(texts))

    def about(
        self,
        pk: int,
        *,
        text: Contribution | None = None,
        path: str = "",
        quote: Said | None = None,
        **values: str | int,
    ) -> About:
        """Return what is told of an initiative, or of a text that hangs on it.

        Args:
            quote: what is quoted; the initiative itself where nothing is given.
        """
        initiative = self.initiatives[pk]
        its = said(initiative, self.language)
        if text is not None:
            quote = said(text, self.language)
            path = path or text.get_absolute_url()
        quote = quote or its
        return About(
            path=path or initiative.get_absolute_url(),
            values={"title": its.title, **values},
            quote=quote.quote,
            quote_language=quote.language,
            quote_label=quote.label,
            picture=self.pictures.get(initiative.dossier_id, ""),
            short_path=reverse("short", args=[pk]),
            followed={("initiative", pk): its.title},
        )

    def telling(self, pk: int, about: Callable[[], About], *, own: bool = False) -> Telling | None:
        """Return what readers are told of an initiative; None where it is not on the site.

        Args:
            own: whether only who leads it is told.
        """
        if pk not in self.initiatives:
            return None
        told = about()
        leaders = self.leaders.get(pk, set())
        return lambda reader: None if own and reader.pk not in leaders else told


def _kept(tellings: Mapping[int, Telling | None]) -> Mapping[int, Telling]:
    return {pk: telling for pk, telling in tellings.items() if telling is not None}


def _new(pks: Collection[int], language: str) -> Mapping[int, Telling]:
    ideas = _Ideas.of(pks, language)
    areas = Area.objects.in_bulk()
    parents = {area.pk: area.parent_id for area in areas.values()}

    def about(pk: int) -> About:
        initiative = ideas.initiatives[pk]
        followed = {
            ("area", number): areas[number].name for number in _areas_around(initiative, parents)
        }
        if initiative.theme is not None:
            followed["theme", initiative.theme.pk] = str(initiative.theme)
        return replace(ideas.about(pk, area=_area_of(initiative)), followed=followed)

    return _kept({pk: ideas.telling(pk, partial(about, pk)) for pk in pks})


def _area_of(initiative: Initiative) -> str:
    return initiative.area.name if initiative.area else ""


def _supported(pks: Collection[int], language: str) -> Mapping[int, Telling]:
    ideas = _Ideas.of(pks, language)

    def telling(pk: int) -> Telling | None:
        return ideas.telling(pk, lambda: _support(ideas, ideas.initiatives[pk]), own=True)

    return _kept({pk: telling(pk) for pk in pks})


def _expired(pks: Collection[int], language: str) -> Mapping[int, Telling]:
    closed = Initiative.objects.filter(pk__in=pks, progress=Progress.EXPIRED)
    return _supported(closed.values_list("pk", flat=True), language)


def _support(ideas: _Ideas, initiative: Initiative) -> About:
    return ideas.about(
        initiative.pk, count=initiative.support_count, threshold=initiative.threshold
    )


def _comments(pks: Collection[int], language: str) -> Mapping[int, Telling]:
    comments = on_the_site(Comment, pks, language, "initiative")
    ideas = _Ideas.of({one.initiative_id for one in comments.values()}, language)

    def telling(one: Comment) -> Telling | None:
        return ideas.telling(
            one.initiative_id,
            lambda: ideas.about(one.initiative_id, text=one, name=_name_of(one)),
            own=True,
        )

    return _kept({pk: telling(one) for pk, one in comments.items()})


def _name_of(comment: Comment) -> str:
    """Return the name that stands beside it; of what was told aloud there is none."""
    return comment.author.public_name if comment.author else _("A neighbour")


def _answers_to_comments(pks: Collection[int], language: str) -> Mapping[int, Telling]:
    comments = on_the_site(Comment, pks, language, "initiative", "parent")
    ideas = _Ideas.of({one.initiative_id for one in comments.values()}, language)

    def telling(one: Comment) -> Telling | None:
        if one.initiative_id not in ideas.initiatives:
            return None
        about = ideas.about(one.initiative_id, text=one, name=_name_of(one))
        answered = one.parent.author_id if one.parent else None
        return lambda reader: about if reader.pk == answered else None

    return _kept({pk: telling(one) for pk, one in comments.items()})


def _invitations(pks: Collection[int], language: str) -> Mapping[int, Telling]:
    rows = Invitation.objects.answerable(timezone.now()).filter(pk__in=pks)
    invitations = {one.pk: one for one in rows.select_related("invited_by")}
    ideas = _Ideas.of({one.initiative_id for one in invitations.values()}, language)

    def telling(one: Invitation) -> Telling | None:
        initiative = ideas.initiatives.get(one.initiative_id)
        if initiative is None or initiative.author_id != one.invited_by_id:
            return None
        organisation = initiative.on_behalf_of
        name = organisation.name if organisation else one.invited_by.public_name
        about = ideas.about(
            initiative.pk, path=one.get_absolute_url(), name=name, date=in_words(one.last_day)
        )

        def tell(reader: User) -> About | None:
            is_invited = reader.email is not None and reader.email == one.email
            return about if is_invited and not is_known_young(reader) else None

        return tell

    return _kept({pk: telling(one) for pk, one in invitations.items()})


#: Loads the subjects of a kind that is told to who leads an initiative, and to others.
_Load = Callable[[Collection[int], str], Mapping[int, Telling]]


def _hanging_on(
    model: type[Contribution], values: Callable[[Any], Mapping[str, Any]], *, own: bool
) -> _Load:
    """Return what loads texts that hang on an initiative."""

    def load(pks: Collection[int], language: str) -> Mapping[int, Telling]:
        texts = on_the_site(model, pks, language, "initiative")
        ideas = _Ideas.of({one.initiative_id for one in texts.values()}, language)

        def telling(one: Any) -> Telling | None:
            def about() -> About:
                told = ideas.about(one.initiative_id, text=one)
                return replace(told, values={**told.values, **values(one)})

            return ideas.telling(one.initiative_id, about, own=own)

        return _kept({pk: telling(one) for pk, one in texts.items()})

    return load


def _work_steps(*, own: bool) -> _Load:
    def load(pks: Collection[int], language: str) -> Mapping[int, Telling]:
        found = OfficeAct.objects.filter(pk__in=pks).select_related("milestone", "department")
        acts = {act.pk: act for act in found}
        ideas = _Ideas.of({act.initiative_id for act in acts.values()}, language)

        def telling(act: OfficeAct) -> Telling | None:
            written = "" if act.language == language else act.language
            quote = Said("", shortened(act.text), written if act.text else "")
            return ideas.telling(
                act.initiative_id,
                lambda: ideas.about(act.initiative_id, quote=quote, step=_step(act)),
                own=own,
            )

        return _kept({pk: telling(act) for pk, act in acts.items()})

    return load


def _step(act: OfficeAct) -> str:
    """Say in a few words what the programme office did."""
    title = act.milestone.title if act.milestone else ""
    told = {
        "title": title,
        "date": in_words(act.to_date),
        "state": str(act.get_to_state_display()),
        "department": str(act.department or ""),
    }
    return {
        OfficeAct.Kind.PLANNED: _("planned before the end of %(date)s: %(title)s"),
        OfficeAct.Kind.MOVED: _("now before the end of %(date)s: %(title)s"),
        OfficeAct.Kind.STATE: _("%(state)s: %(title)s"),
        OfficeAct.Kind.HANDED_OVER: _("%(department)s works on it"),
        OfficeAct.Kind.BEGAN: _("the work began"),
    }.get(OfficeAct.Kind(act.kind), "") % told


def _outcome(answer: Any) -> Mapping[str, str]:
    return {"outcome": str(answer.get_outcome_display())}


def _nothing_more(text: Any) -> Mapping[str, str]:
    return {}


def _promises(what: str) -> _Load:
    """Return what loads promises of one table, of those that are near and not kept yet."""

    def load(pks: Collection[int], language: str) -> Mapping[int, Telling]:
        day, reach = today(timezone.now()), Reach.of(Role.PROGRAMME_OFFICE)
        near = {row.pk: row for row in _near(day, Q(pk__in=pks), what)}
        ideas = _Ideas.of({row.initiative.pk for row in near.values()}, language)

        def telling(row: "Row") -> Telling | None:
            pk = row.initiative.pk
            if pk not in ideas.initiatives:
                return None
            promise = row.promise or (row.milestone.title if row.milestone else "")
            about = ideas.about(pk, promise=promise, date=in_words(row.due_date))
            area = ideas.initiatives[pk].area_id
            return lambda reader: about if reach.covers(reader.pk, area) else None

        return _kept({pk: telling(row) for pk, row in near.items()})

    return load


def _near(day: datetime.date, which: Q, what: str = "") -> "list[Row]":
    """Return the promises on the site that are not kept and whose day comes soon, or is over.

    Args:
        which: the condition on the rows.
        what: the table to read alone.
    """
    # It brings forms along, which are made after start-up said in which words they speak.
    from ideas.promises import OPEN_SOURCES

    initiatives = Initiative.objects.visible_to(AnonymousUser()).published()
    return [
        source.row(one)
        for source in OPEN_SOURCES
        if what in ("", source.what)
        for one in source.read(initiatives, which & Q(**{f"{source.column}__lte": day + SOON}))
    ]


def tell_of_promises(*, now: datetime.datetime) -> int:
    """Tell the programme office of each promise whose day is near, once; return how many."""
    day, reach = today(now), Reach.of(Role.PROGRAMME_OFFICE, now=now)
    near = [row for row in _near(day, Q()) if row.due_date is not None and row.due_date >= day]
    for row in near:
        people = reach.people(row.initiative.area_id)
        # What was told to nobody happened all the same, and would be told to nobody later.
        if people:
            notify(f"{row.what}_near", row.pk, to=people, occasion=str(row.due_date), now=now)
    return len(near)


def _leaders(initiative_pk: int) -> Q:
    leaders = leaders_of(list(Initiative.objects.filter(pk=initiative_pk)))
    return Q(pk__in=leaders[initiative_pk])


def _around(initiative_pk: int | None) -> Q:
    """Return the condition on who supports or follows an initiative, and does not lead it.

    What was given to a double counts for it, and so does following one, or having written it.
    """
    if initiative_pk is None:
        return NOBODY
    family = dict(
        Initiative.objects.filter(Q(pk=initiative_pk) | Q(merged_into=initiative_pk)).values_list(
            "pk", "author"
        )
    )
    author = family.pop(initiative_pk, None)
    person = OuterRef("pk")
    supports = Support.objects.filter(initiative=initiative_pk, person=person)
    follows = Follow.objects.filter(
        kind="initiative", subject_id__in=[initiative_pk, *family], person=person
    )
    joined = CoInitiator.objects.standing().filter(initiative=initiative_pk, user=person)
    writers = [pk for pk in family.values() if pk is not None]
    around = Q(Exists(supports)) | Q(Exists(follows)) | Q(pk__in=writers)
    return around & ~Q(Exists(joined)) & ~Q(pk=author or 0)


def _around_text(model: Any) -> Callable[[int], Q]:
    def audience(pk: int) -> Q:
        found = model.objects.filter(pk=pk).values_list("initiative", flat=True)
        return _around(found.first())

    return audience


def _there(subjects: type[Model], area: str) -> OnPaper:
    """Let a kind stand on the sheets of the area of its subject, and of those around that."""

    def is_news_of(place: Place) -> Q:
        found = subjects._default_manager.filter(
            pk=OuterRef("subject_id"), **{f"{area}__in": place.within}
        )
        return Q(Exists(found))

    return OnPaper(is_news_of)


def _areas_around(initiative: Initiative, parents: Mapping[int, int | None]) -> list[int]:
    """Return the area of an initiative and those that it lies in, given every area's parent."""
    found, area = list[int](), initiative.area_id
    while area is not None and area not in found:
        found.append(area)
        area = parents.get(area)
    return found


def _live_there(pk: int) -> Q:
    initiative = Initiative.objects.filter(pk=pk).first()
    if initiative is None or initiative.area_id is None:
        return NOBODY
    return Q(area=initiative.area_id)


def _follow_there(pk: int) -> Q:
    """Return the condition on who follows the area, one around it or the theme, and lives not."""
    initiative = Initiative.objects.filter(pk=pk).first()
    if initiative is None:
        return NOBODY
    person = OuterRef("pk")
    areas = Follow.objects.filter(
        kind="area",
        subject_id__in=_areas_around(initiative, Area.objects.parents()),
        person=person,
    )
    theme = Follow.objects.filter(kind="theme", subject_id=initiative.theme_id or 0, person=person)
    elsewhere = Q(area__isnull=True) | ~Q(area=initiative.area_id or 0)
    return (Q(Exists(areas)) | Q(Exists(theme))) & elsewhere


def _followed_initiatives(pks: Collection[int], reader: User) -> Mapping[int, Followed]:
    language = get_language() or reader.language
    found = on_the_site(Initiative, pks, language)
    return {
        pk: Followed(said(one, language).title, one.get_absolute_url()) for pk, one in found.items()
    }


def _followed_themes(pks: Collection[int], reader: User) -> Mapping[int, Followed]:
    return {
        theme.pk: Followed(str(theme), f"{reverse('ideas:list')}?theme={theme.slug}")
        for theme in Theme.objects.filter(pk__in=pks)
    }


_LEADERS = gettext_lazy("Whoever shared the idea, and who does it with them.")
_AROUND = gettext_lazy("Whoever supports or follows the idea.")
_IDEA = gettext_lazy("A bench on the square")
_DAY = gettext_lazy("26 November")


def _for_both(kind: NotificationKind, load: Callable[..., _Load]) -> tuple[NotificationKind, ...]:
    """Return a kind for who supports or follows an initiative, and the same for who leads it."""
    own = replace(
        kind,
        name=f"own_{kind.name}",
        category=Category.ABOUT_YOU,
        concerns=_LEADERS,
        load=load(own=True),
        audience=None,
        on_paper=None,
    )
    return kind, own


def _answer_kinds() -> tuple[NotificationKind, ...]:
    def load(*, own: bool) -> _Load:
        return _hanging_on(OfficialAnswer, _outcome, own=own)

    kind = NotificationKind(
        name="answer",
        label=gettext_lazy("The municipality answers an idea"),
        category=Category.FOLLOWED,
        concerns=_AROUND,
        subject=gettext_lazy("The answer to “%(title)s”: %(outcome)s"),
        sentence=gettext_lazy("The municipality answered. Read what it says and what comes next."),
        load=load(own=False),
        audience=_around_text(OfficialAnswer),
        on_paper=_there(OfficialAnswer, "initiative__area"),
        sample={"title": _IDEA, "outcome": gettext_lazy("We are going to do this")},
    )
    return _for_both(kind, load)


def _report_kinds() -> tuple[NotificationKind, ...]:
    def load(*, own: bool) -> _Load:
        return _hanging_on(ProgressReport, _nothing_more, own=own)

    kind = NotificationKind(
        name="work_report",
        label=gettext_lazy("The municipality tells how the work goes"),
        category=Category.FOLLOWED,
        concerns=_AROUND,
        subject=gettext_lazy("How it goes with “%(title)s”"),
        sentence=gettext_lazy("The municipality tells how the work goes."),
        load=load(own=False),
        audience=_around_text(ProgressReport),
        on_paper=_there(ProgressReport, "initiative__area"),
        many=gettext_lazy("Reports about the work on ideas: %(count)s"),
        sample={"title": _IDEA},
    )
    return _for_both(kind, load)


def _step_kinds() -> tuple[NotificationKind, ...]:
    kind = NotificationKind(
        name="work_step",
        label=gettext_lazy("A step of the work on an idea"),
        category=Category.FOLLOWED,
        concerns=_AROUND,
        subject=gettext_lazy("“%(title)s”: %(step)s"),
        sentence=gettext_lazy("There is something new about the work on this idea."),
        load=_work_steps(own=False),
        audience=_around_text(OfficeAct),
        on_paper=_there(OfficeAct, "initiative__area"),
        many=gettext_lazy("Steps of the work on ideas: %(count)s"),
        sample={"title": _IDEA, "step": gettext_lazy("the work began")},
    )
    return _for_both(kind, _work_steps)


def _news_kinds() -> tuple[NotificationKind, ...]:
    def load(*, own: bool) -> _Load:
        return _hanging_on(Update, _nothing_more, own=own)

    kind = NotificationKind(
        name="news",
        label=gettext_lazy("News about an idea"),
        category=Category.FOLLOWED,
        concerns=_AROUND,
        subject=gettext_lazy("News about “%(title)s”"),
        sentence=gettext_lazy("Whoever does this tells how it goes."),
        load=load(own=False),
        audience=_around_text(Update),
        on_paper=_there(Update, "initiative__area"),
        many=gettext_lazy("News about ideas: %(count)s"),
        sample={"title": _IDEA},
    )
    return _for_both(kind, load)


def _support_kinds() -> tuple[NotificationKind, ...]:
    first = NotificationKind(
        name="support_first",
        label=gettext_lazy("Your idea has its first support"),
        category=Category.ABOUT_YOU,
        concerns=_LEADERS,
        subject=gettext_lazy("The first support for “%(title)s”"),
        sentence=gettext_lazy(
            "Somebody supports your idea. With the support of %(threshold)s people you get an "
            "answer. Share it with your neighbours!"
        ),
        load=_supported,
        sample={"title": _IDEA, "count": 1, "threshold": 75},
    )
    half = replace(
        first,
        name="support_half",
        label=gettext_lazy("Your idea is halfway"),
        subject=gettext_lazy("“%(title)s” is halfway"),
        sentence=gettext_lazy(
            "Your idea has half of the support that it needs for an answer: that of "
            "%(threshold)s people."
        ),
        sample={"title": _IDEA, "count": 38, "threshold": 75},
    )
    enough = replace(
        first,
        name="support_enough",
        label=gettext_lazy("Your idea has enough support"),
        subject=gettext_lazy("“%(title)s” has enough support!"),
        sentence=gettext_lazy("Now the municipality has to answer. You hear it from us."),
        sample={"title": _IDEA, "count": 75, "threshold": 75},
    )
    expired = replace(
        first,
        name="own_expired",
        label=gettext_lazy("Your idea got too little support in time"),
        subject=gettext_lazy("“%(title)s” got too little support in time"),
        sentence=gettext_lazy(
            "It had %(count)s of the %(threshold)s people whose support it needs. Thank you for "
            "sharing it! You can share a new idea, or join in with an idea of your neighbours."
        ),
        load=_expired,
        audience=_leaders,
        sample={"title": _IDEA, "count": 38, "threshold": 75},
    )
    return first, half, enough, expired


def _comment_kinds() -> tuple[NotificationKind, ...]:
    return (
        NotificationKind(
            name="comment",
            label=gettext_lazy("A comment on your idea"),
            category=Category.ABOUT_YOU,
            concerns=_LEADERS,
            subject=gettext_lazy("%(name)s commented on “%(title)s”"),
            sentence=gettext_lazy("Read it, and answer if you like."),
            load=_comments,
            many=gettext_lazy("New comments on your ideas: %(count)s"),
            sample={"title": _IDEA, "name": "Ana"},
        ),
        NotificationKind(
            name="comment_answered",
            label=gettext_lazy("An answer to your comment"),
            category=Category.ABOUT_YOU,
            concerns=gettext_lazy("Whoever wrote the comment."),
            subject=gettext_lazy("%(name)s answered your comment"),
            sentence=gettext_lazy("It is about “%(title)s”."),
            load=_answers_to_comments,
            many=gettext_lazy("New answers to your comments: %(count)s"),
            sample={"title": _IDEA, "name": "Ana"},
        ),
        NotificationKind(
            name="invited",
            label=gettext_lazy("Somebody asks you to do an idea together"),
            category=Category.ABOUT_YOU,
            concerns=gettext_lazy("Whoever was invited, where the address is that of an account."),
            subject=gettext_lazy("%(name)s asks you to join “%(title)s”"),
            sentence=gettext_lazy("You can say yes or no until the end of %(date)s."),
            load=_invitations,
            in_letter=False,
            has_own_mail=True,
            sample={"title": _IDEA, "name": "Ana", "date": _DAY},
        ),
    )


def _new_kinds() -> tuple[NotificationKind, ...]:
    here = NotificationKind(
        name="new_here",
        label=gettext_lazy("A new idea in your neighbourhood"),
        category=Category.NEIGHBOURHOOD,
        concerns=gettext_lazy("Whoever lives in the neighbourhood, as they told us."),
        subject=gettext_lazy("New in %(area)s: %(title)s"),
        sentence=gettext_lazy("Do you like this idea? Then support it."),
        load=_new,
        audience=_live_there,
        on_paper=_there(Initiative, "area"),
        many=gettext_lazy("New ideas in your neighbourhood: %(count)s"),
        sample={"title": _IDEA, "area": "Moerwijk"},
    )
    followed = replace(
        here,
        name="new_followed",
        label=gettext_lazy("A new idea in an area or theme that you follow"),
        category=Category.FOLLOWED,
        concerns=gettext_lazy("Whoever follows the neighbourhood or the theme."),
        audience=_follow_there,
        # The same idea, told to others.
        on_paper=None,
        many=gettext_lazy("New ideas where you follow what happens: %(count)s"),
    )
    return here, followed


def _promise_kinds() -> tuple[NotificationKind, ...]:
    """Return a kind for each table that holds promises: the number of a row says not which."""
    answer = NotificationKind(
        name="answer_near",
        label=gettext_lazy("An answer has to be given soon"),
        category=Category.TASKS,
        concerns=gettext_lazy("The programme office, a week before the promised day."),
        subject=gettext_lazy("Promised before the end of %(date)s: %(promise)s"),
        sentence=gettext_lazy("It is about “%(title)s”. Everybody can read this promise."),
        load=_promises("answer"),
        in_letter=False,
        sample={"title": _IDEA, "promise": gettext_lazy("An answer"), "date": _DAY},
    )
    new_answer = replace(
        answer,
        name="new_answer_near",
        label=gettext_lazy("A new answer has to be given soon"),
        load=_promises("new_answer"),
        sample={"title": _IDEA, "promise": gettext_lazy("A new answer"), "date": _DAY},
    )
    milestone = replace(
        answer,
        name="milestone_near",
        label=gettext_lazy("A milestone has to be reached soon"),
        load=_promises("milestone"),
        sample={"title": _IDEA, "promise": gettext_lazy("Ordering the bench"), "date": _DAY},
    )
    return answer, new_answer, milestone


def declare() -> None:
    """Declare the kinds, and what can be followed, at start-up."""
    register(
        *_comment_kinds(),
        *_support_kinds(),
        *_answer_kinds(),
        *_report_kinds(),
        *_step_kinds(),
        *_news_kinds(),
        *_new_kinds(),
        *_promise_kinds(),
    )
    register_followable(
        Followable("initiative", gettext_lazy("idea"), _followed_initiatives),
        Followable("theme", gettext_lazy("theme"), _followed_themes),
    )
