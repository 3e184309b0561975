"""One mail a day to the organisation whose answer a linkage waits for."""

from datetime import date

import pytest
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command

from kizuna.models import Linkage
from plan_portal.foundation.organisations import Organisation
from plan_portal.models import SentDigest
from plan_portal.todays_work import digest
from plan_portal.todays_work.digest import send_digests
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _mail_is_on(settings) -> None:
    settings.PORTAL_MAIL = True
    settings.PORTAL_URL = "https://plan.example.jp/"


@pytest.fixture
def asked_to_end() -> Linkage:
    """社協 wants to end it: the city is to answer."""
    linkage = f.LinkageFactory(agreed=True, end_asked_by=Organisation.SHAKYO)
    f.LinkageStepFactory(linkage=linkage, step="end_asked", organisation=Organisation.SHAKYO, comment="終わりました。")
    return linkage


def test_goes_to_those_who_can_answer_and_to_nobody_else(asked_to_end: Linkage, mailoutbox: list[EmailMessage]) -> None:
    first, second = (f.UserFactory(role="市・承認") for _ in range(2))
    f.UserFactory(role="市・承認", is_active=False)
    f.UserFactory(role="市・承認", email="")
    f.UserFactory(role="市・編集")
    f.UserFactory(role="社協")
    assert send_digests() == {Organisation.CITY: 2}
    (mail,) = mailoutbox
    assert (mail.to, mail.bcc) == ([], [first.email, second.email])
    assert "1件" in mail.subject
    assert asked_to_end.goal.title in mail.body
    assert "https://plan.example.jp/admin/" in mail.body


def test_at_most_one_a_day(asked_to_end: Linkage, mailoutbox: list[EmailMessage], monkeypatch) -> None:
    f.UserFactory(role="市・承認")
    send_digests()
    assert send_digests() == {}
    monkeypatch.setattr(digest, "localdate", lambda: date(2099, 1, 2))
    assert send_digests() == {Organisation.CITY: 1}
    assert len(mailoutbox) == 2


def test_none_while_nothing_waits_or_nobody_could_read_it(mailoutbox: list[EmailMessage]) -> None:
    f.UserFactory(role="市・承認")
    f.LinkageFactory(agreed=True)
    assert send_digests() == {}
    assert not SentDigest.objects.exists()
    assert mailoutbox == []


def test_a_mail_that_fails_may_be_sent_again(asked_to_end: Linkage, monkeypatch) -> None:
    f.UserFactory(role="市・承認")

    def fail(*_: object, **__: object) -> None:
        raise ConnectionRefusedError("refused")

    monkeypatch.setattr(EmailMessage, "send", fail)
    with pytest.raises(CommandError, match="メールを送れませんでした"):
        call_command("send_digest")
    assert not SentDigest.objects.exists()


def test_off_by_default(asked_to_end: Linkage, mailoutbox: list[EmailMessage], settings, capsys) -> None:
    settings.PORTAL_MAIL = False
    f.UserFactory(role="市・承認")
    call_command("send_digest")
    assert "メールは止めてあります" in capsys.readouterr().out
    assert mailoutbox == []
