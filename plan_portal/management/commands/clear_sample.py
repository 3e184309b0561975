from typing import Any

from django.core.management.base import BaseCommand, CommandError

from plan_portal.content import ContentError, clear_sample


class Command(BaseCommand):
    help = "見本をすべて消します。本物の記録と、変更の履歴は残ります。"

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            report = clear_sample()
        except ContentError as error:
            raise CommandError(f"{error}\n何も消していません。") from error
        self.stdout.write("\n".join(report.lines()))
