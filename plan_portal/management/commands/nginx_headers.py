from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from plan_portal.published_files.errors import PublishError
from plan_portal.published_files.nginx_headers import files


class Command(BaseCommand):
    help = (
        "作る人のため：ポータルの答えの見出し（ヘッダー）を、nginx の設定として deploy/nginx/ に書きます。見出しを変えたときに動かします。"
        "PORTAL_HTTPS=1 PORTAL_URL=https://localhost/ を付け、計画と見本が入ったデータベースで。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, default=settings.BASE_DIR / "deploy" / "nginx")

    def handle(self, *_args: Any, to: Path, **_options: Any) -> None:
        if not settings.HTTPS:
            raise CommandError("PORTAL_HTTPS=1 PORTAL_URL=https://localhost/ を付けて動かしてください。")
        try:
            written = files()
        except PublishError as error:
            raise CommandError(str(error)) from error
        for name, text in written.items():
            (to / name).write_text(f"# Written by manage.py nginx_headers.\n{text}", encoding="utf-8")
        self.stdout.write(f"{to} に {'、'.join(written)} を書きました。")
