"""Image files that are cut, lie about their size, hold thousands of frames, or are something else."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator

from PIL import Image, ImageDraw

Named = tuple[str, bytes]
FORMATS = {"PNG": "png", "JPEG": "jpg", "TIFF": "tif", "BMP": "bmp", "WEBP": "webp", "GIF": "gif"}


def receipt(width: int = 400, height: int = 300, mode: str = "L") -> Image.Image:
    """A picture with a few words on it."""
    image = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(image)
    for row, text in enumerate(("SHOP LTD", "Date 01/03/2024", "TOTAL 12.50")):
        draw.text((width // 20, 20 + row * 60), text, fill=0, font_size=32)
    return image.convert(mode)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    """The file of an image."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def images() -> Iterator[Named]:
    """Every family of this module, with file names."""
    for family in (modes, cuts, headers, frames, metadata, impostors):
        yield from family()


def modes() -> Iterator[Named]:
    """All ways to write a pixel."""
    for mode, kinds in {
        "1": ("PNG", "TIFF", "BMP", "GIF"),
        "L": tuple(FORMATS),
        "LA": ("PNG", "TIFF"),
        "P": ("PNG", "GIF", "BMP", "TIFF"),
        "RGB": ("PNG", "JPEG", "WEBP"),
        "RGBA": ("PNG", "WEBP", "TIFF"),
        "CMYK": ("JPEG", "TIFF"),
        "I;16": ("PNG", "TIFF"),
        "I": ("TIFF",),
        "F": ("TIFF",),
        "LAB": ("TIFF",),
        "YCbCr": ("TIFF", "JPEG"),
    }.items():
        for kind in kinds:
            image = (
                receipt().convert("I;16" if mode == "I;16" else "L").convert(mode)
                if mode != "LAB"
                else Image.new("LAB", (90, 90))
            )
            yield f"mode-{mode.replace(';', '-')}.{FORMATS[kind]}", saved(image, kind)
    yield "float-nan.tif", saved(Image.frombytes("F", (50, 50), struct.pack("<f", float("nan")) * 2500), "TIFF")
    yield "float-inf.tif", saved(Image.frombytes("F", (50, 50), struct.pack("<f", float("inf")) * 2500), "TIFF")
    for size in ((1, 1), (1, 20_000), (20_000, 1), (2, 2), (7000, 7000), (10_000, 3000), (3, 3000)):
        yield f"size-{size[0]}x{size[1]}.png", saved(Image.new("L", size, 255), "PNG")
    yield "noise-large.png", saved(Image.effect_noise((3000, 3000), 100), "PNG", compress_level=1)
    yield "noise-strip.jpg", saved(Image.effect_noise((8000, 60), 100), "JPEG")
    yield "black.png", saved(Image.new("L", (1500, 1500), 0), "PNG")
    stripes = Image.frombytes("L", (1200, 1600), b"".join(bytes([255 * (row // 3 % 2)]) * 1200 for row in range(1600)))
    yield "stripes.png", saved(stripes, "PNG")
    checks = Image.frombytes(
        "L", (1600, 1600), b"".join(bytes(255 * ((row // 8 + x // 8) % 2) for x in range(1600)) for row in range(1600))
    )
    yield "checks.png", saved(checks, "PNG")
    page = Image.new("L", (2400, 3200), 255)
    draw = ImageDraw.Draw(page)
    for row in range(0, 3200, 14):
        draw.text((5, row), "1.190,00 EUR total 4711 " * 12, fill=0, font_size=12)
    yield "very-much-small-text.png", saved(page, "PNG")


def cuts() -> Iterator[Named]:
    """Files that end early or are damaged in the middle."""
    for kind, suffix in FORMATS.items():
        whole = saved(receipt(mode="RGB"), kind)
        for share in (0.01, 0.1, 0.3, 0.6, 0.9, 0.99):
            yield f"cut-{int(share * 100)}.{suffix}", whole[: int(len(whole) * share)]
        yield f"middle-zeroed.{suffix}", whole[: len(whole) // 3] + bytes(len(whole) // 3) + whole[2 * len(whole) // 3 :]
        yield f"repeated.{suffix}", whole * 3
        yield f"empty.{suffix}", b""
        yield f"mark-only.{suffix}", whole[:8]


def png(width: int, height: int, data: bytes = b"", *, depth: int = 8, color: int = 0, more: bytes = b"") -> bytes:
    """A PNG whose header says anything."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + more + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def headers() -> Iterator[Named]:
    """Sizes that lie, and bombs."""
    for width, height in (
        (0, 0),
        (0, 9),
        (65_535, 65_535),
        (2**31 - 1, 1),
        (2**31 - 1, 2**31 - 1),
        (2**32 - 1, 2**32 - 1),
        (5000, 5000),
    ):
        yield f"png-says-{width}x{height}.png", png(width, height)
    yield "png-depth-99.png", png(9, 9, bytes(90), depth=99)
    yield "png-color-9.png", png(9, 9, bytes(90), color=9)
    yield "png-bomb-49-megapixels.png", png(7000, 7000, bytes(7001 * 7000))
    yield "png-more-data-than-pixels.png", png(9, 9, bytes(2**26))
    text = b"tEXtComment\0" + b"a" * 100
    ztxt = b"a\0\0" + zlib.compress(bytes(2**26))
    chunk = struct.pack(">I", len(ztxt)) + b"zTXt" + ztxt + struct.pack(">I", zlib.crc32(b"zTXt" + ztxt))
    yield "png-text-bomb.png", png(9, 9, bytes(90), more=chunk)
    yield "png-bad-checksum.png", png(9, 9, bytes(90), more=struct.pack(">I", len(text) - 4) + text + b"\0\0\0\0")
    bmp = bytearray(saved(receipt(mode="RGB"), "BMP"))
    for name, width, height in (
        ("huge", 2**31 - 1, 2**31 - 1),
        ("negative", -400, -300),
        ("zero", 0, 0),
        ("wide", 60_000, 60_000),
    ):
        yield f"bmp-{name}.bmp", bytes(bmp[:18]) + struct.pack("<ii", width, height) + bytes(bmp[26:])
    gif = saved(receipt(mode="P"), "GIF")
    yield "gif-huge.gif", gif[:6] + struct.pack("<HH", 65_535, 65_535) + gif[10:]
    yield "gif-zero.gif", gif[:6] + struct.pack("<HH", 0, 0) + gif[10:]
    jpeg = saved(receipt(), "JPEG")
    at = jpeg.index(b"\xff\xc0")
    for width, height in ((65_535, 65_535), (0, 0), (65_535, 0), (20_000, 20_000)):
        yield f"jpeg-says-{width}x{height}.jpg", jpeg[: at + 5] + struct.pack(">HH", height, width) + jpeg[at + 9 :]
    webp = saved(receipt(mode="RGB"), "WEBP")
    yield "webp-length-lies.webp", webp[:4] + b"\xff\xff\xff\xff" + webp[8:]
    for tag in (256, 257, 258, 259, 262, 273, 277, 278, 279, 282):
        for value in (0, 2**32 - 1, 2**16):
            yield f"tiff-tag-{tag}-{value}.tif", tiff_with(tag, value)


def tiff_with(tag: int, value: int) -> bytes:
    """A TIFF one of whose tags has another value."""
    content = bytearray(saved(receipt(), "TIFF"))
    (directory,) = struct.unpack_from("<I", content, 4)
    (count,) = struct.unpack_from("<H", content, directory)
    for row in range(count):
        at = directory + 2 + row * 12
        if struct.unpack_from("<H", content, at)[0] == tag:
            struct.pack_into("<HIII"[:3] + "I", content, at + 2, 4, 1, value)
    return bytes(content)


def frames() -> Iterator[Named]:
    """Files of many pictures, honest and lying."""
    small = receipt(200, 220)
    yield "tiff-40-frames.tif", saved(small, "TIFF", save_all=True, append_images=[small] * 39)
    dots = [Image.new("1", (8, 8), number % 2) for number in range(2500)]
    yield "tiff-1900-frames.tif", saved(dots[0], "TIFF", save_all=True, append_images=dots[1:1900])
    yield "tiff-2500-frames.tif", saved(dots[0], "TIFF", save_all=True, append_images=dots[1:])
    yield "gif-2500-frames.gif", saved(dots[0], "GIF", save_all=True, append_images=dots[1:])
    yield "webp-200-frames.webp", saved(small.convert("RGB"), "WEBP", save_all=True, append_images=[small.convert("RGB")] * 199)
    sizes = [receipt(100 + 50 * number, 400 - 30 * number) for number in range(8)]
    yield "tiff-frames-of-all-sizes.tif", saved(sizes[0], "TIFF", save_all=True, append_images=sizes[1:])
    content = bytearray(saved(small, "TIFF"))
    (directory,) = struct.unpack_from("<I", content, 4)
    (count,) = struct.unpack_from("<H", content, directory)
    struct.pack_into("<I", content, directory + 2 + 12 * count, directory)
    yield "tiff-directory-loop.tif", bytes(content)
    struct.pack_into("<H", content, directory, 65_535)
    yield "tiff-65535-tags.tif", bytes(content)
    yield "tiff-big-endian-mark.tif", b"MM\x00\x2a" + bytes(content[4:])
    yield "bigtiff.tif", saved(small, "TIFF", big_tiff=True)
    for compression in ("tiff_lzw", "tiff_adobe_deflate", "packbits", "group4", "jpeg"):
        image = small.convert("1") if compression == "group4" else small
        whole = saved(image, "TIFF", compression=compression)
        yield f"tiff-{compression}.tif", whole
        yield f"tiff-{compression}-damaged.tif", whole[: len(whole) // 2] + b"\xff" * 40 + whole[len(whole) // 2 + 40 :]


def metadata() -> Iterator[Named]:
    """EXIF, ICC and resolutions that are not to be believed."""
    image = receipt(mode="RGB")
    for orientation in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 65_535):
        exif = Image.Exif()
        exif[0x0112] = orientation
        yield f"exif-{orientation}.jpg", saved(image, "JPEG", exif=exif)
    yield "exif-junk.jpg", saved(image, "JPEG", exif=b"Exif\0\0" + b"\xff" * 500)
    yield "exif-junk.webp", saved(image, "WEBP", exif=b"Exif\0\0" + b"\xff" * 500)
    for dpi in ((0, 0), (1, 1), (65_535, 65_535), (300, 1), (72, 7200)):
        yield f"dpi-{dpi[0]}-{dpi[1]}.jpg", saved(image, "JPEG", dpi=dpi)
        yield f"dpi-{dpi[0]}-{dpi[1]}.png", saved(image, "PNG", dpi=dpi)
    yield "icc-junk.jpg", saved(image, "JPEG", icc_profile=b"junk" * 5000)
    yield "icc-junk.png", saved(image, "PNG", icc_profile=b"junk" * 5000)
    yield "transparent.png", saved(Image.new("RGBA", (300, 300), (0, 0, 0, 0)), "PNG")
    palette = receipt(mode="P")
    yield "palette-transparent.gif", saved(palette, "GIF", transparency=0)
    yield "palette-short.png", saved(palette, "PNG").replace(b"PLTE", b"XLTE")


def impostors() -> Iterator[Named]:
    """Something else under the name of an image."""
    whole = {kind: saved(receipt(mode="RGB"), kind) for kind in FORMATS}
    kinds = list(FORMATS)
    for kind, other in zip(kinds, kinds[1:] + kinds[:1], strict=True):
        yield f"really-{other.lower()}.{FORMATS[kind]}", whole[other]
    yield "really-an-image.pdf", whole["PNG"]
    for suffix in ("png", "tif", "jpg", "pdf"):
        yield f"eps.{suffix}", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(%pipe%id) (w) file\nshowpage\n%%EOF\n"
        yield f"svg.{suffix}", b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'
        yield f"paths.{suffix}", b"/etc/passwd\nhttp://127.0.0.1:1/a.png\n"
        yield f"heic.{suffix}", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200)
        yield f"psd.{suffix}", b"8BPS\0\1" + bytes(200)
        yield f"zip.{suffix}", b"PK\x03\x04" + bytes(200)
        yield f"elf.{suffix}", b"\x7fELF" + bytes(200)
        yield f"pickle.{suffix}", b"\x80\x04\x95" + b"cos\nsystem\n(S'touch owned'\ntR."
    for mark in (
        b"P6 99999 99999 255\n",
        b"\x00\x00\x01\x00",
        b"RIFF\xff\xff\xff\xffWEBPVP8X",
        b"II*\0\xff\xff\xff\xff",
        b"SIMPLE  =",
        b"DDS ",
    ):
        yield f"mark-{mark[:4].hex()}.png", mark + bytes(500)
