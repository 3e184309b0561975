"""Which files can be an icon, and what is kept of them."""

import random
import struct
import zlib
from io import BytesIO

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from sdgs.icons import (
    BROKEN,
    EMPTY,
    MAX_BYTES,
    MAX_SIDE,
    MOVING,
    OTHER_KIND,
    TOO_FINE,
    TOO_HEAVY,
    TOO_LARGE,
    UnusablePictureError,
    as_png,
    size_of,
)
from tests.factories import picture

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PAYLOAD = b"PK\x03\x04<script>alert(1)</script>"
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def saved(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def noise(side: int) -> Image.Image:
    return Image.frombytes("RGB", (side, side), random.Random(1).randbytes(side * side * 3))  # noqa: S311


def opened(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png), formats=("PNG",))


def chunks(png: bytes) -> list[bytes]:
    """The names of the chunks, which must be all that the file holds."""
    names, at = [], len(SIGNATURE)
    while at < len(png):
        length, name = struct.unpack(">I4s", png[at : at + 8])
        names.append(name)
        at += 12 + length
    assert at == len(png)
    return names


def claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose head says that it is this large."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = b"IDAT" + zlib.compress(b"\0")
    parts = (struct.pack(">I", len(p) - 4) + p + struct.pack(">I", zlib.crc32(p)) for p in (head, data, b"IEND"))
    return SIGNATURE + b"".join(parts)


def two_frames(kind: str) -> bytes:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:])


REFUSED = {
    "empty": (lambda: b"", EMPTY),
    "one byte too many": (lambda: picture().ljust(MAX_BYTES + 1, b"\0"), TOO_HEAVY),
    "svg": (lambda: SVG, OTHER_KIND),
    "gif": (lambda: picture("GIF"), OTHER_KIND),
    "bmp": (lambda: picture("BMP"), OTHER_KIND),
    "tiff": (lambda: picture("TIFF"), OTHER_KIND),
    "ico": (lambda: picture("ICO"), OTHER_KIND),
    "pdf": (lambda: b"%PDF-1.7\n%%EOF", OTHER_KIND),
    "html": (lambda: b"<!doctype html><script>alert(1)</script>", OTHER_KIND),
    "zip": (lambda: PAYLOAD, OTHER_KIND),
    "text": (lambda: "アイコン".encode(), OTHER_KIND),
    "gif that is also png": (lambda: b"GIF89a" + picture(), OTHER_KIND),
    "html that is also png": (lambda: b"<script>1</script>" + picture(), OTHER_KIND),
    "png that is only svg": (lambda: SIGNATURE + SVG, OTHER_KIND),
    "truncated png": (lambda: saved(noise(64))[:6000], BROKEN),
    "truncated jpeg": (lambda: saved(noise(64), "JPEG")[:2000], BROKEN),
    "truncated webp": (lambda: saved(noise(64), "WEBP", lossless=True)[:6000], BROKEN),
    "png without pixels": (lambda: claiming(8, 8), BROKEN),
    "too wide by one": (lambda: picture(size=(MAX_SIDE + 1, 1)), TOO_LARGE),
    "too high by one": (lambda: picture("WEBP", size=(1, MAX_SIDE + 1)), TOO_LARGE),
    "bomb": (lambda: claiming(20_000, 20_000), TOO_LARGE),
    "bomb that Pillow only warns of": (lambda: claiming(10_000, 10_000), TOO_LARGE),
    "moving png": (lambda: two_frames("PNG"), MOVING),
    "moving webp": (lambda: two_frames("WEBP"), MOVING),
    "several pictures in one jpeg": (lambda: two_frames("MPO"), MOVING),
    "heavier as png": (lambda: saved(noise(512), "JPEG", quality=20), TOO_FINE),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_an_icon_is_refused_with_what_to_do(name):
    made, message = REFUSED[name]
    with pytest.raises(UnusablePictureError) as refusal:
        as_png(made())
    assert str(refusal.value) == message
    assert message.endswith("選んでください。")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_good_picture_becomes_png(kind):
    png = as_png(picture(kind, size=(20, 10)))
    assert size_of(png) == opened(png).size == (20, 10)
    assert chunks(png)[0] == b"IHDR"
    red, green, blue = opened(png).convert("RGB").getpixel((5, 5))
    assert (abs(red - 0x4C), abs(green - 0x9F), abs(blue - 0x38)) < (8, 8, 8)


def test_pixels_stay_as_they_are():
    image = noise(64)
    assert opened(as_png(saved(image))).tobytes() == image.tobytes()
    clear = Image.new("RGBA", (8, 8), (10, 20, 30, 40))
    assert opened(as_png(saved(clear))).tobytes() == clear.tobytes()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "CMYK"])
def test_every_way_to_hold_colours_is_read(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    png = as_png(saved(Image.new(mode, (8, 8)), kind))
    assert opened(png).mode == ("RGBA" if mode == "LA" else "RGB")


def test_size_limits_are_reached():
    assert size_of(as_png(picture(size=(MAX_SIDE, MAX_SIDE)))) == (MAX_SIDE, MAX_SIDE)
    assert as_png(picture().ljust(MAX_BYTES, b"\0")) == as_png(picture())


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_what_hangs_behind_the_picture_is_gone(kind):
    png = as_png(picture(kind) + PAYLOAD)
    assert b"script" not in png
    assert set(chunks(png)) == {b"IHDR", b"IDAT", b"IEND"}


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_nothing_about_the_camera_is_kept(kind):
    exif = Image.Exif()
    exif[0x010F] = "SECRET-CAMERA"
    options: dict = {"exif": exif, "icc_profile": b"SECRET-PROFILE" * 20}
    if kind == "PNG":
        options["pnginfo"] = PngInfo()
        options["pnginfo"].add_text("Comment", "SECRET-PLACE")
    file = picture(kind, **options)
    assert b"SECRET-CAMERA" in file
    png = as_png(file)
    assert b"SECRET" not in png
    assert set(chunks(png)) == {b"IHDR", b"IDAT", b"IEND"}


def test_a_picture_lying_on_its_side_is_set_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    assert size_of(as_png(picture("JPEG", size=(20, 10), exif=exif))) == (10, 20)


@given(
    kind=st.sampled_from(["PNG", "JPEG", "WEBP"]),
    changes=st.lists(st.tuples(st.floats(0, 0.999), st.binary(min_size=1, max_size=4)), min_size=1, max_size=6),
)
def test_damage_is_refused_in_words_or_gives_a_plain_png(kind, changes):
    data = bytearray(picture(kind, size=(16, 16)))
    for place, patch in changes:
        at = int(place * len(data))
        data[at : at + len(patch)] = patch
    try:
        png = as_png(bytes(data))
    except UnusablePictureError as refusal:
        assert str(refusal) in {BROKEN, OTHER_KIND, TOO_LARGE, MOVING, TOO_FINE}  # noqa: PT017
    else:
        assert set(chunks(png)) == {b"IHDR", b"IDAT", b"IEND"}


def test_no_icons_are_shipped():
    kinds = {".png", ".jpg", ".jpeg", ".webp", ".gif", ".svg", ".ico", ".avif", ".pdf"}
    folders = ("static", "fixtures", "templates", "sdgs")
    found = [file for name in folders for file in (settings.BASE_DIR / name).rglob("*") if file.suffix.lower() in kinds]
    assert [file.relative_to(settings.BASE_DIR).as_posix() for file in found] == ["static/favicon.svg"]
