"""The whole: settings, addresses, the clock, and the pages and deeds that need several apps."""

from cocreate.celery import app as celery_app

__all__ = ["celery_app"]
