"""A worker of the site, with a broker and a database of a test's own:

WORKER_DATABASE=… WORKER_MAIL_PORT=… WORKER_BROKER=… celery -A tests.notifications.a_site worker
"""

import os

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402

from participatie.celery import app  # noqa: E402, F401  (what celery looks for)
from tests.notifications import happenings  # noqa: E402

connections["default"].settings_dict["NAME"] = os.environ["WORKER_DATABASE"]
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(os.environ["WORKER_MAIL_PORT"])
settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
# Celery asks the environment first, which the settings of tests have filled in.
os.environ["CELERY_BROKER_URL"] = os.environ["WORKER_BROKER"]
happenings.declared(lambda registry, name, kind: registry.__setitem__(name, kind))
