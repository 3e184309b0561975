import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand
from django.db import connections

from plan_portal.published_files.watching import watching_beside
from plan_portal.sample_accounts import ACCOUNTS, SampleAccounts, active_sample_accounts, ensure_sample_accounts
from plan_portal.startup.database import (
    database_troubles_in_plain_words,
    fill_if_empty,
    migrate_if_needed,
    refuse_unless_writable,
)
from plan_portal.startup.listening import Listening
from plan_portal.startup.refusal import StartRefusedError
from plan_portal.startup.server import serve
from plan_portal.startup.static_files import collect_if_changed

OFF = {"0", "no", "off", "false"}


class Command(BaseCommand):
    help = (
        "ポータルを始めます（make run が使います）。データベースを用意し、空なら計画と見本を登録し、サーバーになります。"
        "環境変数：HOST、PORT、SAMPLE=0（見本を入れない）、PORTAL_SAMPLE_PASSWORD（見本のアカウントのパスワード）。"
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dev", action="store_true", help="作る人のための起動：書きかえるとすぐ変わるサーバー（make dev）"
        )

    def handle(self, *_args: Any, dev: bool, **_options: Any) -> None:
        try:
            listening = Listening.from_environment(os.environ)
            listening.refuse_if_taken()
            refuse_unless_writable(settings.VAR_DIR)
            with database_troubles_in_plain_words():
                words = self._prepare(listening, dev=dev)
            if not dev:
                collect_if_changed(settings.VAR_DIR)
        except StartRefusedError as refusal:
            self.stderr.write(str(refusal))
            sys.exit(1)
        except OSError as error:
            self.stderr.write(
                f"{error.filename or settings.VAR_DIR} を読み書きできません（{error.strerror}）。空きと権限を確かめてください。"
            )
            sys.exit(1)
        self.stdout.write(words)
        if dev:
            self._develop(listening)
        self._serve(listening)

    def _prepare(self, listening: Listening, *, dev: bool) -> str:
        """Returns what to tell the person at the terminal once all is ready."""
        private = listening.only_for_this_machine(settings.ALLOWED_HOSTS)
        if dev and not private:
            raise StartRefusedError(
                "make dev は、このコンピューターの中（HOST=127.0.0.1）だけで使えます。make run で始めてください。"
            )
        migrated = migrate_if_needed()
        if not private and active_sample_accounts().exists():
            raise StartRefusedError(
                "見本のアカウントがあるので、ほかのコンピューターから見えるようには始められません。"
                ".venv/bin/python manage.py remove_sample_accounts で止めてから、もう一度始めてください。"
            )
        if migrated:
            self.stdout.write("データベースを用意しました。")
        sample = os.environ.get("SAMPLE", "1").lower() not in OFF
        if fill_if_empty(with_sample=sample):
            self.stdout.write(
                "計画と見本を登録しました。" if sample else "計画を登録しました（見本は入れていません）。"
            )
        address = f"地域福祉計画ポータル  {listening.url}   管理画面  {listening.url}admin/\n"
        return "".join([address, *self._accounts(private=private), "止めるには Ctrl+C を押します。"])

    def _accounts(self, *, private: bool) -> Iterator[str]:
        if not private:
            if not User.objects.filter(is_active=True, is_staff=True).exists():
                yield "管理者がまだいません。.venv/bin/python manage.py createsuperuser で作ってください。\n"
            return
        accounts = ensure_sample_accounts(
            password_file=Path(settings.VAR_DIR) / "sample-password",
            wanted_password=os.environ.get("PORTAL_SAMPLE_PASSWORD", ""),
        )
        yield from account_lines(accounts)

    def _serve(self, listening: Listening) -> None:
        connections.close_all()
        self.stdout.flush()
        with watching_beside(settings.PUBLISH_TO):
            serve(listening)

    def _develop(self, listening: Listening) -> NoReturn:
        connections.close_all()
        self.stdout.flush()
        host = f"[{listening.ip}]" if ":" in listening.ip else listening.ip
        os.chdir(settings.BASE_DIR)
        os.execv(sys.executable, (sys.executable, "manage.py", "runserver", f"{host}:{listening.port}"))  # noqa: S606


def account_lines(accounts: SampleAccounts) -> Iterator[str]:
    """What the person at the terminal needs to log in."""
    names = [*accounts.kept, *accounts.changed, *accounts.made]
    if not names:
        return
    yield "見本のアカウント（このコンピューターの中だけで使えます）\n"
    for name in (name for name in ACCOUNTS if name in names):
        yield f"  {name:<16} {ACCOUNTS[name][0]}\n"
    if accounts.password is None:
        yield "  パスワードは前のままです。分からないときは PORTAL_SAMPLE_PASSWORD=… make run で決め直せます。\n"
        return
    yield f"  パスワード     {accounts.password}\n"
    if accounts.changed:
        yield "  前からあったアカウントのパスワードも、これに変えました。\n"
    elif accounts.kept:
        yield "  （自分で変えたアカウントは、変えたあとのパスワードです）\n"
