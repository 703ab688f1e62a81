"""A worker process for tests: `python -m tests.notices.worker DATABASE SMTP_PORT LANE`. It is there to be killed."""

import os
import sys


def main(database, port, lane):
    """Drain one lane of the test database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cocreate.settings")
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(port)
    settings.NOTICE_KINDS = "tests.notices.kinds.KINDS"
    settings.TEMPLATES[0]["DIRS"].append(os.path.join(os.path.dirname(__file__), "templates"))
    django.setup()
    from notices.actions import drain

    print(drain(lane), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
