"""The site's own settings and middleware, with the bare view added for comparison."""

from cocreate.settings import *  # noqa: F403

ROOT_URLCONF = "bench._urls"
