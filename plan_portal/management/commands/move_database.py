from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from plan_portal.operations.moving import move
from plan_portal.operations.refusal import OperationRefusedError


class Command(BaseCommand):
    help = (
        "SQLite の中身を、履歴も番号もそのまま、DATABASE_URL の空の PostgreSQL に移し、すべての表を比べます。"
        "先にポータルを止めてください。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "source", type=Path, help="SQLite のデータベース（例：var/portal.sqlite3）か、そのバックアップ"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            move(options["source"].resolve(), say=self.stdout.write)
        except OperationRefusedError as refusal:
            raise CommandError(f"{refusal}\n移していません。元のデータベースは、そのままです。") from refusal
        self.stdout.write(
            "元のデータベースは、そのままです。ログインの状態は移さないので、みなさん、もう一度ログインしてください。\n"
            "この DATABASE_URL を付けて、ポータルを始めてください。"
        )
