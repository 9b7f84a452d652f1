"""What all kinds of contributions hold of people, and how they let go of it."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.holdings import (
    GONE,
    HeldFile,
    Holding,
    Leaving,
    all_holdings,
    nothing_ends,
    register,
    register_nothing,
)
from accounts.models import User
from contributions import recordings
from contributions.actions import (
    close_as_gone,
    leave_queue_of_revision,
    open_appeals_about,
    withdraw,
)
from contributions.actions.hearing import take_away
from contributions.deadlines import today
from contributions.drafts import NOBODYS_KEY
from contributions.kinds import all_kinds
from contributions.models import (
    Appeal,
    AssistedSession,
    AuthorAct,
    Contribution,
    Decision,
    Dossier,
    HardText,
    Mark,
    Measure,
    Note,
    Picture,
    Report,
    Revision,
    SearchDocument,
    ShownName,
    SpokenText,
    Status,
    Telling,
    Translation,
    TranslationRequest,
    WordList,
)
from contributions.pictures import forget_files
from contributions.retention import delete_draft
from contributions.search.documents import forget_document
from contributions.search.engines import forget_traces

#: Texts of which the words are kept sealed, to look at again, until their time is over.
SEALED = (Status.REJECTED, Status.HIDDEN)
_WORDS_OF_REVISIONS: dict[str, Any] = {"data": {}, "before": None}


def _is_published(contribution: Any) -> bool:
    return bool(contribution.status == Status.PUBLISHED)


def text_holding(
    model: type[Contribution],
    name: Promise,
    *,
    words: Mapping[str, Any],
    private: Mapping[str, Any] | None = None,
    kept: Mapping[str, str] | None = None,
    stands: Callable[[Any], bool] = _is_published,
    ends: Callable[[User, datetime.datetime], None] = nothing_ends,
) -> Holding:
    """Return what a kind of people's own texts holds.

    Args:
        words: what is emptied when the text goes.
        private: what of it is emptied too when it stays, since only its author gave it a person.
        stands: whether everybody can read it, so that it may stay.
        ends: what ends in the same moment as the account.
    """
    private = private or {}
    return Holding(
        model,
        name,
        own=("author",),
        numbers=("entered_by",),
        words={**words, **private},
        kept={"language": "what the text is written in", **(kept or {})},
        secret=("draft_key",),
        ends=ends,
        leaves=partial(_leave_texts, private=private, stands=stands),
    )


def office_holding(model: type[Contribution], name: Promise, *columns: str) -> Holding:
    """Return what texts of an office hold: they stay, since they are not of who wrote them down."""
    return Holding(
        model,
        name,
        own=("author",),
        numbers=("entered_by",),
        kept=dict.fromkeys((*columns, "language"), "written in the name of an office"),
        secret=("draft_key",),
    )


def _leave_texts(
    holding: Holding,
    person: User,
    leaving: Leaving,
    *,
    private: Mapping[str, Any],
    stands: Callable[[Any], bool],
) -> None:
    for pk in list(holding.rows(person).values_list("pk", flat=True)):
        _leave_text(holding, pk, person, leaving, private=private, stands=stands)


def _leave_text(
    holding: Holding,
    pk: int,
    person: User,
    leaving: Leaving,
    *,
    private: Mapping[str, Any],
    stands: Callable[[Any], bool],
) -> None:
    """Let one text stay without a name, or go: its words, its author and all that hangs on it.

    What was never handed in is deleted. What others answered keeps its place in the thread.
    """
    with transaction.atomic():
        queryset: Any = holding.model._default_manager.all()
        text = queryset.locked_with_dossier().filter(pk=pk, author=person).first()
        if text is None:
            return
        if text.status == Status.DRAFT:
            _delete_files(Picture.objects.filter(dossier=text.dossier))
            delete_draft(draft=text)
            return
        own_voice = SpokenText.objects.filter(dossier=text.dossier, made_by=person)
        # Before it leaves the queue, where it would wait on for somebody to listen.
        take_away(own_voice.exclude(recording=""), now=leaving.now)
        # What was written in the name of an organisation is not one person's to take away.
        in_a_name = getattr(text, "on_behalf_of_id", None) is not None
        if stands(text) and (leaving.texts_stay or in_a_name):
            leave_queue_of_revision(text, now=leaving.now)
            _empty_file(text.dossier, leaving, keep_shown=True)
            queryset.filter(pk=pk).update(**private)
            return
        if text.status in (Status.PUBLISHED, Status.SUBMITTED, Status.RETURNED):
            withdraw(contribution=text, by=person, now=leaving.now)
        _empty_file(text.dossier, leaving, keep_shown=False)
        gone: dict[str, Any] = {**holding.words, "author": None, "entered_by": None}
        if hasattr(text, "on_behalf_of_id"):
            gone["on_behalf_of"] = None
        queryset.filter(pk=pk).update(**gone, draft_key=NOBODYS_KEY)
        forget_document(text)


def _empty_file(dossier: Dossier, leaving: Leaving, *, keep_shown: bool) -> None:
    """Delete the pictures of a text, and the words of its changes and of decisions about it.

    A picture that was decided about keeps its row, empty: the decision is on the record. Of a text
    that goes, what others reported about it goes too.

    Args:
        keep_shown: whether the pictures stay that stand with the approved text, and what messengers
            read aloud of it.
    """
    if not keep_shown:
        take_away(SpokenText.objects.judged().filter(dossier=dossier), now=leaving.now)
    pictures = Picture.objects.filter(dossier=dossier)
    stay = set(pictures.shown().values_list("pk", flat=True)) if keep_shown else set()
    going = pictures.exclude(pk__in=stay)
    close_as_gone(dossier, now=leaving.now, pictures=going)
    _delete_files(going)
    _empty_pictures(going.filter(decisions__isnull=False), leaving.now)
    going.filter(decisions__isnull=True).delete()
    about_it = Report.objects.filter(dossier=dossier)
    # A moderator still reads what was reported about words that stay.
    (about_it.filter(closed_at__isnull=False) if keep_shown else about_it).update(words="")
    Revision.objects.filter(dossier=dossier).update(**_WORDS_OF_REVISIONS)
    # What checks found is a piece of the words, and often who somebody is.
    Mark.objects.filter(Q(dossier=dossier) | Q(other=dossier)).delete()
    if not keep_shown:
        _forget_translations(dossier)
    Decision.objects.filter(dossier=dossier).empty_words()
    Note.objects.filter(dossier=dossier).empty_words()


def _forget_translations(dossier: Dossier) -> None:
    """Delete what a text said in other languages, with the text itself."""
    Translation.objects.filter(dossier=dossier).delete()
    TranslationRequest.objects.filter(dossier=dossier).delete()


def empty_sealed_texts(*, now: datetime.datetime) -> int:
    """Take the words out of texts that were rejected or hidden so long ago that nobody asks.

    Those of appeals that were judged as long ago go too.

    So do those that somebody took away with the slip of what they told, once that is over: nobody
    can bring them back.

    Decisions stay, and all numbers. While somebody waits for another look, the words wait too; a
    text that came back is no longer sealed.

    Returns:
        How many texts were emptied.
    """
    count = 0
    decided_before = now - datetime.timedelta(days=settings.SEALED_KEPT_DAYS)
    _empty_judged_appeals(decided_before)
    later = Decision.objects.filter(dossier=OuterRef("dossier"), decided_at__gte=decided_before)
    for holding in all_holdings():
        if not holding.words or not issubclass(holding.model, Contribution):
            continue
        texts = holding.model._default_manager.exclude(draft_key=NOBODYS_KEY)
        sealed = texts.filter(status__in=SEALED).exclude(Exists(later))
        lost = texts.filter(
            status=Status.WITHDRAWN, author=None, dossier__telling__slip_until__lt=today(now)
        )
        for pk in list(sealed.values_list("pk", flat=True)):
            count += _empty_sealed(holding, pk, now, SEALED)
        for pk in list(lost.values_list("pk", flat=True)):
            count += _empty_sealed(holding, pk, now, (Status.WITHDRAWN,))
    return count


def _empty_judged_appeals(before: datetime.datetime) -> None:
    """Take out what people said who asked for another look, so long ago; its outcome stays.

    The files go before their rows say so: a worker that is killed in between finds them again.
    """
    judged = Appeal.objects.filter(judged_at__lt=before)
    for appeal in judged.exclude(recording=""):
        recordings.forget(appeal)
    judged.exclude(words="", recording="").update(words="", recording="", recording_seconds=None)


def _empty_sealed(
    holding: Holding, pk: int, now: datetime.datetime, statuses: Iterable[str]
) -> bool:
    """Empty one text that nobody reads, unless something happened to it in the meantime."""
    with transaction.atomic():
        queryset: Any = holding.model._default_manager.all()
        text = queryset.locked_with_dossier().filter(pk=pk, status__in=statuses).first()
        if text is None or open_appeals_about(text.dossier):
            return False
        _empty_pictures(Picture.objects.filter(dossier=text.dossier), now)
        take_away(SpokenText.objects.judged().filter(dossier=text.dossier), now=now)
        Revision.objects.filter(dossier=text.dossier).update(**_WORDS_OF_REVISIONS)
        Mark.objects.filter(dossier=text.dossier).update(found="")
        _forget_translations(text.dossier)
        queryset.filter(pk=pk).update(**holding.words, draft_key=NOBODYS_KEY)
        return True


def _empty_pictures(pictures: Any, now: datetime.datetime) -> None:
    """Empty pictures whose rows stay, since decisions point at them; files go with the commit."""
    for picture in list(pictures):
        transaction.on_commit(partial(forget_files, picture))
    Picture.objects.filter(pk__in=list(pictures.values_list("pk", flat=True))).update(
        description="", image="", removed_at=now
    )


def _delete_files(pictures: Iterable[Picture]) -> None:
    """Delete the files before their rows: a worker that is killed in between finds them again."""
    for picture in pictures:
        forget_files(picture)


def dossiers_of(person: User) -> list[int]:
    """Return the keys of the dossiers of all that a person wrote (one query per kind)."""
    return [
        pk
        for kind in all_kinds()
        for pk in kind.model._default_manager.filter(author=person).values_list(
            "dossier_id", flat=True
        )
    ]


def _hanging_on_texts(model: Any, person: User) -> Any:
    return model._default_manager.filter(dossier__in=dossiers_of(person))


def _with_the_text(holding: Holding, person: User, leaving: Leaving) -> None:
    """Do nothing: it goes in one transaction with the text that it hangs on."""


def _forget_in_search(holding: Holding, person: User, leaving: Leaving) -> None:
    """Forget what search kept of texts that went with their documents before."""
    forget_traces()


def _goes_with_its_person(name: ShownName) -> bool:
    return False


def _marks(person: User) -> Any:
    return _hanging_on_texts(Mark, person).exclude(check_name=Mark.Check.BRIGADING)


def _dossiers(person: User) -> Any:
    return Dossier.objects.filter(pk__in=dossiers_of(person))


def _leave_reports(holding: Holding, person: User, leaving: Leaving) -> None:
    """Forget who reported and in which words; also where somebody typed this address."""
    if person.email:
        Report.objects.filter(email=person.email).update(email="")
    holding.rows(person).order_by().update(**holding.words)


def _picture_file(picture: Picture) -> Iterable[HeldFile]:
    if picture.image.name:
        yield HeldFile(f"pictures/{picture.pk}.webp", picture.image.name)


def _recording_file(appeal: Appeal) -> Iterable[HeldFile]:
    if appeal.recording.name:
        yield HeldFile(f"recordings/{appeal.pk}.m4a", appeal.recording.name)


def _spoken_file(spoken: SpokenText) -> Iterable[HeldFile]:
    if spoken.recording.name:
        yield HeldFile(f"recordings/text-{spoken.pk}.m4a", spoken.recording.name)


def _silence(holding: Holding, person: User, leaving: Leaving) -> None:
    """Delete what somebody read aloud: their voice is theirs, also where the text stays.

    The files go before their rows say so: a worker that is killed in between finds them again.
    """
    mine = SpokenText.objects.filter(made_by=person)
    for spoken in mine.exclude(recording=""):
        recordings.forget_spoken(spoken.recording.name)
    mine.judged().update(removed_at=leaving.now)
    mine.update(recording="", words_digest="")


def _empty_appeals(holding: Holding, person: User, leaving: Leaving) -> None:
    """Take words and recordings out; one that waits is taken back, since nobody waits for it.

    The files go before their rows say so: a worker that is killed in between finds them again.
    """
    mine = Appeal.objects.filter(filed_by=person)
    for appeal in mine.exclude(recording=""):
        recordings.forget(appeal)
    mine.waiting().delete()
    mine.filter(judged_at__isnull=False).update(
        words="", recording="", recording_seconds=None, reason=GONE
    )


def _leave_tellings(holding: Holding, person: User, leaving: Leaving) -> None:
    """Empty what was there to find the person again; the key tells nothing any more."""
    holding.rows(person).order_by().update(**holding.words, entry_digest="")


def _leave_translations(holding: Holding, person: User, leaving: Leaving) -> None:
    """Let translations that readers get stay without a name, where texts stay; the others go."""
    made = Translation.objects.filter(made_by=person)
    if leaving.texts_stay:
        made.current().update(made_by=None, reason="")
    made.delete()


HOLDINGS = (
    text_holding(
        ShownName,
        _("Your names, as moderators read them"),
        words={"display_name": "", "business_name": ""},
        stands=_goes_with_its_person,
    ),
    Holding(
        Dossier,
        _("Where your texts stand in the queue of moderators"),
        through=_dossiers,
        # A moderator's: who is reading it, and to whom it was passed on.
        numbers=("claimed_by", "passed_to"),
        kept={
            "kind": "the name of a kind",
            "language": "what the text is written in",
            "review_reasons": "codes of why it is read",
        },
        # Whether it waits because somebody reported it.
        secret=("review", "waiting_since", "promised_date"),
        leaves=_with_the_text,
    ),
    Holding(
        Note,
        _("Notes of moderators about your texts"),
        through=partial(_hanging_on_texts, Note),
        numbers=("written_by", "passed_to"),
        words={"text": GONE},
        leaves=_with_the_text,
    ),
    Holding(
        Picture,
        _("Pictures with your texts"),
        through=partial(_hanging_on_texts, Picture),
        words={"description": "", "image": ""},
        files=_picture_file,
        leaves=_with_the_text,
    ),
    Holding(
        SpokenText,
        _("Texts that you read aloud"),
        own=("made_by",),
        words={"recording": "", "words_digest": ""},
        kept={"language": "what was read in"},
        files=_spoken_file,
        leaves=_silence,
    ),
    Holding(
        Revision,
        _("Changes to your texts that you asked for"),
        through=partial(_hanging_on_texts, Revision),
        numbers=("created_by",),
        words=_WORDS_OF_REVISIONS,
        leaves=_with_the_text,
    ),
    Holding(
        Mark,
        _("What checks found in your texts"),
        # All of them go with the text: what a take-out leaves out is only whether it was reported.
        through=_marks,
        words={"found": ""},
        leaves=_with_the_text,
    ),
    Holding(
        Translation,
        _("Translations that you made"),
        own=("made_by",),
        numbers=("decided_by",),
        words={"words": {}, "reason": ""},
        secret=("source_digest",),
        leaves=_leave_translations,
    ),
    Holding(
        WordList,
        _("Lists of words that you changed for the office"),
        numbers=("changed_by",),
        kept=dict.fromkeys(("words", "language"), "words of the office"),
    ),
    Holding(
        HardText,
        _("Texts that you wrote for the office, and why they are hard to read"),
        numbers=("written_by",),
        kept={
            "act": "the name of an act",
            "language": "what the text is written in",
            "reason": "written in the name of an office",
        },
    ),
    Holding(
        Report,
        _("What you reported"),
        own=("reporter",),
        words={"words": "", "email": "", "reported_by_key": ""},
        kept={"language": "of the receipt"},
        secret=("reported_by_key", "token"),
        leaves=_leave_reports,
    ),
    Holding(
        SearchDocument,
        _("Your texts as search finds them"),
        through=partial(_hanging_on_texts, SearchDocument),
        words={"title": "", "text": "", "folded": ""},
        kept={"kind": "the name of a kind", "language": "what the text is written in"},
        secret=("terms", "pairs", "folded"),
        leaves=_forget_in_search,
    ),
    Holding(
        AuthorAct,
        _("When you sent texts in or took them away"),
        through=partial(_hanging_on_texts, AuthorAct),
        numbers=("by",),
        leaves=_with_the_text,
    ),
    Holding(
        Decision,
        _("Decisions about your texts"),
        through=partial(_hanging_on_texts, Decision),
        numbers=("decided_by",),
        words={"reason": GONE, "facts": ""},
        kept={
            "words_language": "a code of a language",
            "marked": "names of checks",
        },
        # Whether it waited because somebody reported it.
        secret=("waited_as",),
        leaves=_with_the_text,
    ),
    Holding(
        Appeal,
        _("When you asked for another look, and what came of it"),
        own=("filed_by",),
        numbers=("claimed_by", "judged_by"),
        words={"words": "", "recording": "", "reason": GONE},
        kept={
            "language": "which moderators could judge it",
            "reason_language": "a code of a language",
            "recording_type": "a kind of file",
        },
        files=_recording_file,
        leaves=_empty_appeals,
    ),
    Holding(
        Measure,
        _("Measures about your account"),
        own=("person",),
        numbers=("decided_by", "agreed_by", "lifted_by"),
        words={"reason": GONE, "facts": "", "lifted_because": ""},
    ),
    Holding(
        AssistedSession,
        _("Talks at which you wrote down what people told"),
        own=("held_by",),
        words={"place": GONE},
    ),
    Holding(
        Telling,
        _("What you told to a contact person, and took into your account"),
        own=("claimed_by",),
        numbers=("checked_by",),
        words={"first_name": "", "telephone": "", "slip_sealed": ""},
        secret=("entry_key", "entry_digest", "slip_digest", "slip_sealed", "telephone"),
        leaves=_leave_tellings,
    ),
)
NOTHING = {
    "contributions.translationrequest": "that a machine is asked about a text, by its number",
    "contributions.machinemonth": "how many characters went to a machine",
    "contributions.nomachine": "where no machine translates, by the office",
    "contributions.houserule": "words of the office",
    "contributions.savedreply": "words of the office",
    "contributions.policyword": "words of the office",
    "contributions.searchspelling": "ways to write words that stand in documents of search",
}


def declare() -> None:
    """Declare it, at start-up."""
    register(*HOLDINGS)
    register_nothing(NOTHING)
