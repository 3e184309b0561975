from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from plan_portal.content import ContentError, load_readings
from plan_portal.content.reading_loader import READINGS_FILE


class Command(BaseCommand):
    help = "ふりがなのための「読みの辞書」に、なくなっていることばを追加します。もうあることばは書きかえません。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", nargs="?", type=Path, default=READINGS_FILE, help="読みの .json ファイル")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            added = load_readings(source=options["source"])
        except ContentError as error:
            raise CommandError(f"{error}\n何も登録していません。") from error
        self.stdout.write(f"読みの辞書：追加 {added}件")
