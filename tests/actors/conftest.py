import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _no_limits_left_over():
    """Each test starts with its sign-in limits unused; the limits themselves stay on."""
    cache.clear()
