"""Background work on contributions. Each task's work is findable from a row, and safe to repeat."""

import structlog
from celery import shared_task
from django.utils import timezone

from contributions import mails, retention
from contributions.kinds import all_kinds
from contributions.models import Dossier, Picture, Report
from contributions.models.picture import MAX_SIZE_TRIES
from contributions.near_doubles import compare
from contributions.pictures import make_sizes
from contributions.search.documents import catch_up
from contributions.search.vocabulary import forget_unused_words

SWEEP_AT_MOST = 200
#: As many documents of search are written before other tasks have their turn.
DOCUMENTS_AT_MOST = 500

log = structlog.get_logger(__name__)


@shared_task
def make_picture_sizes(picture_pk: int) -> None:
    """Make one picture's smaller sizes, unless they are there, it is gone, or nobody can read it.

    A try is counted before it is made: a picture that kills its worker counts too.
    """
    picture = Picture.objects.without_sizes().filter(pk=picture_pk).first()
    if picture is None or (tries := picture.size_tries or 0) >= MAX_SIZE_TRIES:
        return
    Picture.objects.filter(pk=picture_pk).update(size_tries=tries + 1)
    try:
        make_sizes(picture=picture)
    except Exception:
        given_up = tries + 1 == MAX_SIZE_TRIES
        log.error("picture_sizes_failed", picture=picture_pk, given_up=given_up)
        raise


@shared_task
def sweep_picture_sizes() -> int:
    """Ask again for the sizes of pictures that a dead worker left; return how many."""
    lost = (
        Picture.objects.lost_at(timezone.now())
        .order_by("created_at")
        .values_list("pk", flat=True)[:SWEEP_AT_MOST]
    )
    for pk in (pks := list(lost)):
        make_picture_sizes.delay(pk)
    return len(pks)


@shared_task
def mark_near_doubles(dossier_pk: int) -> int:
    """Look for texts that say nearly the same as one that waits; return how many there are."""
    return compare(dossier_pk=dossier_pk)


@shared_task
def sweep_near_doubles() -> int:
    """Ask again to compare the texts that a dead worker left; return how many."""
    kinds = [kind.name for kind in all_kinds() if kind.near is not None]
    left = Dossier.objects.waiting().filter(kind__in=kinds, compared_at__isnull=True)
    pks = list(left.values_list("pk", flat=True)[:SWEEP_AT_MOST])
    for pk in pks:
        mark_near_doubles.delay(pk)
    return len(pks)


@shared_task
def forget_old_drafts() -> int:
    """Delete drafts that nobody touched for thirty days; return how many."""
    return retention.forget_old_drafts(now=timezone.now())


@shared_task
def send_report_outcome(pk: int) -> None:
    """Mail what became of one report, once."""
    mails.send_outcome(pk, now=timezone.now())


@shared_task
def sweep_report_outcomes() -> int:
    """Ask for the mails about reports that were decided long enough ago; return how many.

    A decision that can still be undone is told to nobody, so this is how such a mail begins.
    """
    due = Report.objects.lost_at(timezone.now()).order_by("created_at")
    for pk in (pks := list(due.values_list("pk", flat=True)[:SWEEP_AT_MOST])):
        send_report_outcome.delay(pk)
    return len(pks)


@shared_task
def forget_reports() -> int:
    """Empty who reported and in which words, a year after the outcome; return how many."""
    return retention.forget_reports(now=timezone.now())


@shared_task
def forget_recordings() -> int:
    """Delete recordings of texts that nobody can hear any more; return how many."""
    return retention.forget_recordings(now=timezone.now())


@shared_task
def forget_what_talks_needed() -> int:
    """Empty names, numbers and codes of talks when nobody needs them any more; return how many."""
    return retention.forget_what_talks_needed(now=timezone.now())


@shared_task
def empty_sealed_texts() -> int:
    """Take the words out of texts that were rejected or hidden a year ago; return how many."""
    # Which words those are is declared where leaving is: that is loaded last of all.
    from contributions.privacy import empty_sealed_texts as empty

    return empty(now=timezone.now())


@shared_task
def sweep_search_documents() -> int:
    """Write documents of search that are missing or old, drop those without a text; count them.

    After an upgrade that is all of them: then it asks for itself again until there are none.
    """
    done = catch_up(at_most=DOCUMENTS_AT_MOST)
    if done >= DOCUMENTS_AT_MOST:
        sweep_search_documents.delay()
    return done


@shared_task
def forget_searched_words() -> None:
    """Forget words that stand in no text on the site any more."""
    forget_unused_words()


@shared_task
def translate_by_machine(request_pk: int) -> None:
    """Make one translation that a reader asked for, unless it is there by now."""
    # What a machine makes is written by an action, and actions ask for tasks.
    from contributions.machine.working import make

    make(request_pk, now=timezone.now())


@shared_task
def sweep_translations() -> int:
    """Make translations that wait: those asked for at once, and those a dead worker left."""
    from contributions.machine.working import drain

    return drain(now=timezone.now())


@shared_task
def tell_translators() -> int:
    """Tell contact persons of the texts of yesterday that they can translate; return how many."""
    # Which words those are is declared where notifications are: that is loaded last of all.
    from contributions.notifications import tell_translators as tell

    return tell(now=timezone.now())
