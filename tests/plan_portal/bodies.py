"""Forms that no browser sends: (content type, body)."""

CHARSETS = [
    "utf-7",
    "utf-16",
    "utf-32",
    "utf-8-sig",
    "shift_jis",
    "iso-2022-jp",
    "hz",
    "idna",
    "punycode",
    "rot13",
    "hex",
    "base64",
    "zip",
    "bz2",
    "unicode_escape",
    "raw_unicode_escape",
    "undefined",
    "mbcs",
    "none",
    "../x",
    "'",
    '"',
]
STARS = (
    "*=utf-8''%00",
    "*=undefined''x%ff",
    "*=rot13''x",
    "*=''",
    " = rot13",
    '="rot13"',
    "*0=rot13",
    "=" + "x" * 5000,
)
_PART = 'Content-Disposition: form-data; name="title"'


def _multipart(*parts: str, end: str = "--b--\r\n") -> bytes:
    return ("".join(f"--b\r\n{part}\r\n\r\nあ\r\n" for part in parts) + end).encode()


BODIES = (
    ("", b"a=b"),
    ("nonsense", b"a=b"),
    ("text/plain", b"a=b"),
    ("application/json", b'{"username": {"$ne": null}}'),
    ("application/json", b"[" * 5000),
    ("application/xml", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'),
    ("application/x-www-form-urlencoded", b"\xff\xfe=\x00&%=%&%ff=%ff&=&&;"),
    ("application/x-www-form-urlencoded", b"title=%00&title=%ed%a0%80&username=%00&password=%ff"),
    ("application/x-www-form-urlencoded", b"a=b&" * 1500),
    ("application/x-www-form-urlencoded", b"a=" + b"b" * 2_700_000),
    ("application/x-www-form-urlencoded", b"a[b][c]=1&__proto__=1&_charset_=utf-7&title=+ADw-script+AD4-"),
    ("multipart/form-data", b"--b\r\n"),
    ("multipart/form-data; boundary=", b"--b\r\n"),
    ("multipart/form-data; boundary=" + "b" * 300, b"--b\r\n"),
    ("multipart/form-data; boundary=\xe3\x81", b"--b\r\n"),
    ("multipart/form-data; boundary=b; boundary=c", _multipart(_PART)),
    ("multipart/form-data; boundary=b", b""),
    ("multipart/form-data; boundary=b", b"nothing of the kind"),
    ("multipart/form-data; boundary=b", _multipart(_PART, end="")),
    ("multipart/form-data; boundary=b", _multipart("Content-Disposition: form-data")),
    ("multipart/form-data; boundary=b", _multipart("Content-Disposition: form-data; name=")),
    ("multipart/form-data; boundary=b", _multipart(_PART + "; filename=../../../etc/passwd")),
    ("multipart/form-data; boundary=b", _multipart(_PART.replace("title", "image") + '; filename="a\x00.png"')),
    ("multipart/form-data; boundary=b", _multipart(_PART.replace("title", "image") + "; filename*=utf-8''%ff%00")),
    ("multipart/form-data; boundary=b", _multipart(_PART.replace("title", "image") + "; filename*=rot13''abc")),
    ("multipart/form-data; boundary=b", _multipart(_PART + "\r\nContent-Transfer-Encoding: base64")),
    ("multipart/form-data; boundary=b", _multipart(_PART + "\r\nContent-Type: text/plain; charset=idna")),
    ("multipart/form-data; boundary=b", _multipart(_PART + "\r\nX: " + "a" * 70_000)),
    ("multipart/form-data; boundary=b", _multipart(*[_PART] * 1200)),
    ("multipart/form-data; boundary=b", _multipart(*[_PART + "; filename=a"] * 150)),
    ("multipart/mixed; boundary=b", _multipart(_PART)),
    *((f"application/x-www-form-urlencoded; charset={charset}", b"title=a&username=b") for charset in CHARSETS),
    *((f"multipart/form-data; boundary=b; charset={charset}", _multipart(_PART)) for charset in CHARSETS),
    *((f"multipart/form-data; boundary=b; charset{star}", _multipart(_PART)) for star in STARS),
)
