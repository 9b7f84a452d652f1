"""What the house does in the background: at night, on paper, for who takes data out or leaves."""

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from participatie.posters import making as posters
from participatie.privacy import emptying, making


@shared_task
def clear_sessions() -> None:
    """Remove the sessions that are over; running it twice does no harm."""
    call_command("clearsessions")


@shared_task
def make_take_out(pk: int) -> None:
    """Make one take-out, unless it is made or being made."""
    making.make_take_out(pk=pk)


@shared_task
def sweep_take_outs() -> int:
    """Ask again for the take-outs that a dead worker left; return how many."""
    for pk in (pks := making.sweep(now=timezone.now())):
        make_take_out.delay(pk)
    return len(pks)


@shared_task
def forget_take_outs() -> int:
    """Delete the take-outs whose seven days are over; return how many."""
    return making.forget_old(now=timezone.now())


@shared_task
def empty_departure(pk: int) -> None:
    """Go through all that is held of one person who left, where it is time for that."""
    emptying.make_pass(pk=pk)


@shared_task
def sweep_departures() -> int:
    """Send the departures that have a pass to make to a worker; return how many."""
    for pk in (pks := emptying.sweep(now=timezone.now())):
        empty_departure.delay(pk)
    return len(pks)


@shared_task
def make_poster(pk: int) -> None:
    """Make one sheet, unless it is made or being made."""
    posters.make(pk=pk)


@shared_task
def sweep_posters() -> int:
    """Ask again for the sheets that a dead worker left; return how many."""
    for pk in (pks := posters.sweep(now=timezone.now())):
        make_poster.delay(pk)
    return len(pks)


@shared_task
def forget_posters() -> int:
    """Delete the sheets that nobody asked for in a week, or whose words went; return how many."""
    return posters.forget_old(now=timezone.now())
