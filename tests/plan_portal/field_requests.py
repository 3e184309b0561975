"""Crafted POSTs for the field matrix: the valid form of a page, and in it one more field, of whatever model, with a valid value."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Permission, User
from django.db import connection, transaction
from django.db.models import BinaryField, BooleanField, DateField, DateTimeField, Field, IntegerField, JSONField, Model
from django.test import Client
from django.urls import reverse

from kizuna.models import Linkage, LinkagePair, LinkageProposal, LinkageStep
from plan_portal.accessibility.models import AccessibilityTest, CriterionResult
from plan_portal.foundation.fiscal_years import FiscalYearField
from plan_portal.foundation.models import Draft, DraftStep, PublishedChange
from tests import factories as f
from tests.plan_portal.admin_world import CHANGED, NEW, NOT_CONTENT, World, text_of
from tests.plan_portal.draft_world import DECIDERS, NEW_NUMBER
from tests.plan_portal.linkage_requests import linkage_requests
from tests.plan_portal.test_permission_matrix import RIGHTS

Rows = dict[str, dict[str, dict[str, str]]]  # table → key → column → text
BUTTONS = {"_save": "1", "_publish": "1", "_agree": "1"}
MOMENT = "2001-02-03"
ANY_NUMBER = "87"
# Moments that the portal writes down by itself, so that no two requests agree on them.
CLOCK = {"at", "updated_at", "asked_at", "history_date", "date_joined", "password"}
KEYS_OF_A_TABLE = 100_000
UNWATCHED = NOT_CONTENT | {"auth_permission", "django_content_type"}


class OtherPicture:
    name, content_type = "icon.png", "image/png"

    def read(self) -> bytes:
        return f.picture(colour="#123456")


# Valid only in this form, or only together with something else.
VALID: dict[tuple[str, str], dict[str, Any]] = {
    ("Reading", "ruby"): {"ruby": "{地域|べつ}"},
    ("Reading", "word"): {"word": "別語", "ruby": "{別語|べつご}"},
    ("Sdg", "number"): {"number": "16"},
    ("Sdg", "colour"): {"colour": "#123456"},
    ("SdgIcon", "image"): {"image": OtherPicture()},
    ("Plan", "state"): {"state": "ended"},
    ("Department", "phone"): {"phone": "000-0000-0000"},
    ("AccessibilityTest", "tested_on"): {"tested_on": "2026-05-03"},
    ("AccessibilityTest", "pages"): {"pages": "/crafted/"},
    ("CriterionResult", "result"): {"result": "fails"},
}
TITLE = {"title": "別の題", "title_ruby": "{別|べつ}の{題|だい}"}
OFFERED = {Permission: {"codename": "view_plan"}}  # the form of a group offers few
FIGURE = {"figure_number": "87", "figure_caption": "図の題"}


@dataclass(frozen=True)
class Target:
    """A page and its valid form; `roles` may send it, to the benefit of `host`."""

    page: str
    url: str
    host: type[Model]
    record: Model
    body: dict[str, Any]
    roles: tuple[str, ...]

    def crafted(self, owner: type[Model], model_field: Field, more: dict[str, Any]) -> dict[str, Any]:
        """What to send for one field more, by whatever name a form could know it."""
        prefix = "results-0-" if owner is CriterionResult else ""
        names = {model_field.name, model_field.attname}
        crafted = {prefix + name: more[model_field.name] for name in names} | more
        if isinstance(model_field, DateTimeField):
            crafted |= {f"{model_field.name}_0": MOMENT, f"{model_field.name}_1": "04:05:06"}
        return crafted


def holders(model: type[Model], right: str) -> tuple[str, ...]:
    return tuple(role for role, rights in RIGHTS.items() if right in rights.get(model, ""))


def targets(world: World, host: type[Model]) -> Iterator[Target]:
    """Every page of this model that takes a form."""
    record, name = world.records[host], f"admin:{host._meta.app_label}_{host._meta.model_name}"
    if host is Linkage:
        for step in linkage_requests(world, "change"):
            linkage = next(one for one in world.linkages.values() if step["url"].endswith(f"/{one.pk}/change/"))
            yield Target("step", step["url"], Linkage, linkage, step["body"], step["roles"])
        forged = linkage_requests(world, "change")[4]["body"] | BUTTONS
        yield Target("forged", reverse(f"{name}_change", args=[record.pk]), Linkage, record, forged, ())
        yield Target("add", reverse(f"{name}_add"), Linkage, record, forged, ())
        return
    changed, change_url = world.form(host, CHANGED) | BUTTONS, reverse(f"{name}_change", args=[record.pk])
    if host is AccessibilityTest:
        changed = world.result_form() | CHANGED[host] | BUTTONS
    yield Target("change", change_url, host, record, changed, holders(host, "c"))
    yield Target("add", reverse(f"{name}_add"), host, record, world.form(host, NEW) | BUTTONS, holders(host, "a"))
    if host is User:
        passwords = {"usable_password": "true", "password1": "nagai-aikotoba-99", "password2": "nagai-aikotoba-99"}
        yield Target(
            "password",
            reverse("admin:auth_user_password_change", args=[record.pk]),
            host,
            record,
            passwords,
            ("admin",),
        )
    if host in DECIDERS:
        new, waiting = world.new[host], world.waiting[host]
        form = world.form(host, NEW_NUMBER) | {"edit_version": new.edit_version}
        decision = {"edit_version": waiting.edit_version, "_publish": "1"}
        yield Target("draft", reverse(f"{name}_draft", args=[new.pk]), host, record, form | BUTTONS, holders(host, "a"))
        yield Target(
            "review", reverse(f"{name}_draft_review", args=[waiting.pk]), host, record, decision, DECIDERS[host]
        )


def owners(host: type[Model]) -> list[type[Model]]:
    """The models whose fields are tried on the pages of `host`: its own, and all that a save there writes besides."""
    own = [host, PublishedChange] + ([host.history.model] if hasattr(host, "history") else [])
    if host is Linkage:
        return [*own, LinkagePair, LinkageProposal, LinkageStep, LinkagePair.history.model]
    if host is AccessibilityTest:
        return [*own, CriterionResult]
    return [*own, Draft, DraftStep] if host in DECIDERS else own


def crafted_fields(host: type[Model], owner: type[Model]) -> Iterator[Field]:
    own = {one.name for one in host._meta.get_fields()} - {"id"}
    for one in [*owner._meta.concrete_fields, *owner._meta.many_to_many]:
        if owner.__name__.startswith("Historical") and one.name in own:
            continue  # the same name as the record's own field
        yield one


def valid_value(record: Model, model_field: Field) -> dict[str, Any]:
    """Another value than the record has, as a form says it, and what must go with it."""
    owner, name = type(record).__name__, model_field.name
    if (owner, name) in VALID:
        return VALID[owner, name]
    for together in (FIGURE, TITLE):
        if name in together and hasattr(record, next(reversed(together))):
            return together
    return {name: _other(getattr(record, model_field.attname, None), model_field, record)}


def _other(now: Any, model_field: Field, record: Model) -> Any:
    if model_field.is_relation:
        if model_field.many_to_many:
            offered = model_field.related_model._base_manager.filter(**OFFERED.get(model_field.related_model, {}))
            return [str(offered.order_by("-pk").values_list("pk", flat=True)[0])]
        related = model_field.related_model._base_manager.exclude(pk=now).order_by("-pk")
        if model_field.related_model is type(record):
            related = related.exclude(pk=record.pk)
        return str(next(iter(related.values_list("pk", flat=True)[:1]), ANY_NUMBER))
    if model_field.choices and not isinstance(model_field, IntegerField):
        return next(str(key) for key, _ in model_field.choices if key not in (now, ""))
    if isinstance(model_field, BooleanField):
        return "False" if now else "on"
    plain: list[tuple[type[Field], str]] = [
        (DateTimeField, f"{MOMENT} 04:05:06"),
        (DateField, "2021-02-03"),
        (FiscalYearField, "2031"),
        (JSONField, '{"title": "crafted"}'),
        (IntegerField, ANY_NUMBER),
        (BinaryField, "crafted"),
    ]
    text = "crafted@example.jp" if "mail" in model_field.name else "crafted"
    return next((value for kind, value in plain if isinstance(model_field, kind)), text[: model_field.max_length])


def spread_keys() -> None:
    """PostgreSQL gives no key twice, even if it is taken back: with a range for each table, no new key is like a key elsewhere."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for number, table in enumerate(sorted(connection.introspection.table_names(cursor)), start=1):
            for sequence in connection.introspection.get_sequences(cursor, table):
                name = sequence["name"]
                cursor.execute("SELECT setval(%s, greatest(nextval(%s), %s))", [name, name, number * KEYS_OF_A_TABLE])


