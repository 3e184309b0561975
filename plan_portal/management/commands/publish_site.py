import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from plan_portal.published_files.errors import PublishError
from plan_portal.published_files.publishing import publish
from plan_portal.published_files.watching import watch


class Command(BaseCommand):
    help = "市民のページを、nginx が配るファイルとして書きます。変わったページだけを書き、すべてを一度に入れ替えます。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--to", type=Path, default=settings.PUBLISH_TO, help="書くフォルダー（なければ PORTAL_PUBLISH_TO）"
        )
        parser.add_argument(
            "--watch", action="store_true", help="動き続け、計画が変わるたびに書く（止めるには Ctrl+C）"
        )

    def handle(self, *_args: Any, to: Path | None, watch: bool, **_options: Any) -> None:
        if to is None:
            raise CommandError("書くフォルダーを --to か PORTAL_PUBLISH_TO で決めてください。")
        os.umask(0o022)  # what is written is for everybody, first of all for nginx
        if watch:
            self._watch(to.resolve())
            return
        try:
            self.stdout.write(str(publish(to.resolve(), self._tell)))
        except PublishError as error:
            raise CommandError(str(error)) from error

    def _watch(self, to: Path) -> None:
        self._tell(f"{to} に書きます。止めるには Ctrl+C を押します。")
        try:
            watch(to, self._tell, self.stderr.write, parent=os.getppid())
        except KeyboardInterrupt:
            self._tell("止めました。")

    def _tell(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
