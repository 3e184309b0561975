"""Whether a file that staff chose can be an icon, and what is kept of it: the picture itself, drawn anew as PNG.

What a file is, its content says and not its name. Nothing of the file is kept but its pixels: no data about the camera,
nothing that hangs behind the picture.
"""

import struct

KINDS = ("PNG", "JPEG", "WEBP")
MAX_KILOBYTES = 200
MAX_BYTES = MAX_KILOBYTES * 1024
MAX_SIDE = 1024
_PNG_SIZE = slice(16, 24)

EMPTY = "このファイルは空です。画像の入ったファイルを選んでください。"
TOO_HEAVY = f"ファイルが大きすぎます。{MAX_KILOBYTES}KBまでの画像を選んでください。"
TOO_LARGE = f"画像の縦か横が長すぎます。縦も横も{MAX_SIDE}ピクセルまでに縮めた画像を選んでください。"
OTHER_KIND = "PNG、JPEG、WebPのどれでもありません。このうちのどれかで保存し直した画像を選んでください。"
MOVING = "動く画像や、何枚も入っている画像は使えません。1枚だけの画像を選んでください。"
BROKEN = "画像がこわれているか、途中で切れています。元の画像から保存し直したものを選んでください。"
TOO_FINE = f"PNGに直すと{MAX_KILOBYTES}KBを超えます。縦と横をもっと縮めた画像を選んでください。"


class UnusablePictureError(ValueError):
    """Says to staff why, and what to do."""


def as_png(data: bytes) -> bytes:
    """The picture in `data` as a plain PNG, or UnusablePictureError."""
    if not data:
        raise UnusablePictureError(EMPTY)
    if len(data) > MAX_BYTES:
        raise UnusablePictureError(TOO_HEAVY)
    from sdgs.pictures import drawn_anew

    png = drawn_anew(data)
    if len(png) > MAX_BYTES:
        raise UnusablePictureError(TOO_FINE)
    return png


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height, as the head of a PNG says."""
    width, height = struct.unpack(">II", png[_PNG_SIZE])
    return width, height
