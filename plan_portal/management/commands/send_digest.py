from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from plan_portal.todays_work.digest import send_digests


class Command(BaseCommand):
    help = "返事を待っている連携を、相手の団体にメールで知らせます（PORTAL_MAIL=1 のときだけ。1日に1通まで）。"

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.PORTAL_MAIL:
            self.stdout.write("メールは止めてあります。送るには PORTAL_MAIL=1 を指定してください。")
            return
        try:
            sent = send_digests()
        except (SMTPException, OSError) as error:
            raise CommandError(f"メールを送れませんでした。EMAIL_URL を確かめてください。{error}") from error
        for organisation, number in sent.items():
            self.stdout.write(f"{organisation.label}の{number}人に送りました。")
        if not sent:
            self.stdout.write("送るものはありません。")
