from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def pages_in_english() -> Iterator[None]:
    """Let ``reverse`` lead to the pages whose sentences stand in the code."""
    with translation.override("en"):
        yield
