"""One publication: every public page, all from one state of the database, written where it changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from plan_portal.foundation.replica import public_alias, reading_from
from plan_portal.foundation.version_memo import VersionMemo
from plan_portal.published_files.addresses import public_addresses
from plan_portal.published_files.releases import Changes, Folder
from plan_portal.published_files.rendering import Answer, Reader, one_state

Tell = Callable[[str], object]

# What nginx says when it does not ask the portal, or in vain, by name of the file: the heading, and what to do.
REFUSALS = {
    "400": ("このアドレスは読めません", "アドレスを確かめて、もう一度開いてください。"),
    "405": ("このページは、その方法では開けません", "ホームから、たどり直してください。"),
    "413": ("ファイルが大きすぎます", "10MBより小さいファイルにして、もう一度送ってください。"),
    "414": ("アドレスが長すぎます", "ことばを短くして、もう一度さがしてください。"),
    "429": ("続けて送られたので、少しのあいだ止めています", "1分ほど待ってから、もう一度送ってください。"),
    "503": (
        "ただいま、このページを表示できません",
        "計画のページは読めます。検索や管理のページは、少し待って、もう一度開いてください。",
    ),
    "503-post": (
        "送った内容は、保存されていないかもしれません",
        "ブラウザーの「戻る」で前の画面にもどると、書いた文が残っています。少し待って、保存されたかを確かめてから、もう一度送ってください。",
    ),
}


@dataclass(frozen=True)
class Report:
    """files: how many there are now, the compressed forms not counted."""

    files: int
    changes: Changes
    seconds: float

    def __str__(self) -> str:
        counted = (
            f"{self.files}のファイルのうち、{len(self.changes.written)}を書き、{len(self.changes.gone)}を消しました"
        )
        return f"{counted if self.changes else f'{self.files}のファイルは、前と同じです'}（{self.seconds:.1f}秒）。"


def publish(path: Path, tell: Tell = lambda _: None) -> Report:
    """Raises PublishError; what was published before then stays. tell: hears how far it is."""
    began = time.monotonic()
    folder, alias = Folder(path), public_alias()
    with folder.locked():
        with one_state(alias), reading_from(alias), VersionMemo().rendering(began):
            files = dict(_files(tell)) | _refusals()
        tell("変わったファイルを書いています。")
        changes = folder.replace(files, Path(settings.STATIC_ROOT))
    return Report(len(files), changes, time.monotonic() - began)


def _files(tell: Tell) -> Iterator[tuple[str, bytes]]:
    """(relative path, content) of every public answer."""
    reader, addresses = Reader(), public_addresses()
    tell(f"{len(addresses)}のアドレスのページを作っています。")
    for address in addresses:
        answer = reader.answer(address)
        yield _file(answer, "plain")
        if answer.is_page:
            yield _file(reader.answer(address, furigana=True), "furigana")


def _file(answer: Answer, state: str) -> tuple[str, bytes]:
    return f"{state}{answer.address.rstrip('/')}/{answer.kind}", answer.body


def _refusals() -> dict[str, bytes]:
    return {
        f"errors/{name}.html": render_to_string(
            "published_files/refusal.html", {"heading": heading, "advice": advice}
        ).encode()
        for name, (heading, advice) in REFUSALS.items()
    }
