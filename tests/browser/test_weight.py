"""What a first visit costs somebody with little data left.

What a page brings is counted as the running site sends it: styles, scripts and drawings as
WhiteNoise compresses them (gzip), which the test server does not do, the page itself as the site
compresses it, and pictures as they are.
Headers are counted too. Pictures with ``loading="lazy"`` are not: they come when somebody scrolls
to them. The script and style of the map come where a map is opened, and are counted apart.
"""

import gzip

import pytest
from playwright.sync_api import Page, Response

from tests.browser.conftest import Visit
from tests.browser.street import PUBLIC, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST = 100_000
COMPRESSED = ("text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml")


def cost(response: Response) -> int:
    """Return how many bytes an answer takes on the line."""
    body = response.body()
    if response.headers.get("content-type", "").startswith(COMPRESSED):
        body = gzip.compress(body, 9)
    return len(body) + response.request.sizes()["responseHeadersSize"]


def is_of_the_map(response: Response) -> bool:
    """Say whether an answer is the script or the style of the map, which has its own budget."""
    return response.url.rpartition("/")[2].startswith(("map.js", "map.css"))


def lazy(page: Page) -> set[str]:
    return set(
        page.evaluate(
            "[...document.querySelectorAll('img[loading=lazy]')].map((one) => one.currentSrc)"
        )
    )


def test_a_first_visit_to_any_public_page_moves_at_most_100_kb(visit: Visit):
    street = build()
    too_heavy = {}
    for kind in PUBLIC:
        page = visit(device_scale_factor=2)
        answers: list[Response] = []
        page.on("response", lambda answer, seen=answers: seen.append(answer))
        kind.open(page, street, "nl")
        page.wait_for_load_state("networkidle")
        later = lazy(page)
        costs = {
            answer.url: cost(answer)
            for answer in answers
            if answer.url not in later and answer.ok and not is_of_the_map(answer)
        }
        # The page, its styles and two scripts at the least: else something was not counted.
        assert len(answers) >= 4
        if sum(costs.values()) > MOST:
            too_heavy[str(kind)] = costs
        page.context.close()
    assert too_heavy == {}
