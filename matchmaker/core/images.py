"""Pictures are never kept as they come: they are decoded and written anew.

What is written holds pixels only: no place and time of the photo (EXIF), no second file hidden
behind the picture.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 2_400
QUALITY = 85


class UnusableImage(ValueError):
    """The picture is not taken; the text is Japanese and continues 「name」."""


@dataclass(frozen=True, slots=True)
class CleanImage:
    """A picture as it is kept.

    Args:
        content: the encoded picture.
        media_type: ``image/jpeg``, ``image/png`` or ``image/webp``.
        width: in pixels.
        height: in pixels.
    """

    content: bytes
    media_type: str
    width: int
    height: int


def reencode(content: bytes) -> CleanImage:
    """Decode a picture and write it anew, upright and at most 2,400 pixels long.

    Raises:
        UnusableImage: it is no JPEG, PNG or WebP picture, is damaged or has too many pixels.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _reencode(content)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UnusableImage(_too_many()) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        if isinstance(error, UnusableImage):
            raise
        raise UnusableImage(
            "は、画像として開けません。壊れていないか確かめて、JPEGかPNGで保存し直してください。"
        ) from None


def _too_many() -> str:
    return "は、画像の縦横が大きすぎます（5,000万画素まで）。小さくして保存し直してください。"


def _reencode(content: bytes) -> CleanImage:
    with Image.open(io.BytesIO(content), formats=list(FORMATS)) as image:
        kind = image.format or ""
        width, height = image.size
        if width * height > MOST_PIXELS:
            raise UnusableImage(_too_many())
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(image)
        pixels = upright.convert("RGBA" if _has_alpha(upright, kind) else "RGB")
    pixels.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    pixels.info.clear()
    target = io.BytesIO()
    pixels.save(target, kind, quality=QUALITY, optimize=True)
    return CleanImage(target.getvalue(), FORMATS[kind], pixels.width, pixels.height)


def _has_alpha(image: Image.Image, kind: str) -> bool:
    return kind != "JPEG" and image.has_transparency_data