def rows() -> Rows:
    """All rows by their key, with all columns."""
    found: Rows = {}
    keys = {model._meta.db_table: model._meta.pk.column for model in apps.get_models(include_auto_created=True)}
    with connection.cursor() as cursor:
        for table in sorted(set(keys) - UNWATCHED):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 (a name from the models)
            columns = [column[0] for column in cursor.description]
            at = columns.index(keys[table])
            found[table] = {
                str(row[at]): dict(zip(columns, map(text_of, row), strict=True)) for row in cursor.fetchall()
            }
    return found


def sent(key: str, url: str, body: dict[str, Any], before: Rows) -> tuple[int, Rows]:
    """Status, and the database after the request of the session with this key, which is then undone."""
    client = Client(raise_request_exception=False)
    if key:
        client.cookies["sessionid"] = key
    with transaction.atomic():
        status = client.post(url, body).status_code
        after = rows()
        transaction.set_rollback(True)
    return status, after


def changes(before: Rows, after: Rows) -> set[tuple[str, str]]:
    """(table, column) of each row that was there and is another now; + and - for rows that came and went."""
    found = set()
    for table, old in before.items():
        new = after[table]
        if old == new:
            continue
        found |= {
            (table, sign) for sign, more in (("+", new.keys() - old.keys()), ("-", old.keys() - new.keys())) if more
        }
        for key in old.keys() & new.keys():
            found |= {(table, column) for column, text in old[key].items() if new[key][column] != text}
    return found


