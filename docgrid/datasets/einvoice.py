"""E-invoices: PDFs whose embedded XML (Factur-X, ZUGFeRD) is the exact truth, or `ID.pdf` beside an `ID.json` made from it.

XML element names: UN/CEFACT Cross Industry Invoice as used by ZUGFeRD 1.0 and by ZUGFeRD 2 / Factur-X.
"""

from __future__ import annotations

import logging
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from docgrid.datasets.base import (
    Dataset,
    DatasetFormat,
    Problems,
    Record,
    check_ids,
    documents_in,
    only_known,
    read_json,
    value_text,
)
from docgrid.errors import DatasetError, MissingDependencyError
from docgrid.labels import LabelledField
from docgrid.schema import INVOICE, Schema

HEADER_NAMES = {
    "id": "document_id",
    "date": "date_issue",
    "seller": "vendor_name",
    "buyer": "customer_billing_name",
    "tax_basis": "amount_total_net",
    "tax_total": "amount_total_tax",
    "grand_total": "amount_total_gross",
    "due": "amount_due",
}
LINE_NAMES = {
    "name": "line_item_description",
    "qty": "line_item_quantity",
    "net_price": "line_item_unit_price_net",
    "total": "line_item_amount_net",
    "vat_percent": "line_item_tax_rate",
}
_NOT_PRINTED = {"currency", "unit", "lines"}  # codes of the XML; the page prints signs and words instead
_XML_BYTES = 16 * 2**20
_HINT = "Use PDFs with an embedded Factur-X or ZUGFeRD XML, or put ID.json with the values beside each ID.pdf."


def looks_like_einvoice(content: object) -> bool:
    """Whether the content of an `ID.json` is what `truth_of_xml` gives."""
    return isinstance(content, dict) and {"id", "seller", "grand_total", "lines"} <= set(content)


def open_einvoice(root: Path, schema: Schema | None = None) -> Dataset:
    """Open a folder of e-invoices.

    Raises:
        DatasetError: A PDF has neither a JSON beside it nor a readable XML in it; all problems in one message.
        MissingDependencyError: The XML must be read and factur-x is not installed.
    """
    schema = schema or INVOICE
    problems = Problems(root)
    records = []
    for document in documents_in(root):
        labels = document.with_suffix(".json")
        if labels.is_file():
            content = read_json(labels, problems)
            if content is not None and not looks_like_einvoice(content):
                problems.add(labels, "is not the truth of an e-invoice", _HINT)
                continue
        else:
            content = _embedded_truth(document, problems)
        if isinstance(content, dict):
            fields = only_known(_fields_of(content, labels, problems), schema)
            records.append(Record(document.stem, document, fields, plain_values=True))
    check_ids(records, problems)
    problems.raise_if_any()
    if not records:
        raise DatasetError(f"{root} has no e-invoices", hint=_HINT)
    return Dataset(root.name, root, DatasetFormat.EINVOICE, schema, tuple(records))


def embedded_fields(document: Path, schema: Schema) -> tuple[LabelledField, ...]:
    """The values in the XML of a PDF, as far as a schema has them; plain decimals and ISO dates.

    Raises:
        DatasetError: The PDF has no readable XML.
        MissingDependencyError: factur-x is not installed.
    """
    problems = Problems(document.parent)
    fields = only_known(_fields_of(truth_of_xml(embedded_xml(document)), document, problems), schema)
    problems.raise_if_any()
    return fields


def _fields_of(content: dict[str, object], labels: Path, problems: Problems) -> list[LabelledField]:
    fields = _renamed(content, HEADER_NAMES, None, labels, problems)
    lines = content["lines"]
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        problems.add(labels, "lines is not a list of objects", _HINT)
        return fields
    for number, line in enumerate(lines):
        fields += _renamed(line, LINE_NAMES, number, labels, problems)
    return fields


def _renamed(
    content: dict[str, object], names: dict[str, str], item: int | None, labels: Path, problems: Problems
) -> list[LabelledField]:
    fields = []
    for name, value in content.items():
        if name in _NOT_PRINTED:
            continue
        text = value_text(value)
        if name not in names:
            problems.add(labels, f"unknown key {name!r}", f"Known keys: {', '.join(names)}.")
        elif text is None:
            problems.add(labels, f"{name} is not a text", "Values are texts as in the XML, or null.")
        elif text:
            fields.append(LabelledField(names[name], text, item))
    return fields


def _embedded_truth(document: Path, problems: Problems) -> dict[str, object] | None:
    try:
        xml = embedded_xml(document)
        return None if xml is None else truth_of_xml(xml)
    except DatasetError as error:
        problems.add(document, error.problem, error.hint)
        return None


