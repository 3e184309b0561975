"""What a start loads: nothing that only some visitors need."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOADED = """
import sys
import plan_portal.wsgi
from django.urls import get_resolver
get_resolver().url_patterns
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_a_start_does_not_load_what_makes_workbooks_pictures_and_pdfs(tmp_path: Path) -> None:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "plan_portal.settings", "PORTAL_VAR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, env=environment, capture_output=True, check=True)  # noqa: S603
    loaded = set(done.stdout.decode().split())
    assert "django" in loaded
    assert loaded.isdisjoint({"openpyxl", "PIL", "weasyprint"})
