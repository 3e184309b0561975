"""ログインの確認: whether a session still lacks the code from the person's phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

if TYPE_CHECKING:
    from django.http import HttpRequest


def gave_password(request: HttpRequest) -> bool:
    return bool(request.user.is_active and request.user.is_staff)


def has_device(user: Any) -> bool:
    return bool(TOTPDevice.objects.filter(user_id=user.pk, confirmed=True).exists())


def codes_left(user: Any) -> int:
    return int(StaticToken.objects.filter(device__user_id=user.pk, device__confirmed=True).count())


def is_missing(request: HttpRequest) -> bool:
    """For a request of staff. Who has a phone set up is asked for its code everywhere, others where the portal demands one."""
    known: bool | None = getattr(request, "_lacks_second_factor", None)
    if known is None:
        verified = getattr(request.user, "otp_device", None) is not None
        known = not verified and (settings.SECOND_FACTOR_REQUIRED or has_device(request.user))
        request._lacks_second_factor = known  # type: ignore[attr-defined]
    return known


def next_page(user: Any) -> str:
    """Where somebody goes who has given the password only."""
    return reverse("admin:login-check" if has_device(user) else "admin:login-setup")


def safe_next(request: HttpRequest) -> str:
    """The page of this portal that the person was on the way to, else the first page of the admin."""
    target = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if ours else reverse("admin:index")
