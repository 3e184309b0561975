"""Where nginx finds each published file, and its headers. What is written is kept in deploy/nginx/; a test compares it with the answers.

All is literal: variables for headers, with a map for each, cost nginx a tenth of its speed.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable

from django.templatetags.static import static

from plan_portal.published_files.addresses import public_addresses
from plan_portal.published_files.errors import PublishError
from plan_portal.published_files.rendering import Answer, Reader
from plan_portal.static_storage import BUNDLE

# nginx makes these itself, from the file or by deploy/nginx.conf.
_OF_NGINX = {"Cache-Control", "Content-Length", "Content-Type", "ETag", "Last-Modified"}
Headers = dict[str, str]


def files() -> dict[str, str]:
    """The files for nginx, by name. Raises PublishError."""
    reader = Reader()
    kinds: defaultdict[str, list[Answer]] = defaultdict(list)
    for address in public_addresses():
        answer = reader.answer(address)
        kinds[answer.kind].append(answer)
    every = [_headers(answer) for answers in kinds.values() for answer in answers]
    common = {name: value for name, value in every[0].items() if all(one.get(name) == value for one in every)}
    locations = [block for kind in sorted(kinds) for block in _locations(kind, kinds[kind], common)]
    return {
        "headers.conf": _lines(_add_headers(common)),
        "published.conf": "".join(locations),
        "static-headers.conf": _lines(_add_headers(_headers(reader.answer(static(BUNDLE))))),
    }


def _locations(kind: str, answers: list[Answer], common: Headers) -> Iterable[str]:
    """One for all pages of a kind, as new ones come with the content; one for each other address."""
    if not kind.startswith("page."):
        return [_location(f"= {answer.address}", answer, common) for answer in answers]
    first = answers[0]
    for answer in answers:
        if (_headers(answer), answer.headers["Content-Type"]) != (_headers(first), first.headers["Content-Type"]):
            raise PublishError(f"{answer.address} の見出しが、{first.address} とちがいます：{_headers(answer)}")
    above = os.path.commonpath([answer.address for answer in answers]).rstrip("/")
    return [_location(f"{above}/", first, common)]


def _location(where: str, answer: Answer, common: Headers) -> str:
    """deploy/nginx.conf sets the variable: which files this visitor gets."""
    folder = "$published_state" if answer.is_page else "plain"
    place = "" if answer.address.endswith("/") else "/"
    own = {name: value for name, value in _headers(answer).items() if name not in common}
    lines = [
        "include plan-portal/file.conf;",
        f'default_type "{answer.headers["Content-Type"]}";',
        *_add_headers(own),
        f"rewrite ^ /{folder}${{uri}}{place}{answer.kind} break;",
    ]
    return f"location {where} {{\n{_lines(f'    {line}' for line in lines)}}}\n"


def _headers(answer: Answer) -> Headers:
    found = {name: value for name, value in answer.headers.items() if name not in _OF_NGINX}
    if policy := found.get("Content-Security-Policy"):
        found["Content-Security-Policy"] = "; ".join(sorted(policy.split("; ")))
    if "Vary" in found:  # nginx adds Accept-Encoding to what is there compressed
        found["Vary"] = ", ".join(sorted(set(found["Vary"].split(", ")) - {"Accept-Encoding"}))
    return {name: value for name, value in found.items() if value}


def _add_headers(headers: Headers) -> list[str]:
    """As nginx writes strings. Raises PublishError for a sign that it would take for a variable."""
    if any("$" in value for value in headers.values()):
        raise PublishError(f"nginx に書けない見出しがあります：{headers}")
    quoted = {name: value.replace("\\", "\\\\").replace('"', '\\"') for name, value in headers.items()}
    return [f'add_header {name} "{value}" always;' for name, value in sorted(quoted.items())]


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
