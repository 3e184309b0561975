"""Requests byte by byte, as no client sends them, and how they may be answered."""

HOST = b"Host: 127.0.0.1\r\n"
CLOSE = HOST + b"Connection: close\r\n"
LOGIN = b"/admin/login/"
REFUSED, FOUND, MISSING, BAD, NOT_READ, NO_FORM = (400,), (200,), (404,), (400, 404), (405,), (403,)


def line(
    path: bytes, method: bytes = b"GET", *headers: bytes, version: bytes = b"HTTP/1.1", host: bytes = CLOSE
) -> bytes:
    return method + b" " + path + b" " + version + b"\r\n" + host + b"".join(x + b"\r\n" for x in headers) + b"\r\n"


def get(*headers: bytes, path: bytes = b"/livez") -> bytes:
    return line(path, b"GET", *headers)


def post(body: bytes, *headers: bytes, path: bytes = LOGIN) -> bytes:
    return line(path, b"POST", *headers) + body


def host(name: bytes) -> bytes:
    return line(b"/", host=b"Host: " + name + b"\r\nConnection: close\r\n")


# What is sent, and how it may be answered.
SENT = {
    "hosts": (
        REFUSED,
        [
            host(name)
            for name in (
                b"evil",
                b"a:b@127.0.0.1",
                b"127.0.0.1/evil",
                b"127.0.0.1:x",
                "市".encode(),
                b"",
                b"127.0.0.1\x00",
            )
        ],
    ),
    "no host": (REFUSED, [line(b"/", host=b"Connection: close\r\n"), b"GET / HTTP/1.0\r\n\r\n"]),
    "two hosts": (REFUSED, [get(b"Host: evil"), line(b"/", host=b"Host: evil\r\n" + CLOSE), get(b"Host: 127.0.0.1")]),
    "port of another": (FOUND, [host(b"127.0.0.1:99999")]),
    "whole address": (FOUND, [line(b"http://127.0.0.1/livez"), line(b"https://127.0.0.1/livez")]),
    "address of another": (FOUND, [line(b"http://evil.example/robots.txt")]),
    "host of a proxy": (
        FOUND,
        [get(b"X-Forwarded-Host: evil", b"X_Forwarded_Host: evil", b"Forwarded: host=evil", path=b"/robots.txt")],
    ),
    "paths": (
        MISSING,
        [
            line(path)
            for path in (
                *(
                    b"//evil.example/",
                    b"//evil.example/goals",
                    b"/%2f%2fevil.example",
                    b"//goals/",
                    b"/goals/%ff/",
                    "/goals/あ/".encode(),
                ),
                *(
                    b"/static/../../../etc/passwd",
                    b"/static/..%2f..%2fetc%2fpasswd",
                    b"/static/%252e%252e/etc/passwd",
                    b"/static/..\\..\\manage.py",
                ),
                *(
                    b"/%c0%ae%c0%ae%c0%afetc/passwd",
                    b"/goals/%00/",
                    b"/static/%00",
                    b"/%ed%a0%80",
                    b"/%",
                    b"/%zz",
                    b"/" + b"a" * 9000,
                ),
                *(b"/static/css/", b"/static/", b"/.env", b"/var/portal.db", b"/%0d%0aX-Evil:%201"),
            )
        ],
    ),
    "paths that are none": (
        REFUSED,
        [line(path) for path in (b"goals/", b"/a b", b"/goals/\xff/", b"/goals/\x00/", b"")],
    ),
    "too long": ((400, 414), [line(b"/" + b"a" * 70_000), line(b"/search/?q=" + b"a" * 60_000)]),
    "methods": (
        NOT_READ,
        [line(b"/", method) for method in (b"TRACE", b"OPTIONS", b"CONNECT", b"PUT", b"FOO", b"PROPFIND", b"A" * 5000)],
    ),
    "no method": (REFUSED, [line(b"/", b"G\x01T"), line(b"/", b""), line(b"/", b"G@T:")]),
    "of the server as a whole": ((404, 405), [line(b"*", b"OPTIONS"), line(b"127.0.0.1:80", b"CONNECT")]),
    "versions": (
        REFUSED,
        [line(b"/", version=version) for version in (b"HTTP/9.9", b"HTTP/1.x", b"HTTPS/1.1")] + [b"GET /\r\n\r\n"],
    ),
    "no HTTP at all": (
        REFUSED,
        [
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 90,
            b"\x00\x01\x02\r\n\r\n",
        ],
    ),
    "headers": (
        REFUSED,
        [
            get(x)
            for x in (b"Foo", b" X: y", b"X: \x00", b"X: a\rb", b": y", b"X y: z", b"Content-Type: a; charset=\x00")
        ],
    ),
    "odd headers": (
        FOUND,
        [
            get(x)
            for x in (
                "X: あ".encode(),
                b"X: " + b"a" * 60_000,
                b"Cookie: sessionid=\xff\xfe; furigana=\xff",
                b"Expect: x",
                b"Range: a",
            )
        ],
    ),
    "many headers": ((200, 431), [get(*[b"X%d: y" % n for n in range(number)]) for number in (90, 3000)]),
    "much in headers": ((431,), [get(b"X: " + b"a" * 600_000)]),
    "charsets": (
        FOUND,
        [
            get(b"Content-Type: a/b; charset" + x, path=b"/search/?q=a")
            for x in (b"=rot13", b"=idna", b"*=utf-8''%00", b"*=undefined''x%ff", b"=\xff")
        ],
    ),
    "upgrades": (
        FOUND,
        [
            get(b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABkAAQAAP__"),
            get(b"Upgrade: websocket", b"Sec-WebSocket-Version: 13", b"Sec-WebSocket-Key: " + b"A" * 22 + b"=="),
        ],
    ),
    "lengths": (
        REFUSED,
        [post(b"abcde", b"Content-Length: " + n) for n in (b"-1", b"+5", b"5x", b"", b"0x5", b"5, 6", b"9" * 40)],
    ),
    "two lengths": (REFUSED, [post(b"abcdef", b"Content-Length: 5", b"Content-Length: 6")]),
    "encodings": (
        REFUSED,
        [
            post(b"0\r\n\r\n", x)
            for x in (
                b"Transfer-Encoding: xchunked",
                b"Transfer-Encoding: chunked, identity",
                b"Transfer-Encoding : chunked",
                b"Transfer-Encoding:\r\n chunked",
                b"Transfer-Encoding: \x0bchunked",
            )
        ],
    ),
    "chunks": (
        NO_FORM,
        [
            post(x, b"Transfer-Encoding: chunked", b"Content-Type: application/x-www-form-urlencoded")
            for x in (
                *(
                    b"zz\r\nabc\r\n0\r\n\r\n",
                    b"-1\r\nabc\r\n0\r\n\r\n",
                    b"f" * 20 + b"\r\nabc",
                    b"3\r\na=b\r\n0\r\n\r\n",
                    b"3\r\na=bXX0\r\n\r\n",
                    b"\r\n\r\n",
                ),
            )
        ],
    ),
    "both": (NO_FORM, [post(b"0\r\n\r\n", b"Content-Length: 5", b"Transfer-Encoding: chunked")]),
}
# What follows on the same connection: the answers to both, or the connection is closed after the first. Never a third.
NEXT = b"GET /nothing/ HTTP/1.1\r\n" + HOST + b"\r\n"


def first(*headers: bytes, method: bytes = b"POST", version: bytes = b"HTTP/1.1") -> bytes:
    return line(b"/livez", method, *headers, version=version, host=HOST)


FOLLOWED = {
    "length and chunks": (first(b"Content-Length: 5", b"Transfer-Encoding: chunked") + b"0\r\n\r\n", [405]),
    "chunks and length": (first(b"Transfer-Encoding: chunked", b"Content-Length: 999") + b"0\r\n\r\n", [405]),
    "a request as a body": (first(b"Content-Length: %d" % len(NEXT)) + NEXT, [405, 404]),
    "a body of a reading request": (first(b"Content-Length: 5", method=b"GET") + b"abcde", [200, 404]),
    "chunks with more": (first(b"Transfer-Encoding: chunked") + b"5;a=b\r\nabcde\r\n0\r\nX: y\r\n\r\n", [405, 404]),
    "bad chunks": (first(b"Transfer-Encoding: chunked") + b"zz\r\nabcde\r\n0\r\n\r\n", [405]),
    "chunks of an old client": (first(b"Transfer-Encoding: chunked", version=b"HTTP/1.0") + b"0\r\n\r\n", [400]),
    "only the head": (first(method=b"HEAD"), [200, 404]),
}
