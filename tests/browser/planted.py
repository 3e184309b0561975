"""Text that would run as a script, in every text of the database, and what a browser makes of it."""

from collections import Counter
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.db import models
from django.db.models import Model

from plan_portal.foundation.search_text import fold_apart
from tests.triggers import lifted

# Each calls hit() where it runs. One a line; U+2028 is no end of a line here.
PAYLOADS = (Path(__file__).parent / "xss_payloads.txt").read_text(encoding="utf-8").removesuffix("\n").split("\n")
ALL = " ".join(PAYLOADS)
# A figure of goals with all of them as titles takes a browser minutes: three databases with a third in every text.
PARTS = [PAYLOADS[part::3] for part in range(3)]
OTHERS = (User, Group, LogEntry)
# Not texts of people: keys of other records, what is computed, and what the login needs.
LEFT = {"password", "search_text", "media_type", "digest", "object_id"}


def planted_models() -> list[type[Model]]:
    """Ours, their histories too, and the accounts."""
    ours = [model for model in apps.get_models() if not model.__module__.startswith("django.")]
    return [*ours, *OTHERS]


def texts_of(model: type[Model]) -> list[models.Field]:
    """Text without a list of choices, and JSON."""
    kinds = (models.CharField, models.TextField, models.JSONField)
    fields = [field for field in model._meta.concrete_fields if isinstance(field, kinds)]
    return [field for field in fields if not field.choices and field.name not in LEFT]


def _within(value: Any, text: str) -> Any:
    """The same JSON with the text for every text in it, but for what it names by number or day."""
    if isinstance(value, dict):
        return {key: _within(inner, text) for key, inner in value.items()}
    if isinstance(value, list):
        return [_within(inner, text) for inner in value]
    return text if isinstance(value, str) else value


def plant(payloads: list[str], counts: Counter[str]) -> None:
    """These payloads into each text of each record, longer than its form would take."""
    with lifted():
        for model in planted_models():
            for record in model._base_manager.all():
                text = f"{' '.join(payloads)} {record.pk}"  # unique where it must be
                values = {
                    field.attname: _within(getattr(record, field.attname), text)
                    if isinstance(field, models.JSONField)
                    else text
                    for field in texts_of(model)
                }
                if searched := getattr(model, "SEARCH_FIELDS", ()):
                    values["search_text"] = fold_apart(*(values.get(name, "") for name in searched))
                if values:
                    model._base_manager.filter(pk=record.pk).update(**values)
            if model._base_manager.exists():
                counts["payloads in text fields"] += len(payloads) * len(texts_of(model))


# What is in the page as a browser has read it: nothing of the portal's own looks like this.
SCAN = """() => {
  const found = [];
  const address = /^(javascript|vbscript|data|view-source|feed):/i;
  const places = ['href', 'src', 'action', 'formaction', 'xlink:href', 'data', 'srcdoc', 'poster', 'background', 'to', 'values', 'from'];
  const strange = 'iframe,frame,object,embed,applet,base,portal,marquee,template,xmp,plaintext,listing,math,foreignObject,' +
    'animate,set,audio,video,meta[http-equiv=refresh],annotation-xml,handler';
  for (const element of document.querySelectorAll('*')) {
    for (const {name, value} of element.attributes) {
      if (name.startsWith('on')) found.push(name + '=' + value);
      const read = value.replace(/[\\u0000-\\u0020]/g, '');
      if (places.includes(name) && address.test(read)) found.push(name + '=' + value);
      if (name === 'style' && value.includes('hit(')) found.push('style=' + value);
    }
    const text = element.localName === 'script' ? element.textContent : '';
    if (element.localName === 'style' && element.textContent.includes('hit(')) found.push('style element');
    if (text.trim() && !(element.type || '').endsWith('json')) found.push('script ' + text);
    if (element.localName === 'script' && element.src && !element.src.startsWith(location.origin + '/static/')) found.push(element.src);
  }
  for (const element of document.querySelectorAll(strange)) found.push(element.localName);
  return found;
}"""
