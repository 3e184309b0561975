"""Runs a module of bench/ in a process of its own, with Django and one database."""

import json
import subprocess
import sys
from typing import Any

from bench.processes import LOAD_CORE, on_core
from bench.servers import Database
from tests.portal_process import ROOT


def run_module(module: str, database: Database, *arguments: str) -> Any:
    """What it prints, from JSON. It runs on the core on which no server runs."""
    with on_core(LOAD_CORE):
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env=database.clean_environment(DJANGO_SETTINGS_MODULE="plan_portal.settings"),
            stdout=subprocess.PIPE,
            encoding="utf-8",
            check=True,
        )
    return json.loads(done.stdout)
