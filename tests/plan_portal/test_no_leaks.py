"""A draft never leaks: whatever staff do in whatever order, no byte that citizens can get holds a word that is not published.

Every text field of every draft holds a canary of its own. After each step all public addresses are asked, and their bytes searched.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote
from zipfile import ZipFile, is_zipfile

import pytest
from django.db import models
from django.test import Client
from django.urls import NoReverseMatch, reverse
from pypdf import PdfReader

from goals.models import BasicGoal, PlanSection
from initiatives.models import Initiative
from kizuna.models import KizunaGoal, KizunaItem
from plan_portal.foundation.drafts import actions
from plan_portal.foundation.drafts.content import fields_of, model_of, public_record
from plan_portal.foundation.drafts.publishing import publish
from plan_portal.foundation.models import Draft, DraftedModel, DraftState
from plan_portal.foundation.organisations import Organisation
from plan_portal.published_files.publishing import publish as publish_site
from tests import factories as f
from tests.plan_portal.admin_world import client_as
from tests.plan_portal.cached_reader import CachedReader
from tests.plan_portal.crawler import crawl, furigana_reader

pytestmark = pytest.mark.django_db

STEPS_OF_A_WALK = 14
FIRST_NEW = 500
WORD = "かくし"  # of kana alone: no reading is put over it, no spelling of it is changed
LETTERS = "あいうえおさたなはま"
SECRET = "ないしょ"
IN_DATA_FILES = (BasicGoal, Initiative, KizunaItem)
TEXTS_BESIDE = {"slug", "supplement", "placement"}  # text columns that hold no text of people


def forms_of(text: str) -> list[bytes]:
    """How bytes for citizens may hold the text."""
    letters = [ord(letter) for letter in text]
    entities = "".join(f"&#{letter};" for letter in letters), "".join(f"&#x{letter:x};" for letter in letters)
    written = [json.dumps(text).strip('"'), quote(text), *entities]
    return [
        *(text.encode(code) for code in ("utf-8", "cp932", "utf-16-le")),
        *(form.encode().lower() for form in written),
    ]


def readable(content: bytes) -> bytes:
    """The bytes, those inside of an archive, and once more without tags and spaces, which pictures and phrases put between letters."""
    if is_zipfile(BytesIO(content)):
        with ZipFile(BytesIO(content)) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist())
    elif content.startswith(b"%PDF"):
        content = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).encode()
    bare = re.sub(rb"<rt>.*?</rt>|<[^>]*>|\s", b"", content)
    return content + bare + content.lower()


@dataclass
class World:
    """A plan with one record of each kind, its staff, and the canaries by what became of them."""

    chance: Random
    hidden: set[str] = field(default_factory=lambda: {SECRET})
    published: dict[int, tuple[str, DraftedModel]] = field(default_factory=dict)
    made: int = 0
    linked: tuple[str, ...] = ()  # what links led to at the beginning; later pages stand in the sitemap

    def __post_init__(self) -> None:
        goal = f.BasicGoalFactory(plan=f.PlanFactory(municipality="登別市"), number=1)
        section, initiative = f.PlanSectionFactory(plan=goal.plan), f.InitiativeFactory(goal=goal, number=1)
        kizuna_goal = f.KizunaGoalFactory(plan=f.KizunaPlanFactory(city_plan=goal.plan), number=1)
        item = f.KizunaItemFactory(goal=kizuna_goal, number=1)
        f.LinkageFactory(goal=goal, kizuna_goal=kizuna_goal, agreed=True)
        self.records: list[Any] = [section, goal, initiative, kizuna_goal, item]
        self.parents: dict[type, dict[str, Any]] = {
            PlanSection: {"plan_id": goal.plan_id},
            BasicGoal: {"plan_id": goal.plan_id},
            Initiative: {"goal_id": goal.pk},
            KizunaGoal: {"plan_id": kizuna_goal.plan_id},
            KizunaItem: {"goal_id": kizuna_goal.pk},
        }
        self.staff = {
            role: [f.UserFactory(role=role), f.UserFactory(role=role)] for role in ("市・編集", "市・承認", "社協")
        }
        self.admin = client_as("admin")

    def canary(self) -> str:
        digits = "".join(LETTERS[int(digit)] for digit in f"{self.made:03}")
        self.made += 1
        self.hidden.add(f"{WORD}{digits}")
        return f"{WORD}{digits}"

    def target(self) -> Any:
        """A record of any kind, or a kind of which a new one is to be written; mostly one with a draft."""
        drafts = list(Draft.objects.in_order())
        if drafts and self.chance.random() < 0.7:
            draft = self.chance.choice(drafts)
            return public_record(draft) or model_of(draft)
        record = self.chance.choice(self.records)
        return type(record) if self.chance.random() < 0.5 else type(record)._base_manager.get(pk=record.pk)

    def values(self, target: Any, canary: str) -> dict[str, Any]:
        model = target if isinstance(target, type) else type(target)
        texts = [x for x in fields_of(model) if isinstance(x, models.CharField | models.TextField)]
        values = {x.attname: canary for x in texts if x.name not in TEXTS_BESIDE}
        if model is PlanSection:
            values["figure_number"] = 40
        if isinstance(target, type):
            number = FIRST_NEW + self.made
            values |= self.parents[model]
            values |= {"slug": f"n{number}", "position": number} if model is PlanSection else {"number": number}
        return values

    def step(self) -> None:
        """What is likely next for a draft of some record, or something else."""
        target = self.target()
        model = target if isinstance(target, type) else type(target)
        found = (Draft.objects.of_new(model) if target is model else Draft.objects.of(target)).in_order()
        draft, city = found.first(), model.OWNER == Organisation.CITY
        writer = self.staff["市・編集" if city else "社協"][0]
        decider = self.staff["市・承認" if city else "社協"][1]
        if draft is None or (draft.state != DraftState.WAITING and self.chance.random() < 0.3):
            self.write(writer, target, draft)
            return
        common = {"draft": draft, "edit_version": draft.edit_version}
        if draft.state != DraftState.WAITING:
            step = self.chance.choice([actions.ask_approval, actions.ask_approval, actions.discard])
            step(user=writer, **common)
        elif (choice := self.chance.random()) < 0.6:
            self.publish(decider, draft, common)
        elif choice < 0.8:
            actions.send_back(user=decider, comment=SECRET, **common)
        else:
            actions.take_back(user=writer, **common)

    def write(self, writer: Any, target: Any, draft: Draft | None) -> None:
        canary = self.canary()
        version = actions.version_of(target) if isinstance(target, DraftedModel) else draft.edit_version if draft else 0
        actions.save_draft(
            user=writer,
            target=target,
            draft=draft,
            values=self.values(target, canary),
            reason=f"改訂の理由{canary}",
            message=SECRET,
            edit_version=version,
        )

    def publish(self, decider: Any, draft: Draft, common: dict[str, Any]) -> None:
        canary = re.search(rf"{WORD}...", draft.reason)[0]
        record = publish(user=decider, note="", **common)
        self.hidden.discard(canary)
        self.published[len(self.published)] = canary, record

    def look_as_staff(self) -> None:
        """Every page of every draft, and its preview, which publishes and undoes."""
        for draft in Draft.objects.in_order():
            kind = f"{draft.content_type.app_label}_{draft.content_type.model}"
            for page in ("draft_review", "draft_preview"):
                response = self.admin.get(reverse(f"admin:{kind}_{page}", args=[draft.pk]))
                assert response.status_code == 200
                assert any(form in readable(response.content) for form in forms_of(WORD)), (kind, page)


def addresses(client: Client | CachedReader, world: World) -> Iterator[str]:
    """What links lead to, what they do not, and where a record would stand that is not published."""
    world.linked = world.linked or tuple(crawl(client))
    yield from world.linked
    yield from re.findall(r"<loc>http://testserver([^<]+)</loc>", client.get("/sitemap.xml").content.decode())
    yield from ("/relationship.svg", "/relationship.png", "/sitemap.xml", "/robots.txt", "/nowhere/")
    yield from (f"/search/?q={quote('か')}", f"/initiatives/?q={quote('か')}", "/api/v1/openapi.json")
    for name in ("updates", "updates-feed"):
        try:
            yield reverse(name)
        except NoReverseMatch:
            continue
    for number in range(FIRST_NEW + 1, FIRST_NEW + 1 + world.made):
        yield from (f"/goals/{number}/", f"/goals/1/{number}/", f"/kizuna/goals/{number}/", f"/kizuna/items/{number}/")


def all_bytes(client: Client | CachedReader, world: World) -> dict[str, bytes]:
    asked = dict.fromkeys(addresses(client, world))
    responses = {url: client.get(url) for url in asked}
    return {
        url: readable(b"".join(response) + str(sorted(response.headers.items())).encode())
        for url, response in responses.items()
    }


def assert_hidden(pages: dict[str, bytes], hidden: set[str]) -> None:
    forms = {form: canary for canary in hidden for form in forms_of(canary)}
    quick = forms_of(WORD) + forms_of(SECRET)
    suspicious = {url: page for url, page in pages.items() if any(form in page for form in quick)}
    leaks = [(url, canary) for url, page in suspicious.items() for form, canary in forms.items() if form in page]
    assert not leaks


@pytest.mark.parametrize("seed", [1, 2])
def test_no_byte_holds_what_is_not_published(seed: int, counts: Counter[str], tmp_path: Path) -> None:
    world = World(Random(seed))  # noqa: S311 (no secret)
    cached = [CachedReader(), CachedReader(furigana=True)]
    readers = [Client(), cached[0], furigana_reader(), cached[1]]
    for number in range(STEPS_OF_A_WALK):
        world.step()
        for reader in cached:
            reader.version.value = number
        if number % 5 == 4:
            world.look_as_staff()
        pages = all_bytes(readers[number % 4], world)
        assert_hidden(pages, world.hidden)
        counts["answers searched for canaries"] += len(pages)
    kept = {url: readable(body) for reader in cached for url, body in reader.kept().items()}
    assert_hidden(kept, world.hidden)
    counts["cached pages searched for canaries"] += len(kept)
    publish_site(tmp_path)
    files = {str(file): readable(file.read_bytes()) for file in tmp_path.rglob("*.*") if file.is_file()}
    assert_hidden(files, world.hidden)
    assert any(form in page for page in files.values() for form in forms_of(WORD)), "what is published is in the files"
    counts["published files searched for canaries"] += len(files)
    assert len(world.hidden) > 3
    assert world.published, "a walk that publishes nothing shows little"


@pytest.mark.parametrize("model", [PlanSection, BasicGoal, Initiative, KizunaGoal, KizunaItem])
@pytest.mark.parametrize("is_new", [False, True])
def test_published_it_is_found(model: type, is_new: bool) -> None:
    """The search above has eyes: the same words, once published, are on the record's page, in data files and in the search."""
    world = World(Random(0))  # noqa: S311
    record = next(record for record in world.records if type(record) is model)
    target = model if is_new else record
    city = model.OWNER == Organisation.CITY
    writer, decider = world.staff["市・編集" if city else "社協"][0], world.staff["市・承認" if city else "社協"][1]
    world.write(writer, target, None)
    draft = Draft.objects.get()
    actions.ask_approval(user=writer, draft=draft, edit_version=draft.edit_version)
    world.look_as_staff()
    assert_hidden(all_bytes(Client(), world), world.hidden)
    (canary,) = world.hidden - {SECRET}
    draft.refresh_from_db()
    world.publish(decider, draft, {"draft": draft, "edit_version": draft.edit_version})
    pages = all_bytes(Client(), world)
    found = {url for url, page in pages.items() if any(form in page for form in forms_of(canary))}
    assert world.published[0][1].get_absolute_url().partition("#")[0] in found
    assert f"/search/?q={quote('か')}" in found
    formats = {url.rsplit(".")[-1] for url in found if url.startswith("/data/") and "." in url}
    assert formats == ({"csv", "xlsx", "json"} if model in IN_DATA_FILES else formats)
    assert_hidden(pages, world.hidden)


def test_printed_sheets_hold_it_only_when_it_is_published() -> None:
    world, sheets = World(Random(0)), ["/plan.pdf", "/goals/1/1.pdf"]  # noqa: S311
    initiative = world.records[2]
    world.write(world.staff["市・編集"][0], initiative, None)
    (canary,) = world.hidden - {SECRET}
    draft = Draft.objects.get()
    actions.ask_approval(user=world.staff["市・編集"][0], draft=draft, edit_version=draft.edit_version)
    world.look_as_staff()
    assert not [url for url in sheets if canary.encode() in readable(Client().get(url).content)]
    draft.refresh_from_db()
    world.publish(world.staff["市・承認"][0], draft, {"draft": draft, "edit_version": draft.edit_version})
    assert [url for url in sheets if canary.encode() in readable(Client().get(url).content)] == sheets
