from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from plan_portal.operations.refusal import OperationRefusedError
from plan_portal.operations.restore import examine, restore


class Command(BaseCommand):
    help = "データベースを、バックアップのファイルの中身に戻します。--check のときは、ファイルを確かめるだけです。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="manage.py backup が作ったファイル")
        parser.add_argument("--check", action="store_true", help="ファイルを確かめるだけで、何も変えません")
        parser.add_argument(
            "--replace", action="store_true", help="今の中身を置きかえます（先にバックアップを作ります）"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            self.stdout.write("ファイルを確かめています。")
            backup = examine(options["file"].resolve())
            self.stdout.write(f"壊れていません：{backup.path}（{backup.rows:,}行）")
            if not backup.summed:
                self.stdout.write("（.sha256 のファイルがないので、作ったときと同じかは確かめていません。）")
            if options["check"]:
                return
            restore(backup, replace=options["replace"], folder=settings.BACKUP_DIR, say=self.stdout.write)
        except OperationRefusedError as refusal:
            raise CommandError(f"{refusal}\n復元していません。") from refusal
        self.stdout.write("復元しました。みなさん、もう一度ログインしてください。")
