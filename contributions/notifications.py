"""The kinds of notifications about one's own texts, and about texts that wait for a translation."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazystr
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role, User
from contributions.drafts import NOBODYS_KEY
from contributions.kinds import all_kinds, kind_of
from contributions.models import Appeal, Contribution, Decision, Measure, Translation
from contributions.notices import Reach, shortened
from contributions.statements import title_of
from contributions.translations import translated_kinds
from notifications.actions import notify
from notifications.kinds import About, Category, Ground, NotificationKind, Telling, register

Outcome = Decision.Outcome


def _texts_of(dossiers: Collection[int], *, by_everybody: bool) -> dict[int, Any]:
    """Return the texts of dossiers, with what their addresses are made of (two queries a kind).

    Args:
        by_everybody: whether only what everybody may read is returned.
    """
    found: dict[int, Any] = {}
    for kind in all_kinds():
        rows: Any = kind.model._default_manager.filter(dossier__in=dossiers)
        if by_everybody:
            rows = rows.visible_to(AnonymousUser()).published()
        # Whatever one hangs on; its area alone may be missing while it is a draft.
        found |= {row.dossier_id: row for row in rows.select_related().prefetch_related("area")}
    return found


def _decisions(
    pks: Collection[int], *, by_everybody: bool = False
) -> list[tuple[Decision, Contribution]]:
    """Return decisions that stand, each with its text as far as there is anything left of it.

    What was undone is told to nobody. What puts right is told with the appeal.
    """
    decisions = Decision.objects.filter(
        pk__in=pks, automatic=False, undone_by__isnull=True, puts_right__isnull=True
    )
    found = list(decisions.select_related("dossier"))
    texts = _texts_of([one.dossier_id for one in found], by_everybody=by_everybody)
    return [
        (one, text)
        for one in found
        if (text := texts.get(one.dossier_id)) is not None and text.draft_key != NOBODYS_KEY
    ]


def _refused(pks: Collection[int], language: str) -> Mapping[int, Telling]:
    def telling(decision: Decision, text: Contribution) -> Telling:
        def tell(reader: User) -> About | None:
            if text.author_id != reader.pk:
                return None
            return About(
                path=reverse("decisions:decision", args=[decision.pk]),
                values={"what": title_of(decision), "title": kind_of(text).title(text)},
                quote=shortened(decision.reason),
                quote_language=_other(decision.words_language, language),
            )

        return tell

    return {
        decision.pk: telling(decision, text)
        for decision, text in _decisions(pks)
        if decision.outcome in Decision.AGAINST
    }


def _accepted(pks: Collection[int], language: str) -> Mapping[int, Telling]:
    def telling(decision: Decision, text: Contribution) -> Telling:
        def tell(reader: User) -> About | None:
            if text.author_id != reader.pk:
                return None
            return About(
                path=text.get_absolute_url(),
                values={"what": _good_news(decision), "title": kind_of(text).title(text)},
            )

        return tell

    return {
        decision.pk: telling(decision, text)
        # What was taken away since is not on the site, whatever was decided before.
        for decision, text in _decisions(pks, by_everybody=True)
        if decision.outcome in Decision.IN_FAVOUR
    }


def _good_news(decision: Decision) -> str:
    return {
        Outcome.PUBLISHED: _("Your text is on the site"),
        Outcome.RESTORED: _("Your text is on the site again"),
        Outcome.REVISION_ACCEPTED: _("Your change is on the site"),
        Outcome.PICTURE_RESTORED: _("A picture with your text is on the site again"),
        Outcome.RECORDING_RESTORED: _("A recording of your text can be heard again"),
    }[Outcome(decision.outcome)]


def _other(written: str, language: str) -> str:
    """Return the language of a quote where it is not the reader's."""
    return "" if written == language else written


def _appeals(pks: Collection[int], language: str) -> Mapping[int, Telling]:
    def telling(appeal: Appeal) -> Telling:
        def tell(reader: User) -> About | None:
            if appeal.filed_by_id != reader.pk:
                return None
            address = "decisions:measure" if appeal.measure_id else "decisions:decision"
            return About(
                path=reverse(address, args=[appeal.measure_id or appeal.decision_id]),
                values={"outcome": str(appeal.get_outcome_display())},
                quote=shortened(appeal.reason),
                quote_language=_other(appeal.reason_language, language),
            )

        return tell

    judged = Appeal.objects.filter(pk__in=pks, judged_at__isnull=False)
    return {appeal.pk: telling(appeal) for appeal in judged}


def _measures(pks: Collection[int], language: str) -> Mapping[int, Telling]:
    def telling(measure: Measure) -> Telling:
        def tell(reader: User) -> About | None:
            if measure.person_id != reader.pk:
                return None
            written = measure.decision.words_language if measure.decision else ""
            return About(
                path=reverse("decisions:measure", args=[measure.pk]),
                values={"what": title_of(measure)},
                quote=shortened(measure.reason),
                quote_language=_other(written, language),
            )

        return tell

    found = Measure.objects.filter(pk__in=pks, lifted_at__isnull=True).select_related("decision")
    return {one.pk: telling(one) for one in found if not one.agreed_by_is_missing}


#: So many new texts of one day are looked at.
LOOKED_AT = 1000


