"""A member of staff at work: commits numbered edits of one text, in a process of its own.

    python -m bench.editor FIRST COUNT PAUSE

Prints "ready", waits for a line, and prints in the end, as JSON, [[number, before the commit, after it], …] (time.monotonic()).
"""

import json
import sys
import time

GOAL, PAGE = 4, "/goals/4/"
MARK = "Edit {:06d}."


def edit(first: int, count: int, pause: float) -> list[tuple[int, float, float]]:
    from django.db import transaction

    from goals.models import BasicGoal

    goals, done = BasicGoal.objects.filter(number=GOAL, plan__in=_current()), []
    for number in range(first, first + count):
        time.sleep(pause)
        with transaction.atomic():
            if goals.update(summary_easy=MARK.format(number)) != 1:
                raise RuntimeError(f"there is no goal {GOAL}")
            before = time.monotonic()
        done.append((number, before, time.monotonic()))
    return done


def _current() -> object:
    from goals.models import Plan

    return Plan.objects.current()


def main() -> None:
    import django

    django.setup()
    edit(0, 0, 0)  # everything is imported before the load begins
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(edit(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))))


if __name__ == "__main__":
    main()
