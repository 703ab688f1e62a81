"""`python -m tests.notices.taking DATABASE < REPORT`: manage.py take_bounces in a process and world of the tests."""

import os
import sys


def main(database):
    """Take in what comes on standard input."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cocreate.settings")
    import django
    from django.conf import settings
    from django.core.management import call_command

    settings.DATABASES["default"]["NAME"] = database
    settings.NOTICE_KINDS = "tests.notices.kinds.KINDS"
    django.setup()
    call_command("take_bounces")


if __name__ == "__main__":
    main(*sys.argv[1:])
