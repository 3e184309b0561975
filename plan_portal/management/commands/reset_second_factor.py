from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from plan_portal.login.actions import reset_second_factor


class Command(BaseCommand):
    help = (
        "利用者のログインの確認（認証アプリと回復コード）の登録を消します。次のログインで設定し直します。"
        "ほかの管理者がいて画面が使えるときは、利用者のページの「ログインの手助け」を使ってください。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="ログイン名")

    def handle(self, *_args: Any, username: str, **_options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"ログイン名が {username} の利用者はいません。")
        reset_second_factor(user=user, by=user, reason="サーバーの管理コマンドから")
        self.stdout.write(f"{username} のログインの確認の登録を消しました。次のログインで設定し直します。")
