from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from plan_portal.content import ContentError, load_sample
from plan_portal.content.sample_loader import SAMPLE_FILE


class Command(BaseCommand):
    help = "見本（担当、ＳＤＧｓとの結びつき、連携）を読み込みます。clear_sample で、すべて消せます。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", nargs="?", type=Path, default=SAMPLE_FILE, help="見本の .json ファイル")
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="ポータルがまだ使われていないときだけ読み込みます（消した見本を戻しません）。",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            report = load_sample(source=options["source"], if_empty=options["if_empty"])
        except ContentError as error:
            raise CommandError(f"{error}\n何も登録していません。") from error
        self.stdout.write("\n".join(report.lines()))
