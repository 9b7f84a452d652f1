"""Where who comes to a double goes on: at the initiative that it was joined with."""

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from contributions.models import Status
from ideas.models import Initiative


def goes_on_at(pk: int, user: User | AnonymousUser) -> Initiative | None:
    """Return the initiative that a double was joined with, where a user may see it.

    Nothing for what is no double, and where one of the two is hidden: an address tells a title.
    """
    double = Initiative.objects.filter(
        pk=pk, merged_into__isnull=False, status=Status.PUBLISHED
    ).first()
    if double is None:
        return None
    return Initiative.objects.visible_to(user).filter(doubles=double).first()
