"""The decoding of uploaded pictures. Import it where it is used: Pillow takes time that no start should wait for."""

import warnings
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from sdgs.icons import BROKEN, KINDS, MAX_SIDE, MOVING, OTHER_KIND, TOO_LARGE, UnusablePictureError


def drawn_anew(data: bytes) -> bytes:
    """Only the pixels of the picture, as PNG, or UnusablePictureError."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(BytesIO(data), formats=KINDS) as picture:
                _check(picture)
                return _encoded(picture)
        except UnusablePictureError:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise UnusablePictureError(TOO_LARGE) from error
        except UnidentifiedImageError as error:
            raise UnusablePictureError(OTHER_KIND) from error
        except Exception as error:  # a hostile file can make a decoder fail in any way
            raise UnusablePictureError(BROKEN) from error


def _check(picture: Image.Image) -> None:
    """What the head of the file says, before anything is decoded."""
    if min(picture.size) < 1:
        raise UnusablePictureError(BROKEN)
    if max(picture.size) > MAX_SIDE:
        raise UnusablePictureError(TOO_LARGE)
    if getattr(picture, "n_frames", 1) != 1:
        raise UnusablePictureError(MOVING)


def _encoded(picture: Image.Image) -> bytes:
    upright = ImageOps.exif_transpose(picture)
    pixels = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    pixels.info.clear()
    png = BytesIO()
    pixels.save(png, "PNG", optimize=True)
    return png.getvalue()
