#!/usr/bin/env python
"""Django's command line for the portal."""

import os
import signal
import sys

if __name__ == "__main__":
    if "start" in sys.argv[1:2]:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl+C before the server takes it over: end, without a traceback
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plan_portal.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
