from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from plan_portal.operations.backup import make_backup
from plan_portal.operations.refusal import OperationRefusedError


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError("1以上の数を指定してください。")
    return int(text)


class Command(BaseCommand):
    help = "データベースのバックアップを1つのファイルに作ります。ポータルを動かしたままで作れます。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--to", type=Path, default=settings.BACKUP_DIR, help="作るフォルダー（初めは PORTAL_BACKUPS）"
        )
        parser.add_argument(
            "--keep", type=_at_least_one, help="新しいものから、いくつ残すか（ないときは、すべて残します）"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            make_backup(folder=options["to"].resolve(), keep=options["keep"], say=self.stdout.write)
        except OperationRefusedError as refusal:
            raise CommandError(f"{refusal}\nバックアップはできていません。") from refusal
