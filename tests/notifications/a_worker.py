"""A process that sends what waits, to be killed: each line it reads lets it fork such a worker.

    WORKER_DATABASE=… WORKER_MAIL_PORT=… python -m tests.notifications.a_worker

It starts once and forks, as the site's own worker does. It writes the number of each worker as that
begins, and how it ended once it has.
"""

import os
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402

from notifications import sending  # noqa: E402
from tests.notifications import happenings  # noqa: E402


def main() -> None:
    connections["default"].settings_dict["NAME"] = os.environ["WORKER_DATABASE"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(os.environ["WORKER_MAIL_PORT"])
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    happenings.declared(lambda registry, name, kind: registry.__setitem__(name, kind))
    print("ready", flush=True)
    for _line in sys.stdin:
        pid = os.fork()
        if not pid:
            os._exit(work())
        print(pid, flush=True)
        _pid, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def work() -> int:
    """Send until nothing is due; return 1 where something went wrong."""
    try:
        while sending.send_waiting("mail"):
            pass
    except Exception as error:
        print(repr(error), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    main()
