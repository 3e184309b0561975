"""Runs a command of manage.py for each line that comes in, in one process, and says when it is done: a start takes a second.

python -m tests.faults.one_by_one backup --to FOLDER     each line one more backup
python -m tests.faults.one_by_one restore                each line a file
"""

import io
import sys

import django
from django.core.management import call_command
from django.db import connections


def main(command: str, *arguments: str) -> None:
    django.setup()
    for line in sys.stdin:
        call_command(command, *arguments, *line.split(), stdout=io.StringIO())
        connections.close_all()
        print("done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
