"""The forms by which staff come in."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator

LONGEST_USERNAME = 150
_BETWEEN = re.compile(r"[\s\-‐‑–—−ー]")
_DIGITS, _RECOVERY = re.compile(r"[0-9]{6}"), re.compile(r"[a-z2-7]{8}")


class LoginForm(AdminAuthenticationForm):
    """The same words for a name that is not there, a wrong password, and an account that is none of staff's."""

    error_messages = {
        "invalid_login": (
            "ログイン名かパスワードがちがいます。大文字と小文字を区別します。5回まちがえると、15分のあいだログインできません。"
        ),
        "inactive": "",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "ログイン名"
        too_long = MaxLengthValidator(LONGEST_USERNAME, f"ログイン名は{LONGEST_USERNAME}字までです。")
        self.fields["username"].validators.append(too_long)


class CodeField(forms.CharField):
    """As it is typed: full-width, with spaces or hyphens, in capitals."""

    def __init__(self, *, recovery: bool, **kwargs: Any) -> None:
        keyboard = {} if recovery else {"inputmode": "numeric"}
        attrs = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false", **keyboard}
        self.recovery = recovery
        super().__init__(widget=forms.TextInput(attrs), max_length=40, **kwargs)

    def clean(self, value: Any) -> str:
        code = _BETWEEN.sub("", unicodedata.normalize("NFKC", super().clean(value))).lower()
        if _DIGITS.fullmatch(code) or (self.recovery and _RECOVERY.fullmatch(code)):
            return code
        raise ValidationError(
            "6けたの数字か、8文字の回復コードを入れてください。" if self.recovery else "6けたの数字を入れてください。"
        )


class _PlainForm(forms.Form):
    """Errors come from the server, in Japanese, and not from the browser."""

    use_required_attribute = False

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="")


class CodeForm(_PlainForm):
    code = CodeField(
        recovery=True,
        label="確認コード",
        help_text="認証アプリに出ている6けたの数字、または回復コードを入れます。",
        error_messages={"required": "確認コードを入れてください。"},
    )


class FirstCodeForm(_PlainForm):
    code = CodeField(
        recovery=False,
        label="6けたの数字",
        help_text="認証アプリに出ている数字を入れます。30秒ごとに変わります。",
        error_messages={"required": "6けたの数字を入れてください。"},
    )


class ReasonForm(_PlainForm):
    reason = forms.CharField(
        label="理由",
        max_length=400,
        help_text="変更の記録に残ります。例：スマートフォンをなくしたと、本人が窓口で申し出た。",
        error_messages={"required": "理由を書いてください。"},
        widget=forms.TextInput({"class": "vTextField"}),
    )
