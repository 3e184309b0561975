"""What the portal holds when it is new: the printed plan (`fixtures/plan/`), and 見本 to show how it works (`fixtures/sample.json`)."""

from plan_portal.content.errors import ContentError
from plan_portal.content.plan_loader import PlanReport, load_plan
from plan_portal.content.reading_loader import load_readings
from plan_portal.content.sample_clearer import ClearReport, clear_sample
from plan_portal.content.sample_loader import SampleReport, load_sample

__all__ = [
    "ClearReport",
    "ContentError",
    "PlanReport",
    "SampleReport",
    "clear_sample",
    "load_plan",
    "load_readings",
    "load_sample",
]
