"""What publish_site leaves in the folder: what the portal answers, only what changed, and nothing of a run that failed."""

import gzip
import os
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import brotli
import pytest
from django.core.management import CommandError, call_command
from django.http import HttpRequest, HttpResponse
from django.test import Client

from goals.models import Plan
from plan_portal.foundation.choices import EditionState
from plan_portal.published_files.addresses import public_addresses
from plan_portal.published_files.errors import PublishError
from plan_portal.published_files.publishing import publish
from tests import factories as f
from tests.plan_portal.crawler import furigana_reader

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def static_root(settings, tmp_path: Path) -> Path:
    settings.STATIC_ROOT = str(tmp_path / "static")
    (tmp_path / "static" / "css").mkdir(parents=True)
    (tmp_path / "static" / "css" / "portal.0123456789ab.css").write_text("main{}")
    return tmp_path / "static"


@pytest.fixture
def plan() -> Plan:
    goal = f.BasicGoalFactory(plan=f.PlanFactory(municipality="登別市"), number=1)
    f.InitiativeFactory(goal=goal, number=1)
    kizuna = f.KizunaGoalFactory(plan=f.KizunaPlanFactory(city_plan=goal.plan), number=1)
    f.KizunaItemFactory(goal=kizuna, number=1)
    f.LinkageFactory(goal=goal, kizuna_goal=kizuna, agreed=True)
    f.ReadingFactory(word="登別市", ruby="{登別市|のぼりべつし}")
    return goal.plan


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "published"


def files(folder: Path) -> dict[str, Path]:
    current = folder / "current"
    return {str(file.relative_to(current)): file for file in current.rglob("*") if file.is_file()}


def state(folder: Path) -> dict[str, tuple[int, int]]:
    return {name: (file.stat().st_ino, file.stat().st_mtime_ns) for name, file in files(folder).items()}


def place(address: str) -> str:
    """Where the files of an address lie."""
    return address.strip("/") + "/" if address != "/" else ""


class TestFiles:
    @pytest.mark.usefixtures("plan")
    def test_are_what_readers_get(self, folder: Path) -> None:
        report = publish(folder)
        found = files(folder)
        addresses = public_addresses()
        assert {"/", "/goals/1/1/", "/relationship.svg", "/api/v1/goals/1/", "/data/goals.xlsx"} <= set(addresses)
        for state_name, reader in (("plain", Client()), ("furigana", furigana_reader())):
            for address in addresses:
                answer = reader.get(address, headers={"host": "127.0.0.1:8000"})
                own = [
                    name for name in found if re.fullmatch(rf"{state_name}/{re.escape(place(address))}\w+\.\w+", name)
                ]
                if state_name == "furigana" and not answer["Content-Type"].startswith("text/html"):
                    assert own == [], "the same with furigana as without"
                    continue
                assert [found[name].read_bytes() for name in own] == [answer.content], address
        assert "<ruby>" in found["furigana/page.html"].read_text()
        assert report.files == sum(
            not name.endswith((".br", ".gz")) for name in found if not name.startswith("static/")
        )

    @pytest.mark.usefixtures("plan")
    def test_compressed_ones_hold_the_same(self, folder: Path) -> None:
        publish(folder)
        found = files(folder)
        packed = [name for name in found if name.endswith((".br", ".gz"))]
        assert len(packed) > 100
        for name in packed:
            unpack = brotli.decompress if name.endswith(".br") else gzip.decompress
            assert unpack(found[name].read_bytes()) == found[name.removesuffix(name[-3:])].read_bytes()
            assert found[name].stat().st_size < found[name.removesuffix(name[-3:])].stat().st_size

    @pytest.mark.usefixtures("plan")
    def test_everybody_may_read_them(self, folder: Path) -> None:
        before = os.umask(0o077)
        try:
            call_command("publish_site", to=folder, stdout=StringIO())
        finally:
            os.umask(before)
        found = files(folder)
        assert {file.stat().st_mode & 0o777 for name, file in found.items() if name.startswith("plain")} == {0o644}
        assert {file.parent.stat().st_mode & 0o777 for file in found.values()} == {0o755}
        assert found["static/css/portal.0123456789ab.css"].read_text() == "main{}"

    def test_before_there_is_a_plan(self, folder: Path) -> None:
        publish(folder)
        assert {"plain/page.html", "furigana/page.html", "plain/robots.txt/file.txt"} <= set(files(folder))
        assert not [name for name in files(folder) if name.startswith("plain/api/")]

    def test_pages_for_refusals(self, folder: Path) -> None:
        publish(folder)
        assert "計画のページは読めます" in files(folder)["errors/503.html"].read_text()