def differences(before: Rows, plain: Rows, crafted: Rows, value: str) -> set[tuple[str, str]]:
    """(table, column) in which the crafted request left another database than the plain one; what the clock says counts not."""

    def told(column: str, text: str, fresh: set[str]) -> str:
        its_own = column in CLOCK and not text.startswith(MOMENT) and text != value
        return "" if its_own or (column.endswith("id") and text in fresh and text != value) else text

    def split(rows: Rows, table: str) -> tuple[dict, list]:
        fresh = {key for one in rows for key in rows[one].keys() - before[one].keys()}
        plainly = {k: {c: told(c, t, fresh) for c, t in row.items()} for k, row in rows[table].items()}
        new = sorted(tuple(row.items()) for key, row in plainly.items() if key not in before[table])
        return {key: row for key, row in plainly.items() if key in before[table]}, new

    found = set()
    for table in before:
        if plain[table] == crafted[table]:
            continue
        (old_a, new_a), (old_b, new_b) = split(plain, table), split(crafted, table)
        if old_a.keys() != old_b.keys() or len(new_a) != len(new_b):
            found.add((table, "rows"))
        pairs = [(old_a[key], old_b[key]) for key in old_a.keys() & old_b.keys()]
        pairs += [(dict(a), dict(b)) for a, b in zip(new_a, new_b, strict=False)]
        found |= {(table, column) for a, b in pairs for column in a if a[column] != b[column]}
    return found
