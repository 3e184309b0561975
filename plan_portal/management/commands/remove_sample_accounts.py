from typing import Any

from django.core.management.base import BaseCommand

from plan_portal.sample_accounts import deactivate_sample_accounts


class Command(BaseCommand):
    help = "見本のアカウントを使えなくします。消しはしないので、だれが何をしたかの記録は残ります。"

    def handle(self, *_args: Any, **_options: Any) -> None:
        names = deactivate_sample_accounts()
        if names:
            self.stdout.write(f"見本のアカウントを止めました：{'、'.join(names)}")
        else:
            self.stdout.write("使える見本のアカウントはありません。")