class TestAgain:
    @pytest.mark.usefixtures("plan")
    def test_nothing_changed(self, folder: Path) -> None:
        publish(folder)
        before = (folder / "current").readlink(), state(folder)
        report = publish(folder)
        assert not report.changes
        assert "前と同じ" in str(report)
        assert ((folder / "current").readlink(), state(folder)) == before

    def test_only_what_changed_is_written(self, plan: Plan, folder: Path) -> None:
        publish(folder)
        before = state(folder)
        plan.goals.update(title="あたらしい目標")
        report = publish(folder)
        after = state(folder)
        changed = {name for name in after if after[name] != before[name]}
        assert {"plain/page.html", "plain/page.html.br", "plain/page.html.gz", "furigana/goals/1/page.html"} <= changed
        assert {name for name in changed if not name.endswith((".br", ".gz"))} == set(report.changes.written)
        assert not {name for name in changed if name.startswith(("plain/sdgs/17/", "static/", "errors/"))}
        assert "あたらしい目標" in files(folder)["plain/goals/1/page.html"].read_text()
        assert "あたらしい目標" in brotli.decompress(files(folder)["plain/goals/1/page.html.br"].read_bytes()).decode()

    @pytest.mark.usefixtures("plan")
    def test_what_is_gone_goes(self, folder: Path) -> None:
        publish(folder)
        assert "plain/goals/1/page.html" in files(folder)
        Plan.objects.update(state=EditionState.ENDED)
        report = publish(folder)
        assert "plain/goals/1/page.html" in report.changes.gone
        assert not [name for name in files(folder) if name.startswith(("plain/goals", "furigana/goals", "plain/data"))]


def broken(_request: HttpRequest) -> HttpResponse:
    raise ValueError


def for_one_reader(_request: HttpRequest) -> HttpResponse:
    response = HttpResponse("こんにちは")
    response.set_cookie("name", "hanako")
    return response


class TestRefusals:
    @pytest.mark.parametrize(
        ("view", "words"),
        [(broken, r"^/accessibility/ が 500"), (for_one_reader, r"^/accessibility/ の答えは、だれにでも同じ")],
    )
    def test_a_page_that_fails(
        self, plan: Plan, folder: Path, monkeypatch: pytest.MonkeyPatch, view: Callable[..., HttpResponse], words: str
    ) -> None:
        publish(folder)
        before = (folder / "current").readlink(), state(folder)
        plan.goals.update(title="新しい題")
        monkeypatch.setattr("django.urls.resolvers.URLPattern.resolve", _resolving("accessibility", view))
        with pytest.raises(CommandError, match=words):
            call_command("publish_site", to=folder, stdout=StringIO())
        assert ((folder / "current").readlink(), state(folder)) == before
        monkeypatch.undo()

    @pytest.mark.parametrize(
        ("url", "https", "words"),
        [
            ("https://elsewhere.example/", True, "PORTAL_HOSTS に加えて"),
            ("http://127.0.0.1/", True, "https:// で始まっていません"),
        ],
    )
    def test_settings_that_do_not_fit(self, settings, folder: Path, url: str, https: bool, words: str) -> None:
        settings.PORTAL_URL, settings.HTTPS = url, https
        with pytest.raises(PublishError, match=words):
            publish(folder)

    def test_no_folder_named(self) -> None:
        with pytest.raises(CommandError, match="PORTAL_PUBLISH_TO"):
            call_command("publish_site")


def _resolving(name: str, view: Callable[..., HttpResponse]) -> Callable[..., object]:
    """URLPattern.resolve, with another view for the address `name`."""
    from django.urls.resolvers import URLPattern

    resolve = URLPattern.resolve

    def resolved(pattern: URLPattern, path: str) -> object:
        match = resolve(pattern, path)
        if match is not None and pattern.name == name:
            match.func = view
        return match

    return resolved


def test_progress_is_told(plan: Plan, folder: Path) -> None:
    out = StringIO()
    call_command("publish_site", to=folder, stdout=out)
    assert re.search(
        r"^\d+のアドレスのページを作っています。\n.*\n\d+のファイルのうち、\d+を書き、0を消しました", out.getvalue()
    )