def embedded_xml(document: Path) -> bytes:
    """The invoice XML inside a PDF.

    Raises:
        DatasetError: The PDF has none, or cannot be read.
        MissingDependencyError: factur-x is not installed.
    """
    try:
        from facturx import get_xml_from_pdf  # optional package
    except ImportError as error:
        raise MissingDependencyError(
            "factur-x is not installed, so the XML inside PDF invoices cannot be read", hint="pip install 'docgrid[einvoice]'"
        ) from error
    logging.getLogger("factur-x").setLevel(logging.CRITICAL)  # it reports on its own what is raised here
    try:
        _, xml = get_xml_from_pdf(document.read_bytes(), check_xsd=False, check_schematron=False)
    except Exception as error:  # pypdf and lxml raise many kinds on damaged files
        raise DatasetError(f"no invoice XML can be read from the PDF ({error})", hint=_HINT) from error
    if not isinstance(xml, bytes) or not xml:
        raise DatasetError("has no embedded invoice XML", hint=_HINT)
    return xml


def truth_of_xml(xml: bytes) -> dict[str, object]:
    """The values of a Cross Industry Invoice: the keys of `HEADER_NAMES`, and "lines" with those of `LINE_NAMES`.

    Amounts stay as written; white space in names is collapsed; absent values are None.

    Raises:
        DatasetError: The XML is damaged, too large, no such invoice, or declares entities.
    """
    if len(xml) > _XML_BYTES or re.search(rb"<!(DOCTYPE|ENTITY)", xml):
        raise DatasetError("the invoice XML is too large or declares entities", hint=_HINT)
    try:
        root = ElementTree.fromstring(xml)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise DatasetError(f"the invoice XML is damaged ({error})", hint=_HINT) from error
    for element in root.iter():  # names without their name spaces, which differ between versions
        element.tag = str(element.tag).rpartition("}")[2]
    if root.tag not in ("CrossIndustryInvoice", "CrossIndustryDocument"):
        raise DatasetError(f"the embedded XML is a {root.tag}, not a Cross Industry Invoice", hint=_HINT)
    lines = list(root.iter("IncludedSupplyChainTradeLineItem"))
    parsed = [_line_of(line) for line in lines]
    header = _header_of(root)
    return {**header, "lines": [line for line in parsed if line["total"] is not None or line["net_price"] is not None]}


def _header_of(root: ElementTree.Element) -> dict[str, object]:
    document = _first(root, "ExchangedDocument", "HeaderExchangedDocument")
    settlement = _first(root, "ApplicableHeaderTradeSettlement", "ApplicableSupplyChainTradeSettlement")
    sums = _first(settlement, "SpecifiedTradeSettlementHeaderMonetarySummation", "SpecifiedTradeSettlementMonetarySummation")
    return {
        "id": _text(document, "ID"),
        "seller": _text(_first(root, "SellerTradeParty"), "Name"),
        "buyer": _text(_first(root, "BuyerTradeParty"), "Name"),
        "date": _date(_text(_first(_first(document, "IssueDateTime"), "DateTimeString"), ".")),
        "currency": _text(settlement, "InvoiceCurrencyCode"),
        "grand_total": _text(sums, "GrandTotalAmount"),
        "tax_total": _text(sums, "TaxTotalAmount"),
        "tax_basis": _text(sums, "TaxBasisTotalAmount"),
        "due": _text(sums, "DuePayableAmount"),
    }


def _line_of(line: ElementTree.Element) -> dict[str, object]:
    quantity = _first(line, "BilledQuantity")
    tax = _first(line, "ApplicableTradeTax")
    return {
        "name": _text(_first(line, "SpecifiedTradeProduct"), "Name"),
        "qty": _text(quantity, "."),
        "unit": quantity.get("unitCode") if quantity is not None else None,
        "net_price": _text(_first(line, "NetPriceProductTradePrice"), "ChargeAmount"),
        "total": _text(_first(line, "LineTotalAmount"), "."),
        "vat_percent": _text(tax, "RateApplicablePercent") or _text(tax, "ApplicablePercent"),
    }


def _first(element: ElementTree.Element | None, *names: str) -> ElementTree.Element | None:
    """The first descendant with one of the names, in the order of the names."""
    if element is None:
        return None
    return next((found for name in names for found in element.iter(name)), None)


def _text(element: ElementTree.Element | None, name: str) -> str | None:
    """The text of a direct child ("." is the element itself), white space collapsed; None when absent or empty."""
    found = None if element is None else element.find(name) if name != "." else element
    return None if found is None else " ".join((found.text or "").split()) or None


def _date(text: str | None) -> str | None:
    """Format 102 of UN/EDIFACT (YYYYMMDD) as ISO 8601; other texts as they are."""
    if text and re.fullmatch(r"\d{8}", text):
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    return text
