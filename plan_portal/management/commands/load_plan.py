from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from plan_portal.content import ContentError, load_plan
from plan_portal.content.plan_loader import PLAN_FIXTURES


class Command(BaseCommand):
    help = "計画書の内容を登録します。もうある記録は書きかえません。なくなっている記録は追加します。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "source", nargs="?", type=Path, default=PLAN_FIXTURES, help="計画の .json ファイルか、そのフォルダー"
        )
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="計画が一度も登録されていないときだけ登録します（消した記録を戻しません）。",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            report = load_plan(source=options["source"], if_empty=options["if_empty"])
        except ContentError as error:
            raise CommandError(f"{error}\n何も登録していません。") from error
        self.stdout.write("\n".join(report.lines()))
