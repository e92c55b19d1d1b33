"""PDFs whose structure lies: page trees, cross-references, numbers, nesting, encryption, attachments, polyglots."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from pdf_writing import PdfPageSpec, assemble_pdf, pdf_bytes, text_at

Named = tuple[str, bytes]
TEXT = text_at("Invoice 4711 total 1.190,00 EUR", 20, 300) + text_at("Date 2024-03-01", 20, 280)
HUGE_NUMBERS = (b"-1", b"0", b"2147483648", b"4294967296", b"99999999999999999999", b"1e308", b"nan", b"-.", b"(text)", b"1 0 R")


def stream(content: bytes, entries: bytes = b"", length: bytes | None = None) -> bytes:
    """A stream object; `length` lies where it is given."""
    size = length or b"%d" % len(content)
    return b"<< /Length %s %s >>\nstream\n%s\nendstream" % (size, entries, content)


def deflated(content: bytes, times: int = 1, entries: bytes = b"") -> bytes:
    """A stream compressed `times` over."""
    for _ in range(times):
        content = zlib.compress(content, 9)
    return stream(content, b"/Filter [%s] %s" % (b" ".join([b"/FlateDecode"] * times), entries))


def single_page(
    contents: bytes = b"",
    resources: bytes = b"",
    more: dict[int, bytes] | None = None,
    *,
    page: bytes = b"",
    box: bytes = b"0 0 300 400",
    catalog: bytes = b"",
    pages: bytes = b"/Count 1 /Kids [3 0 R]",
) -> bytes:
    """One page whose contents are object 4, with Helvetica as /F1; further objects from number 10 on."""
    return assemble_pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
            2: b"<< /Type /Pages %s >>" % pages,
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> %s >> %s >>" % (box, resources, page),
            4: contents or stream(TEXT),
            5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            **(more or {}),
        }
    )


def structures() -> Iterator[Named]:
    """Every family of this module."""
    for family in (page_trees, numbers, cross_references, nesting, encrypted, extras, polyglots):
        yield from family()


def page_trees() -> Iterator[Named]:
    """Trees with cycles, lies and very many pages."""
    kid = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 400] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
    yield "tree-is-its-own-kid", single_page(pages=b"/Count 2 /Kids [2 0 R 3 0 R]")
    yield "tree-parent-cycle", single_page(pages=b"/Count 1 /Kids [3 0 R] /Parent 2 0 R")
    yield (
        "tree-two-node-cycle",
        single_page(
            pages=b"/Count 5 /Kids [10 0 R 3 0 R]", more={10: b"<< /Type /Pages /Count 4 /Kids [2 0 R] /Parent 2 0 R >>"}
        ),
    )
    yield "tree-same-page-1000-times", single_page(pages=b"/Count 1000 /Kids [%s]" % (b"3 0 R " * 1000))
    yield "tree-same-page-2001-times", single_page(pages=b"/Count 2001 /Kids [%s]" % (b"3 0 R " * 2001))
    yield "tree-100000-pages", single_page(pages=b"/Count 100000 /Kids [%s]" % (b"3 0 R " * 100_000))
    levels = {
        10 + level: b"<< /Type /Pages /Count %d /Kids [%s] >>" % (10 ** (6 - level), b"%d 0 R " % (11 + level) * 10)
        for level in range(5)
    }
    yield "tree-fans-out-to-a-million", single_page(pages=b"/Count 1000000 /Kids [10 0 R]", more={**levels, 15: kid})
    deep = {10 + level: b"<< /Type /Pages /Count 1 /Kids [%d 0 R] >>" % (11 + level) for level in range(3000)}
    yield "tree-3000-deep", single_page(pages=b"/Count 1 /Kids [10 0 R]", more={**deep, 3010: kid})
    for lie in (b"-1", b"0", b"2", b"100000", b"2147483647", b"9999999999", b"(x)", b"null", b"1.5"):
        yield f"tree-count-{lie.decode()}", single_page(pages=b"/Count %s /Kids [3 0 R]" % lie)
    for kids in (b"[]", b"null", b"3 0 R", b"[99 0 R]", b"[null 3 0 R]", b"[4 0 R]", b"[1 0 R]", b"[(x)]", b"[[3 0 R]]"):
        yield f"tree-kids-{kids.decode()}", single_page(pages=b"/Count 1 /Kids %s" % kids)
    yield "no-pages", assemble_pdf({1: b"<< /Type /Catalog >>"})
    yield "catalog-is-a-page", assemble_pdf({1: b"<< /Type /Page /MediaBox [0 0 100 100] >>"})
    yield "pages-is-the-catalog", assemble_pdf({1: b"<< /Type /Catalog /Pages 1 0 R /Kids [1 0 R] /Count 1 >>"})
    outline = b"<< /Title (a) /Parent 10 0 R /Next 11 0 R /Prev 11 0 R /First 10 0 R /Dest [3 0 R /Fit] >>"
    yield "outline-cycle", single_page(catalog=b"/Outlines 10 0 R", more={10: b"<< /First 11 0 R /Last 11 0 R >>", 11: outline})
    yield "contents-array-of-20000", single_page(page=b"/Contents [%s]" % (b"4 0 R " * 20_000))
    yield "contents-is-itself", single_page(b"4 0 R")
    yield "contents-missing", single_page(b"null")
    yield "300-pages-of-text", pdf_bytes([PdfPageSpec(TEXT * 5)] * 300)
    yield "2000-pages-of-text", pdf_bytes([PdfPageSpec(TEXT * 20)] * 2000)
    yield "2000-empty-pages", pdf_bytes([PdfPageSpec(b"")] * 2000)


def numbers() -> Iterator[Named]:
    """Impossible numbers where sizes, lengths and turns belong."""
    for number in HUGE_NUMBERS:
        name = number.decode()
        yield f"box-{name}", single_page(box=b"0 0 %s 400" % number)
        yield f"box-all-{name}", single_page(box=b" ".join([number] * 4))
        yield f"rotate-{name}", single_page(page=b"/Rotate %s" % number)
        yield f"user-unit-{name}", single_page(page=b"/UserUnit %s" % number)
        yield f"length-{name}", single_page(stream(TEXT, length=number))
        yield f"crop-{name}", single_page(page=b"/CropBox [%s %s 100 100]" % (number, number))
        yield f"operand-{name}", single_page(stream(b"%s 0 0 %s 0 0 cm " % (number, number) + TEXT))
        yield f"font-size-{name}", single_page(stream(b"BT /F1 %s Tf 20 300 Td (Invoice 4711) Tj ET" % number))
        yield f"char-spacing-{name}", single_page(stream(b"BT %s Tc /F1 9 Tf 20 300 Td (Invoice 4711) Tj ET" % number))
        yield (
            f"predictor-{name}",
            single_page(deflated(TEXT, entries=b"/DecodeParms [<< /Predictor 12 /Columns %s /Colors %s >>]" % (number, number))),
        )
    boxes = (
        b"0 0 14400 14400",
        b"0 0 200000 200000",
        b"0 0 1 100000",
        b"0 0 .01 .01",
        b"300 400 0 0",
        b"",
        b"0 0 300",
        b"5 5 5 5",
    )
    for index, box in enumerate(boxes):
        yield f"box-odd-{index}", single_page(box=box)
    yield "scale-zero", single_page(stream(b"0 0 0 0 0 0 cm " + TEXT))
    yield "text-far-outside", single_page(stream(text_at("out of sight", 1e7, -1e7)))
    yield (
        "degenerate-text-matrix",
        single_page(stream(b"BT /F1 12 Tf 0 0 0 0 20 300 Tm (Invoice) Tj 1e-9 0 0 1e9 0 0 Tm (x) Tj ET")),
    )


def cross_references() -> Iterator[Named]:
    """Tables and streams of references that point anywhere."""
    good = single_page()
    yield "no-eof", good[: good.rindex(b"%%EOF")]
    yield "no-xref", good[: good.rindex(b"xref\n0")]
    yield "startxref-beyond", good[: good.rindex(b"startxref")] + b"startxref\n99999999\n%%EOF"
    yield "startxref-negative", good[: good.rindex(b"startxref")] + b"startxref\n-5\n%%EOF"
    yield "xref-all-zero", good.replace(b" 00000 n", b" 00000 f")
    start = good.rindex(b"xref\n0")
    yield "xref-count-lies", good.replace(b"xref\n0 6", b"xref\n0 99999999")
    yield "xref-huge-first", good.replace(b"xref\n0 6", b"xref\n2147483647 6")
    trailer = good.rindex(b"trailer")
    yield "prev-loop", good[:trailer] + b"trailer << /Size 6 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF" % (start, start)
    yield (
        "xref-stream-loop",
        good[:trailer] + b"trailer << /Size 6 /Root 1 0 R /XRefStm %d >>\nstartxref\n%d\n%%%%EOF" % (start, start),
    )
    yield "root-missing", good.replace(b"/Root 1 0 R", b"/Root 9 0 R")
    yield "root-direct", good.replace(b"/Root 1 0 R", b"/Root << /Pages 2 0 R >>")
    yield "size-huge", good.replace(b"/Size 6", b"/Size 2147483647")
    members = b"1 0 2 40 << /Type /Catalog /Pages 2 0 R >>      << /Type /Pages /Count 1 /Kids [3 0 R] >>"
    for name, entries in (
        ("extends-itself", b"/Type /ObjStm /N 2 /First 9 /Extends 10 0 R"),
        ("huge-n", b"/Type /ObjStm /N 2147483647 /First 9"),
        ("negative-first", b"/Type /ObjStm /N 2 /First -9"),
        ("first-beyond", b"/Type /ObjStm /N 2 /First 99999"),
    ):
        yield f"object-stream-{name}", single_page(more={10: stream(members, entries)})
    for widths in (b"1 2 1", b"0 0 0", b"9 9 9", b"-1 4 2", b"2147483647 1 1", b"1 1000000000 1", b""):
        body = bytes(range(64))
        entries = b"/Type /XRef /Size 6 /W [%s] /Root 1 0 R /Index [0 2147483647]" % widths
        at = len(good[:start])
        yield (
            f"xref-stream-w-{widths.decode()}",
            good[:start] + b"9 0 obj\n" + stream(body, entries) + b"\nendobj\nstartxref\n%d\n%%%%EOF" % at,
        )
    yield "reference-loop", single_page(b"10 0 R", more={10: b"11 0 R", 11: b"10 0 R"})
    yield "length-is-itself", single_page(b"<< /Length 4 0 R >>\nstream\n" + TEXT + b"\nendstream")
    yield "object-number-huge", good.replace(b"3 0 obj", b"2147483647 0 obj")


def nesting() -> Iterator[Named]:
    """Arrays, dictionaries, states and marks inside each other without end."""
    for depth in (500, 20_000, 1_000_000):
        yield f"array-{depth}-deep", single_page(page=b"/X " + b"[" * depth + b"]" * depth)
        yield f"dictionary-{depth}-deep", single_page(page=b"/X " + b"<< /A " * depth + b"1" + b">>" * depth)
        yield f"content-array-{depth}-deep", single_page(deflated(b"[" * depth + b"]" * depth + b" TJ " + TEXT))
        yield f"states-{depth}-deep", single_page(deflated(b"q " * depth + TEXT))
        yield f"marked-content-{depth}-deep", single_page(deflated(b"/P BMC " * depth + TEXT))
        yield (
            f"inline-dictionary-{depth}-deep",
            single_page(deflated(b"/P " + b"<< /A " * depth + b">>" * depth + b" BDC " + TEXT)),
        )
    yield "pops-without-pushes", single_page(deflated(b"Q ET EMC EX " * 100_000 + TEXT))
    yield "string-of-10-mb", single_page(deflated(b"BT /F1 9 Tf (" + b"a" * 10_000_000 + b") Tj ET"))
    yield "name-of-1-mb", single_page(deflated(b"/" + b"a" * 1_000_000 + b" gs " + TEXT))
    yield "number-of-1-mb", single_page(deflated(b"1" * 1_000_000 + b" w " + TEXT))
    yield "unclosed-string", single_page(stream(b"BT /F1 9 Tf 20 300 Td (Invoice \\( total Tj ET"))
    yield "unclosed-dictionary", single_page(page=b"/X << /Y << /Z (")
    yield "comment-without-end", single_page(stream(TEXT + b"%" + b"x" * 100_000))


def encrypted() -> Iterator[Named]:
    """Encryption dictionaries that cannot be right."""
    good = single_page()
    key = b"<" + b"41" * 32 + b">"
    for name, entries in (
        ("v1", b"/V 1 /R 2 /O %s /U %s /P -44" % (key, key)),
        ("v2-length-huge", b"/V 2 /R 3 /Length 2147483647 /O %s /U %s /P -44" % (key, key)),
        ("v4-no-filters", b"/V 4 /R 4 /Length 128 /O %s /U %s /P -44" % (key, key)),
        ("v5-short", b"/V 5 /R 6 /Length 256 /O <00> /U <00> /OE <00> /UE <00> /Perms <00> /P -44"),
        ("v99", b"/V 99 /R 99 /O () /U () /P 0"),
        ("empty", b""),
        ("public-key", b"/SubFilter /adbe.pkcs7.s5 /V 4 /Recipients [<00>]"),
    ):
        encryption = b"/Encrypt << /Filter /Standard %s >> /ID [<00> <00>]" % entries
        yield f"encrypted-{name}", good.replace(b"/Root 1 0 R", b"/Root 1 0 R " + encryption)
    yield "encrypted-by-nothing", good.replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 99 0 R")
    yield "encrypted-by-itself", good.replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 1 0 R")


def extras() -> Iterator[Named]:
    """What a reader must not run, open or fetch."""
    script = b"<< /S /JavaScript /JS (while \\(true\\) { app.alert\\(1\\); }) >>"
    yield (
        "javascript",
        single_page(catalog=b"/OpenAction %s /AA << /O %s >>" % (script, script), page=b"/AA << /O %s >>" % script),
    )
    yield "launch", single_page(catalog=b"/OpenAction << /S /Launch /F (/bin/sh) >>")
    yield "uri", single_page(catalog=b"/OpenAction << /S /URI /URI (http://127.0.0.1:1/x) >>")
    yield "go-to-remote", single_page(catalog=b"/OpenAction << /S /GoToR /F (/etc/passwd) /D [0 /Fit] >>")
    yield "contents-in-a-file", single_page(stream(b"", b"/F (/etc/passwd)"))
    xfa = stream(b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><xdp:xdp>&a;</xdp:xdp>")
    yield "xfa-entity", single_page(catalog=b"/AcroForm << /XFA 10 0 R /Fields [] >>", more={10: xfa})
    yield (
        "fields-that-loop",
        single_page(
            catalog=b"/AcroForm << /Fields [10 0 R] >>",
            page=b"/Annots [10 0 R]",
            more={10: b"<< /FT /Tx /T (a) /V (value) /Subtype /Widget /Rect [0 0 90 20] /Kids [10 0 R] /Parent 10 0 R >>"},
        ),
    )
    yield (
        "50000-annotations",
        single_page(
            page=b"/Annots [%s]" % (b"10 0 R " * 50_000), more={10: b"<< /Subtype /Widget /FT /Tx /V (x) /Rect [0 0 9 9] >>"}
        ),
    )
    appearance = stream(
        TEXT + b"/A Do", b"/Type /XObject /Subtype /Form /BBox [0 0 300 400] /Resources << /XObject << /A 11 0 R >> >>"
    )
    note = b"<< /Subtype /Stamp /Rect [0 0 300 400] /AP << /N 11 0 R >> >>"
    yield "stamp-that-draws-itself", single_page(page=b"/Annots [10 0 R]", more={10: note, 11: appearance})
    bomb = deflated(b"\0" * 2**26, 2, b"/Type /EmbeddedFile")
    names = b"/Names << /EmbeddedFiles << /Names [(factur-x.xml) 10 0 R] >> >>"
    yield "attachment-bomb", single_page(catalog=names, more={10: b"<< /EF << /F 11 0 R >> /F (factur-x.xml) >>", 11: bomb})
    loop = b"/Names << /EmbeddedFiles 10 0 R >>"
    yield "names-that-loop", single_page(catalog=loop, more={10: b"<< /Kids [10 0 R] >>"})
    yield "pdf-in-pdf", single_page(catalog=names, more={10: b"<< /EF << /F 11 0 R >> >>", 11: stream(single_page())})
    yield (
        "layers-all-off",
        single_page(catalog=b"/OCProperties << /OCGs [10 0 R] /D << /OFF [10 0 R] >> >>", more={10: b"<< /Type /OCG >>"}),
    )


def polyglots() -> Iterator[Named]:
    """Files that are several things, or nothing."""
    good = single_page()
    yield "junk-before", b"junk\n" * 100 + good
    yield "junk-before-1023", b"\0" * 1023 + good
    yield "junk-before-2000", b"\0" * 2000 + good
    yield "junk-after", good + b"junk\n" * 10_000
    yield "zip-then-pdf", b"PK\x03\x04" + b"\0" * 60 + good
    yield "html-then-pdf", b"<html><script>alert(1)</script></html>\n" + good
    yield "png-then-pdf", b"\x89PNG\r\n\x1a\n" + good
    yield "two-pdfs", good + single_page(stream(text_at("second", 20, 300)))
    yield "only-the-mark", b"%PDF-1.7\n"
    yield "mark-and-zeros", b"%PDF-1.7\n" + b"\0" * 100_000
    yield "version-99", good.replace(b"%PDF-1.7", b"%PDF-99.9")
    yield "postscript", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\nshowpage\n"
    yield "text-named-pdf", b"This is a text file.\nhttp://127.0.0.1:1/x\n/etc/passwd\n" * 20
    yield "html-named-pdf", b"<!DOCTYPE html><p>404 Not Found</p>"
    yield "empty-file", b""
    yield "one-byte", b"%"
    yield "half-a-mark", b"%PD"
    yield "carriage-returns-only", good.replace(b"\n", b"\r")
    yield "utf-16", good.decode("latin-1").encode("utf-16")
