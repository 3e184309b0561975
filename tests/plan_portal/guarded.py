"""What every answer must carry, whoever asked for what, and what none may show."""

from collections.abc import Mapping

POLICY = {
    "default-src 'none'",
    *(f"{kind}-src 'self'" for kind in ("style", "script", "img", "connect")),
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
FOR_OTHER_SITES = {"/relationship.svg", "/relationship.png"}
# Of the machine, of the parts, of the code: of use to an attacker only.
TELLTALES = ("Traceback", "site-packages", "django.", "/plan_portal/", "DEBUG", "Python/", "sqlite3", "psycopg2")


def lacks(headers: Mapping[str, str], path: str = "", *, https: bool = False) -> list[str]:
    """The security headers that are missing or say another thing, and headers that tell too much."""
    sent = {name.lower(): value for name, value in headers.items()}
    wanted = dict(HEADERS)
    if path.partition("?")[0] in FOR_OTHER_SITES and sent.get("content-type", "").startswith("image/"):
        wanted["cross-origin-resource-policy"] = "cross-origin"
    if https:
        wanted["strict-transport-security"] = "max-age=31536000"
    wrong = [f"{name}: {sent.get(name)}" for name, value in wanted.items() if sent.get(name) != value]
    if set(sent.get("content-security-policy", "").split("; ")) != POLICY:
        wrong.append(f"content-security-policy: {sent.get('content-security-policy')}")
    if "x-powered-by" in sent or sent.get("server", "granian") != "granian":
        wrong.append(f"tells of its parts: {sent.get('server')}")
    return wrong


def tells(content: bytes) -> list[str]:
    """What an answer of the portal never holds."""
    return [word for word in TELLTALES if word.encode() in content]
