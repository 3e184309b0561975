"""ログインの確認: the pages on which staff give, set up and renew the codes of their second factor."""

from __future__ import annotations

from base64 import b32encode
from binascii import unhexlify
from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Any

import segno
from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_otp import login as remember_device
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from plan_portal.login.actions import CodeRefusedError, check_code, confirm_device, new_recovery_codes
from plan_portal.login.forms import CodeForm, FirstCodeForm
from plan_portal.login.second_factor import codes_left, gave_password, has_device, is_missing, next_page, safe_next

KEY = "login_setup_key"  # in the session while a phone is set up, and nowhere else
FEW_CODES = 3
View = Callable[[HttpRequest], HttpResponse]


def with_password(view: View) -> View:
    """For staff who gave their password, and perhaps no code yet."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not gave_password(request):
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        return view(request)

    return guarded


@with_password
def check_page(request: HttpRequest) -> HttpResponse:
    """Asks for the code that a login still lacks."""
    if not is_missing(request):
        return HttpResponseRedirect(safe_next(request))
    if not has_device(request.user):
        return redirect_to_login(safe_next(request), next_page(request.user))
    form = CodeForm(request.POST if request.method == "POST" else None)
    device = _device_of(request, form)
    if device is None:
        return _page(request, "check", "ログインの確認", form=form)
    _let_in(request, device)
    if isinstance(device, StaticDevice):
        messages.warning(request, _about_codes(codes_left(request.user)))
    return HttpResponseRedirect(safe_next(request))


@with_password
def setup_page(request: HttpRequest) -> HttpResponse:
    """Shows a new key, and takes it for the person's own once a code of it is given; then shows the recovery codes, once."""
    missing, known = is_missing(request), has_device(request.user)
    if known and (missing or KEY not in request.session):
        return redirect_to_login(safe_next(request), reverse("admin:login-check" if missing else "admin:login-own"))
    key = request.session.setdefault(KEY, default_key())
    form = FirstCodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            device, codes = confirm_device(
                user=request.user, key=key, code=form.cleaned_data["code"], replaces=not missing
            )
        except CodeRefusedError as refusal:
            form.add_error("code", str(refusal))
        else:
            del request.session[KEY]
            _let_in(request, device)
            return _codes_page(request, codes)
    return _page(
        request, "setup", "ログインの確認を設定する", form=form, key=_as_text(key), required=missing, changes=known
    )


@with_password
@require_safe
def qr_code(request: HttpRequest) -> HttpResponse:
    """The key of this session as a picture."""
    if KEY not in request.session or (is_missing(request) and has_device(request.user)):
        raise Http404("このページはありません。")
    address = TOTPDevice(user_id=request.user.pk, key=request.session[KEY]).config_url
    picture = BytesIO()
    segno.make(address, error="m", micro=False).save(
        picture, kind="svg", scale=5, border=4, dark="#000", light="#fff", svgclass=None, lineclass=None
    )
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


@never_cache
def own_page(request: HttpRequest) -> HttpResponse:
    """What is set up, and the way to new recovery codes or another phone, for which a code is asked again."""
    known = has_device(request.user)
    form = CodeForm(request.POST if request.method == "POST" and known else None)
    if known and _device_of(request, form) is not None:
        if request.POST.get("step") == "codes":
            return _codes_page(request, new_recovery_codes(user=request.user))
        request.session[KEY] = default_key()
        return HttpResponseRedirect(reverse("admin:login-setup"))
    return _page(request, "own", "ログインの確認", form=form, known=known, codes=codes_left(request.user))


def _device_of(request: HttpRequest, form: CodeForm) -> TOTPDevice | StaticDevice | None:
    """The device of the code that was sent, or None, with the reason in the form."""
    if not form.is_valid():
        return None
    try:
        return check_code(user=request.user, code=form.cleaned_data["code"])
    except CodeRefusedError as refusal:
        form.add_error("code", str(refusal))
    return None


def _let_in(request: HttpRequest, device: Any) -> None:
    request.session.cycle_key()
    remember_device(request, device)
    request._lacks_second_factor = False  # type: ignore[attr-defined]


def _codes_page(request: HttpRequest, codes: list[str]) -> HttpResponse:
    written = [f"{code[:4]}-{code[4:]}" for code in codes]
    return _page(request, "codes", "回復コード", codes=written)


def _page(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    site = {**admin.site.each_context(request), "title": title, "next": safe_next(request)}
    return render(request, f"admin/login/{name}.html", site | context)


def _as_text(key: str) -> str:
    """As apps take it when it is typed: JBSW Y3DP …"""
    text = b32encode(unhexlify(key)).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def _about_codes(left: int) -> str:
    more = "「ログインの確認」のページで、新しく作ってください。" if left <= FEW_CODES else ""
    return f"回復コードを1つ使いました。残りは{left}個です。{more}"


def login_urls(site: admin.AdminSite) -> list[Any]:
    return [
        path("login-check/", check_page, name="login-check"),
        path("login-setup/", setup_page, name="login-setup"),
        path("login-setup/qr.svg", qr_code, name="login-qr"),
        path("login-own/", site.admin_view(own_page), name="login-own"),
    ]
