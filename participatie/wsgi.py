"""The entry point for a web server: ``granian --interface wsgi participatie.wsgi:application``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "participatie.settings")

application = get_wsgi_application()
