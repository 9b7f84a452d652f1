"""The site with two bare pages beside it, on whatever database the environment names."""

from participatie.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
