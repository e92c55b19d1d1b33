"""PDFs whose pages ask for much: filters, fonts, forms, patterns, shadings, masks, pictures, masses of text and paths."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator

from hostile_pdfs import TEXT, Named, deflated, single_page, stream
from pdf_writing import PdfPageSpec, pdf_bytes, text_at
from PIL import Image

TILING = b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 "
FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 300 400]"


def contents() -> Iterator[Named]:
    """Every family of this module."""
    for family in (masses, bombs, filters, fonts, forms, paints, pictures):
        yield from family()


def masses() -> Iterator[Named]:
    """Very many of what is harmless alone."""
    yield "a-million-characters", single_page(deflated(text_at("x" * 200, 10, 10) * 5_000))
    spread = b"".join(text_at("12.34 ab " * 20, 1, (row % 399) + 1, 1) for row in range(1_000))
    yield "180000-characters", single_page(deflated(spread))
    yield "180000-characters-in-one-word", single_page(deflated(b"BT /F1 .01 Tf 1 1 Td (" + b"x1.," * 45_000 + b") Tj ET"))
    yield "180000-digits-in-one-line", single_page(deflated(b"BT /F1 .01 Tf 1 1 Td (" + b"1 2.3/" * 30_000 + b") Tj ET"))
    yield "190000-words-of-one-letter", single_page(deflated(b"BT /F1 .01 Tf 1 1 Td (" + b"a " * 95_000 + b") Tj ET"))
    yield (
        "100000-lines-of-one-letter",
        single_page(deflated(b"BT /F1 .003 Tf 1 399 Td " + b"(7) Tj 0 -.0039 Td " * 100_000 + b"ET")),
    )
    yield "all-characters-at-one-place", single_page(deflated(text_at("1.190,00", 20, 300) * 20_000))
    page = PdfPageSpec(b"".join(text_at("12.34 ab " * 15, 1, row % 399, 1) for row in range(300)))
    yield "60-pages-of-40000-characters", pdf_bytes([page] * 60)
    yield "300-pages-of-40000-characters", pdf_bytes([page] * 300)
    yield "300000-rectangles", single_page(deflated(b"0 0 1 1 re f\n" * 300_000))
    yield "90000-rectangles", single_page(deflated(b"0 0 1 1 re f\n" * 90_000))
    yield "one-path-of-a-million-curves", single_page(deflated(b"0 0 m " + b"1 2 3 4 5 6 c " * 1_000_000 + b"S"))
    yield "dashes-without-end", single_page(stream(b"[.00001] 0 d 0 0 m 300 400 l S " * 50))
    yield "100000-clips", single_page(deflated(b"0 0 300 400 re W n " * 100_000 + TEXT))
    yield "20000-inline-images", single_page(deflated(b"BI /W 1 /H 1 /BPC 8 /CS /G ID x EI " * 20_000))
    yield "200-slow-pages", pdf_bytes([PdfPageSpec(b"0 0 m 9 9 l 3 200 l h f " * 3000)] * 200)
    yield (
        "random-operators",
        single_page(
            deflated(
                b" ".join(b"%d %d %s" % (n % 7, n % 5, op) for n in range(9_000) for op in (b"Tj", b"cm", b"Do", b"sh", b"gs"))
            )
        ),
    )


def bombs() -> Iterator[Named]:
    """Small when packed."""
    yield "zeros-256-mb-deflated-twice", single_page(deflated(b"\0" * 2**28, 2))
    yield "spaces-64-mb", single_page(deflated(b" " * 2**26))
    yield "text-after-64-mb-of-spaces", single_page(deflated(b" " * 2**26 + TEXT))
    yield "zeros-deflated-five-times", single_page(deflated(b"\0" * 2**26, 5))
    yield "run-length-32-mb", single_page(stream(b"\x81 " * 250_000 + b"\x80", b"/Filter /RunLengthDecode"))
    yield "100-filters", single_page(stream(b"78", b"/Filter [%s]" % (b"/ASCIIHexDecode " * 100)))
    width = b"/Type /XObject /Subtype /Image /Width 30000 /Height 30000 /ColorSpace /DeviceRGB /BitsPerComponent 8"
    drawn = stream(b"300 0 0 400 0 0 cm /I Do")
    yield "picture-of-2700-mb", single_page(drawn, b"/XObject << /I 10 0 R >>", {10: deflated(b"\0" * 2**26, 1, width)})
    yield (
        "picture-2-to-the-31",
        single_page(drawn, b"/XObject << /I 10 0 R >>", {10: deflated(b"\0" * 99, 1, width.replace(b"30000", b"2147483647"))}),
    )
    objects = {10 + number: deflated(b"\0" * 2**22, 1, width.replace(b"30000", b"1400")) for number in range(50)}
    names = b" ".join(b"/I%d %d 0 R" % (number, number) for number in objects)
    draw = b" ".join(b"q 300 0 0 400 0 0 cm /I%d Do Q" % number for number in objects)
    yield "fifty-large-pictures", single_page(stream(draw), b"/XObject << %s >>" % names, objects)


def filters() -> Iterator[Named]:
    """Filters over what is not theirs."""
    junk = bytes((index * 37 + 11) % 256 for index in range(5000))
    names = ("FlateDecode", "LZWDecode", "RunLengthDecode", "ASCII85Decode", "ASCIIHexDecode", "JBIG2Decode", "JPXDecode")
    for name in (*names, "CCITTFaxDecode", "DCTDecode", "Crypt", "NoSuchDecode"):
        entry = b"/Filter /%s" % name.encode()
        yield f"contents-{name}-junk", single_page(stream(junk, entry))
        for parameters in (b"", b"/DecodeParms << /K -1 /Columns 2147483647 /Rows 2147483647 /Predictor 15 /Colors 99 >>"):
            image = b"/Type /XObject /Subtype /Image /Width 900 /Height 900 /ColorSpace /DeviceGray /BitsPerComponent 8 "
            picture = stream(junk, image + entry + parameters)
            drawn = stream(b"300 0 0 400 0 0 cm /I Do")
            kind = "lying" if parameters else "junk"
            yield f"picture-{name}-{kind}", single_page(drawn, b"/XObject << /I 10 0 R >>", {10: picture})
    yield (
        "lzw-early-change",
        single_page(stream(b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01", b"/Filter /LZWDecode /DecodeParms << /EarlyChange 7 >>")),
    )
    yield "ascii85-then-nothing", single_page(stream(base64.a85encode(TEXT), b"/Filter /ASCII85Decode"))


def fonts() -> Iterator[Named]:
    """Fonts without widths, with broken maps, and such as draw themselves."""
    shown = stream(b"BT /F2 12 Tf 20 300 Td (Invoice 4711) Tj <00410042FFFF> Tj ET")

    def with_font(font: bytes, more: dict[int, bytes] | None = None) -> bytes:
        return single_page(shown, b"/Font << /F2 10 0 R >>", {10: font, **(more or {})}).replace(
            b"/Font << /F1 5 0 R >> /Font", b"/Font"
        )

    for name, entries in (
        ("no-subtype", b""),
        ("no-base", b"/Subtype /TrueType"),
        ("widths-nan", b"/Subtype /Type1 /BaseFont /X /FirstChar 0 /LastChar 255 /Widths [nan inf -1e30 1e30]"),
        ("widths-negative", b"/Subtype /Type1 /BaseFont /X /FirstChar 0 /LastChar 255 /Widths [%s]" % (b"-500 " * 256)),
        ("first-char-huge", b"/Subtype /Type1 /BaseFont /X /FirstChar -99 /LastChar 2147483647 /Widths [1]"),
        ("encoding-loop", b"/Subtype /Type1 /BaseFont /X /Encoding 10 0 R"),
        (
            "differences-odd",
            b"/Subtype /Type1 /BaseFont /X /Encoding << /Differences [-5 /A 999 /B /C /nosuch /uniD800 /u110000] >>",
        ),
        ("type0-no-descendants", b"/Subtype /Type0 /BaseFont /X /Encoding /Identity-H"),
        ("type0-descends-from-itself", b"/Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [10 0 R]"),
        ("type0-odd-encoding", b"/Subtype /Type0 /BaseFont /X /Encoding /No-Such-CMap /DescendantFonts [11 0 R]"),
    ):
        descendant = b"<< /Type /Font /Subtype /CIDFontType2 /W [0 [nan] 5 99999999 1e30] /DW -1000 >>"
        yield f"font-{name}", with_font(b"<< /Type /Font %s >>" % entries, {11: descendant})
    maps = (
        b"1 beginbfrange <0000> <FFFF> <0000> endbfrange",
        b"1 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange",
        b"1 beginbfchar <49> <D800> endbfchar",
        b"1 beginbfchar <49> <%s> endbfchar" % (b"0041" * 50_000),
        b"1 beginbfrange <00> <FF> [%s] endbfrange" % (b"<202E001B> " * 256),
        b"1 beginbfchar <49> <0000> endbfchar 1 beginbfchar <6e> <FFFF> endbfchar",
        b"/X usecmap",
        b"999999999 beginbfrange " * 1000,
        b"1 begincodespacerange <" + b"00" * 10_000 + b"> <" + b"FF" * 10_000 + b"> endcodespacerange",
    )
    for index, body in enumerate(maps):
        cmap = stream(b"/CIDInit /ProcSet findresource begin begincmap " + body + b" endcmap")
        yield (
            f"to-unicode-{index}",
            with_font(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 11 0 R >>", {11: cmap}),
        )
    yield "to-unicode-is-the-font", with_font(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 10 0 R >>")
    glyph = stream(b"1000 0 d0 BT /F2 1 Tf (I) Tj ET")
    type3 = (
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1000 1000] /FontMatrix [%s] /CharProcs << /I 11 0 R >> /FirstChar 73"
        b" /LastChar 73 /Widths [1000] /Encoding << /Differences [73 /I] >> /Resources << /Font << /F2 10 0 R >> >> >>"
    )
    for matrix in (b".001 0 0 .001 0 0", b"0 0 0 0 0 0", b"1e30 0 0 1e30 0 0", b"nan 0 0 nan 0 0"):
        yield f"type3-shows-itself-{matrix.split()[0].decode()}", with_font(type3 % matrix, {11: glyph})
    for kind in (b"FontFile", b"FontFile2", b"FontFile3"):
        font = (
            b"<< /Type /Font /Subtype /TrueType /BaseFont /X /FontDescriptor << /Type /FontDescriptor /%s 11 0 R /Flags 4 >> >>"
            % kind
        )
        yield (
            f"program-junk-{kind.decode()}",
            with_font(font, {11: stream(b"\0\1\0\0\0\x0f" + b"\xff" * 4000, b"/Length1 99999999")}),
        )


def forms() -> Iterator[Named]:
    """Forms that draw each other."""
    draw = stream(b"/X Do ")

    def chain(levels: int, width: int) -> bytes:
        more = {}
        for level in range(levels):
            last = level + 1 == levels
            following = b"" if last else b"/XObject << /X %d 0 R >>" % (11 + level)
            body = text_at("bottom", 10, 10) if last else b"/X Do\n" * width
            more[10 + level] = stream(body, FORM + b" /Resources << /Font << /F1 5 0 R >> %s >>" % following)
        return single_page(draw, b"/XObject << /X 10 0 R >>", more)

    yield "forms-10-times-10-levels", chain(10, 10)
    yield "forms-2-times-25-levels", chain(25, 2)
    yield "forms-1000-deep", chain(1000, 1)
    yield "forms-wide", chain(2, 50_000)
    itself = stream(TEXT + b"/X Do ", FORM + b" /Resources << /XObject << /X 10 0 R >> /Font << /F1 5 0 R >> >>")
    yield "form-draws-itself", single_page(draw, b"/XObject << /X 10 0 R >>", {10: itself})
    first = stream(b"/Y Do ", FORM + b" /Resources << /XObject << /Y 11 0 R >> >>")
    second = stream(b"/X Do " + TEXT, FORM + b" /Resources << /XObject << /X 10 0 R >> >>")
    yield "forms-draw-each-other", single_page(draw, b"/XObject << /X 10 0 R >>", {10: first, 11: second})
    yield "form-is-the-contents", single_page(stream(b"/X Do " + TEXT), b"/XObject << /X 4 0 R >>")
    yield (
        "form-matrix-nan",
        single_page(draw, b"/XObject << /X 10 0 R >>", {10: stream(TEXT, FORM + b"/Matrix [nan nan nan nan nan nan]")}),
    )


def paints() -> Iterator[Named]:
    """Patterns, shadings, functions and masks that need themselves or very much."""
    fill = b"/Pattern cs /P scn 0 0 300 400 re f "
    tiny = stream(
        b"0 0 1 1 re f",
        TILING + b"/BBox [0 0 1 1] /XStep .001 /YStep .001 /Resources << >>",
    )
    yield "pattern-tiny-steps", single_page(stream(fill), b"/Pattern << /P 10 0 R >>", {10: tiny})
    loop = stream(
        fill,
        TILING + b"/BBox [0 0 9 9] /XStep 9 /YStep 9 /Resources << /Pattern << /P 10 0 R >> >>",
    )
    yield "pattern-fills-itself", single_page(stream(fill), b"/Pattern << /P 10 0 R >>", {10: loop})
    for kind in range(1, 8):
        shading = stream(
            b"\x7f" * 3000,
            b"/ShadingType %d /ColorSpace /DeviceRGB /Domain [0 1] /Coords [0 0 1e9 1e9] "
            b"/BitsPerCoordinate 32 /BitsPerComponent 16 /BitsPerFlag 8 /VerticesPerRow 2147483647 "
            b"/Decode [0 1e30 0 1e30 0 1 0 1 0 1] /Function 10 0 R" % kind,
        )
        yield f"shading-{kind}-needs-itself", single_page(stream(b"/S sh " + TEXT), b"/Shading << /S 10 0 R >>", {10: shading})
    function = b"<< /FunctionType 3 /Domain [0 1] /Functions [10 0 R 10 0 R] /Bounds [.5] /Encode [0 1 0 1] >>"
    shading = b"<< /ShadingType 2 /ColorSpace /DeviceGray /Coords [0 0 300 400] /Function 10 0 R >>"
    yield "function-calls-itself", single_page(stream(b"/S sh "), b"/Shading << /S 11 0 R >>", {10: function, 11: shading})
    program = stream(b"{" * 5000 + b"}" * 5000, b"/FunctionType 4 /Domain [0 1] /Range [0 1]")
    yield "function-5000-deep", single_page(stream(b"/S sh "), b"/Shading << /S 11 0 R >>", {10: program, 11: shading})
    sampled = stream(
        b"x", b"/FunctionType 0 /Domain [%s] /Range [0 1] /Size [%s] /BitsPerSample 32" % (b"0 1 " * 30, b"65535 " * 30)
    )
    yield "function-of-30-inputs", single_page(stream(b"/S sh "), b"/Shading << /S 11 0 R >>", {10: sampled, 11: shading})
    mask = b"<< /Type /ExtGState /SMask << /S /Luminosity /G 11 0 R >> >>"
    group = stream(
        b"/M gs 0 0 300 400 re f", FORM + b" /Group << /S /Transparency >> /Resources << /ExtGState << /M 10 0 R >> >>"
    )
    yield "soft-mask-masks-itself", single_page(stream(b"/M gs " + TEXT), b"/ExtGState << /M 10 0 R >>", {10: mask, 11: group})
    yield (
        "200-transparent-groups",
        single_page(
            stream(b"/M gs /X Do " * 200),
            b"/ExtGState << /M << /ca .5 /BM /Luminosity >> >> /XObject << /X 11 0 R >>",
            {11: stream(TEXT, FORM + b"/Group << /S /Transparency >>")},
        ),
    )
    yield (
        "color-space-of-itself",
        single_page(stream(b"/C cs 1 sc " + TEXT), b"/ColorSpace << /C 10 0 R >>", {10: b"[/Indexed 10 0 R 255 <00>]"}),
    )
    yield (
        "icc-junk",
        single_page(
            stream(b"/C cs 1 1 1 sc " + TEXT), b"/ColorSpace << /C [/ICCBased 10 0 R] >>", {10: stream(b"junk" * 99, b"/N 99")}
        ),
    )


def pictures() -> Iterator[Named]:
    """Scans, good and odd."""

    def scan(image: Image.Image, entries: bytes = b"", size: tuple[int, int] | None = None, kind: str = "JPEG") -> bytes:
        buffer = io.BytesIO()
        image.save(buffer, kind)
        width, height = size or image.size
        space = b"/DeviceGray" if image.mode == "L" else b"/DeviceRGB"
        head = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace %s /BitsPerComponent 8 /Filter /DCTDecode %s" % (
            width,
            height,
            space,
            entries,
        )
        return single_page(
            stream(b"300 0 0 400 0 0 cm /I Do"), b"/XObject << /I 10 0 R >>", {10: stream(buffer.getvalue(), head)}
        )

    grey = Image.effect_noise((800, 1000), 80)
    yield "scan-noise", scan(grey)
    yield "scan-black", scan(Image.new("L", (800, 1000), 0))
    yield "scan-white", scan(Image.new("L", (800, 1000), 255))
    yield "scan-size-lies", scan(grey, size=(20_000, 20_000))
    yield "scan-decode-nan", scan(grey, b"/Decode [nan inf]")
    yield "scan-mask-of-itself", scan(grey, b"/SMask 10 0 R")
    yield "scan-40-megapixels", scan(Image.new("L", (8000, 5000), 200))
    noisy = scan(grey)
    yield "scan-on-a-huge-page", noisy.replace(b"[0 0 300 400]", b"[0 0 14400 14400]")
    yield "scan-on-a-strip", noisy.replace(b"[0 0 300 400]", b"[0 0 20000 10]")
    yield "scan-on-a-stamp", noisy.replace(b"[0 0 300 400]", b"[0 0 2 2]")
    yield "60-pages-of-noise", noisy.replace(b"/Count 1 /Kids [3 0 R]", b"/Count 60 /Kids [%s]" % (b"3 0 R " * 60))
