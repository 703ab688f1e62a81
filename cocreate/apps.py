"""The app that knows all others, and Django's admin opened only to operators with a second factor."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class CocreateConfig(AppConfig):
    name = "cocreate"
    default = True

    def ready(self):
        """Settings and soft criteria stand in the table that a platform chooses from; new addresses are followed."""
        from . import addresses, stages  # noqa: F401


class OperatorAdminConfig(admin_apps.AdminConfig):
    """The admin under OperatorSite: it asks for a second factor."""

    default = False
    default_site = "cocreate.admin.OperatorSite"