def new_to_translate(day: datetime.date) -> list[tuple[int | None, str, frozenset[str]]]:
    """Return the texts that came on the site on a day (in Amsterdam), to translate.

    Of each its area, its language, and the languages that somebody translated it into. One query
    for each kind, and one for the translations.
    """
    first = datetime.datetime.combine(day, datetime.time.min, timezone.get_default_timezone())
    last = first + datetime.timedelta(days=1, hours=2)
    texts: list[tuple[int, int | None, str]] = []
    for kind in all_kinds():
        if kind.name not in translated_kinds():
            continue
        found: Any = kind.model._default_manager
        rows = found.visible_to(AnonymousUser()).published()
        rows = rows.filter(published_at__gte=first, published_at__lt=last)
        texts += [
            (dossier, area, language)
            for dossier, area, language, moment in rows.order_by("-pk").values_list(
                "dossier", "area", "language", "published_at"
            )[:LOOKED_AT]
            if timezone.localdate(moment) == day
        ]
    made: dict[int, set[str]] = defaultdict(set)
    by_people = Translation.objects.by_people().filter(dossier__in=[text[0] for text in texts])
    for dossier, language in by_people.values_list("dossier", "language"):
        made[dossier].add(language)
    return [(area, language, frozenset(made.get(dossier, ()))) for dossier, area, language in texts]


def to_translate_by(
    person: int, reach: Reach, texts: list[tuple[int | None, str, frozenset[str]]]
) -> int:
    """Count the texts that somebody can translate, by where and into what they do so."""
    return sum(
        any(
            grant.language not in ("", language)
            and grant.language not in translated
            and reach.lies_in(grant, area)
            for grant in reach.grants.get(person, ())
        )
        for area, language, translated in texts
    )


def _to_translate(days: Collection[int], language: str) -> Mapping[int, Telling]:
    """Say what is still to translate of a day, by its number in the calendar."""
    reach = Reach.of(Role.MESSENGER)

    def telling(texts: list[tuple[int | None, str, frozenset[str]]]) -> Telling:
        def tell(reader: User) -> About | None:
            count = to_translate_by(reader.pk, reach, texts)
            if not count:
                return None
            return About(path=reverse("translations:waiting"), values={"count": count})

        return tell

    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    # What is older stands in the list, with all that is new since.
    if yesterday.toordinal() not in days:
        return {}
    return {yesterday.toordinal(): telling(new_to_translate(yesterday))}


def tell_translators(*, now: datetime.datetime) -> int:
    """Tell contact persons how many new texts of yesterday they can translate; return how many."""
    day = timezone.localdate(now) - datetime.timedelta(days=1)
    reach, texts = Reach.of(Role.MESSENGER, now=now), new_to_translate(day)
    people = [person for person in reach.grants if to_translate_by(person, reach, texts)]
    if people:
        notify("translation_asked", day.toordinal(), to=people, now=now)
    return len(people)


_IDEA = gettext_lazy("A bench on the square")


def declare() -> None:
    """Declare the kinds, at start-up."""
    register(
        NotificationKind(
            name="text_refused",
            label=gettext_lazy("A moderator asks you to change your text, or took it away"),
            category=Category.ABOUT_YOU,
            concerns=gettext_lazy("Whoever wrote the text."),
            subject=lazystr("%(what)s"),
            sentence=gettext_lazy(
                "It is about “%(title)s”. Read why, and what you can do. If you do not agree, you "
                "can ask for another look."
            ),
            ground=Ground.LEGAL_DUTY,
            load=_refused,
            must_be_told=True,
            in_letter=False,
            sample={"what": gettext_lazy("Your text was not placed"), "title": _IDEA},
        ),
        NotificationKind(
            name="text_accepted",
            label=gettext_lazy("A moderator placed your text, or put it back"),
            category=Category.ABOUT_YOU,
            concerns=gettext_lazy("Whoever wrote the text."),
            subject=lazystr("%(what)s"),
            sentence=gettext_lazy("It is about “%(title)s”. Now everybody can read it."),
            ground=Ground.LEGAL_DUTY,
            load=_accepted,
            must_be_told=True,
            in_letter=False,
            sample={"what": gettext_lazy("Your text is on the site"), "title": _IDEA},
        ),
        NotificationKind(
            name="appeal_decided",
            label=gettext_lazy("Somebody looked again at a decision about you"),
            category=Category.ABOUT_YOU,
            concerns=gettext_lazy("Whoever asked for another look."),
            subject=gettext_lazy("We looked again: %(outcome)s"),
            sentence=gettext_lazy(
                "You asked for another look. Somebody else looked at it. Read what they say."
            ),
            ground=Ground.LEGAL_DUTY,
            load=_appeals,
            must_be_told=True,
            in_letter=False,
            sample={"outcome": gettext_lazy("You were right")},
        ),
        NotificationKind(
            name="measure_taken",
            label=gettext_lazy("Your account is paused"),
            category=Category.ABOUT_YOU,
            concerns=gettext_lazy("Whoever the account is of."),
            subject=lazystr("%(what)s"),
            sentence=gettext_lazy(
                "Read why, and what you can still do. If you do not agree, you can ask for "
                "another look."
            ),
            ground=Ground.LEGAL_DUTY,
            load=_measures,
            must_be_told=True,
            in_letter=False,
            sample={"what": gettext_lazy("Your account is paused")},
        ),
        NotificationKind(
            name="translation_asked",
            label=gettext_lazy("New texts wait for a translation"),
            category=Category.TASKS,
            concerns=gettext_lazy(
                "Contact persons, once a day, of the languages and neighbourhoods that they have."
            ),
            subject=gettext_lazy("New texts to translate: %(count)s"),
            sentence=gettext_lazy(
                "Neighbours who read your language can't read these yet. Can you translate one?"
            ),
            load=_to_translate,
            in_letter=False,
            sample={"count": 3},
        ),
    )
