"""How a database constraint is shown to hold.

A `test_models*.py` lists its constraints in `CONSTRAINTS`: the constraint's name → a function that makes a row breaking
it and nothing else (unsaved, or saved and then changed). `tests/test_all_models.py` breaks each, and fails for a
constraint that stands in no list.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import models
from simple_history.models import HistoricalChanges

Breaker = Callable[[], models.Model]


def our_models() -> list[type[models.Model]]:
    """The content models of this project, without their history tables."""
    root = Path(settings.BASE_DIR)
    return [
        model
        for config in apps.get_app_configs()
        if root in Path(config.path).parents and ".venv" not in Path(config.path).parts
        for model in config.get_models()
        if not issubclass(model, HistoricalChanges)
    ]


def breakers() -> dict[str, Breaker]:
    """All CONSTRAINTS lists of the test modules named test_models*.py."""
    tests = Path(__file__).parent
    modules = (
        ".".join(file.relative_to(tests.parent).with_suffix("").parts) for file in tests.rglob("test_models*.py")
    )
    found: dict[str, Breaker] = {}
    for module in sorted(modules):
        found |= getattr(import_module(module), "CONSTRAINTS", {})
    return found
