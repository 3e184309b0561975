"""The headers of the portal's answers, told to nginx. What is written is kept in deploy/nginx/; a test compares it with the answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.templatetags.static import static

from plan_portal.published_files.addresses import public_addresses
from plan_portal.published_files.errors import PublishError
from plan_portal.published_files.rendering import Answer, Reader
from plan_portal.static_storage import BUNDLE

# nginx makes these itself, from the file or by deploy/nginx.conf.
_OF_NGINX = {"Cache-Control", "Content-Length", "Content-Type", "ETag", "Last-Modified"}
_STATIC = "^/static/"
_NAME = "$published_name"  # the last part of the address
Values = dict[str, dict[str, str]]  # by pattern of the file, by header


def files() -> dict[str, str]:
    """The files for nginx, by name. Raises PublishError."""
    reader = Reader()
    answers = [reader.answer(address) for address in public_addresses()]
    values: Values = {}
    for answer in answers:
        pattern = f"/(?<{_NAME[1:]}>[^/]+)/{answer.kind}$" if answer.kind.startswith("download") else f"/{answer.kind}$"
        headers = _headers(answer)
        if values.setdefault(pattern, headers) != headers:
            raise PublishError(f"{answer.address} の見出しが、同じ形式のほかのファイルとちがいます：{headers}")
    values[_STATIC] = _headers(reader.answer(static(BUNDLE)))
    names = sorted({name for headers in values.values() for name in headers})
    types = sorted({(answer.kind.rpartition(".")[2], answer.headers["Content-Type"]) for answer in answers})
    return {
        "header-values.conf": "".join(_map(name, values) for name in names),
        "headers.conf": "".join(f"add_header {name} {_variable(name)} always;\n" for name in names),
        "types.conf": _block("types", [f'"{media_type}" {ending};' for ending, media_type in types]),
    }


def _headers(answer: Answer) -> dict[str, str]:
    """As nginx writes them."""
    place = answer.address.rpartition("/")[2]
    found = {}
    for name, value in answer.headers.items():
        if name in _OF_NGINX:
            continue
        if name == "Content-Security-Policy":
            value = "; ".join(sorted(value.split("; ")))
        elif name == "Content-Disposition":
            value = value.replace(f'"{place}"', f'"{_NAME}"')
        elif name == "Vary":  # nginx adds Accept-Encoding to what is there compressed
            value = ", ".join(sorted(set(value.split(", ")) - {"Accept-Encoding"}))
        found[name] = value.replace("\\", "\\\\").replace('"', '\\"')
    return found


def _map(name: str, values: Values) -> str:
    """From the file that is served to the header's value; what most kinds have is the default."""
    by_pattern = {pattern: headers.get(name, "") for pattern, headers in values.items()}
    usual = Counter(by_pattern.values()).most_common(1)[0][0]
    others = [f'"~{pattern}" "{value}";' for pattern, value in sorted(by_pattern.items()) if value != usual]
    return _block(f"map $uri {_variable(name)}", [f'default "{usual}";', *others])


def _variable(name: str) -> str:
    return f"$published_{name.lower().replace('-', '_')}"


def _block(head: str, lines: Iterable[str]) -> str:
    return f"{head} {{\n" + "".join(f"    {line}\n" for line in lines) + "}\n"
