"""Work outside the request: mail, picture sizes, sweeps and what happens at night."""

import os
from typing import Any

from celery import Celery
from celery.contrib.django.task import DjangoTask
from django.db import InterfaceError, OperationalError, transaction

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "participatie.settings")


class Task(DjangoTask):  # type: ignore[type-arg]  # generic in celery-types alone
    """A task whose work can be found again from a row, and which is safe to run twice.

    A database that is busy or away is no reason to give up: the task is tried again after 1, 2, 4…
    seconds, up to ten minutes apart. What fails even then is found by the kind's sweep.
    """

    autoretry_for = (OperationalError, InterfaceError)
    retry_backoff = True
    retry_backoff_max = 600
    retry_jitter = True
    max_retries = 10

    # celery-types promises a result here; Celery returns none.
    def delay_on_commit(self, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]
        """Send the task to a worker once the transaction stands.

        A broker that is away must not turn accepted work into an error page: the row stands, the
        failure is logged, and the sweep sends the task later.
        """

        # Not a partial: Django logs the failure under the function's name.
        def send() -> None:
            self.delay(*args, **kwargs)

        transaction.on_commit(send, robust=True)


app = Celery("participatie", task_cls=Task)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
