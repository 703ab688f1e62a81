#!/usr/bin/env python
"""Django's command line. Without DATABASE_URL it speaks to the servers that `make run` started."""

import os
import sys

from cocreate.embedded import adopt_running_environment

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cocreate.settings")
    adopt_running_environment(os.environ)
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
