"""Background work on initiatives. Each task's work is findable from a row, and safe to repeat."""

from celery import shared_task
from django.utils import timezone

from ideas import actions
from ideas.models import HelpNotice, Invitation
from ideas.sending import send_help_notice, send_invitation

SWEEP_AT_MOST = 200


@shared_task
def expire_initiatives() -> int:
    """Close what gathered support until yesterday and did not get enough; return how many."""
    return actions.expire(now=timezone.now())


@shared_task
def sweep_mails() -> int:
    """Ask again for the mails that a dead worker or mail server left; return how many."""
    now, asked = timezone.now(), 0
    for rows, task in (
        (Invitation.objects.lost_at(now), send_invitation),
        (HelpNotice.objects.lost_at(now), send_help_notice),
    ):
        for pk in list(rows.order_by("created_at").values_list("pk", flat=True)[:SWEEP_AT_MOST]):
            task.delay(pk)
            asked += 1
    return asked


@shared_task
def forget_invitations() -> int:
    """Forget the addresses of invitations that nobody answered in time; return how many."""
    return actions.forget_invitations(now=timezone.now())


@shared_task
def forget_conversations() -> int:
    """Delete the conversations about help that have been quiet for long; return how many."""
    return actions.forget_conversations(now=timezone.now())


@shared_task
def tell_of_promises() -> int:
    """Tell the programme office of promises whose day is near; return how many there are."""
    # Which words those are is declared where notifications are: that is loaded last of all.
    from ideas.notifications import tell_of_promises as tell

    return tell(now=timezone.now())
