"""Where a page may send people on to."""

from django.utils.http import url_has_allowed_host_and_scheme


def is_own_path(url: str) -> bool:
    """Say whether a target is a path of this site: no other host, scheme or clever spelling."""
    return (
        url.startswith("/")
        and url.isprintable()
        and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    )
