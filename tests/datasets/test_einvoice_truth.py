"""The XML inside an e-invoice becomes fields; hostile or damaged XML is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from docgrid.datasets import open_dataset
from docgrid.datasets.einvoice import truth_of_xml
from docgrid.errors import DatasetError

XML = """<?xml version="1.0"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:r" xmlns:ram="urn:a" xmlns:udt="urn:u">
 <rsm:ExchangedDocument><ram:ID>R-7</ram:ID>
  <ram:IssueDateTime><udt:DateTimeString format="102">20240229</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>
 <rsm:SupplyChainTradeTransaction>
  <ram:IncludedSupplyChainTradeLineItem>
   <ram:SpecifiedTradeProduct><ram:Name>Blue   widget</ram:Name></ram:SpecifiedTradeProduct>
   <ram:SpecifiedLineTradeAgreement>
    <ram:NetPriceProductTradePrice><ram:ChargeAmount>2.5000</ram:ChargeAmount></ram:NetPriceProductTradePrice>
   </ram:SpecifiedLineTradeAgreement>
   <ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="H87">4</ram:BilledQuantity></ram:SpecifiedLineTradeDelivery>
   <ram:SpecifiedLineTradeSettlement>
    <ram:ApplicableTradeTax><ram:RateApplicablePercent>19.00</ram:RateApplicablePercent></ram:ApplicableTradeTax>
    <ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>10.00</ram:LineTotalAmount>
    </ram:SpecifiedTradeSettlementLineMonetarySummation>
   </ram:SpecifiedLineTradeSettlement>
  </ram:IncludedSupplyChainTradeLineItem>
  <ram:IncludedSupplyChainTradeLineItem>
   <ram:SpecifiedTradeProduct><ram:Name>just a remark</ram:Name></ram:SpecifiedTradeProduct>
  </ram:IncludedSupplyChainTradeLineItem>
  <ram:ApplicableHeaderTradeAgreement>
   <ram:SellerTradeParty><ram:Name>Seller AG</ram:Name></ram:SellerTradeParty>
   <ram:BuyerTradeParty><ram:Name>Buyer</ram:Name></ram:BuyerTradeParty>
  </ram:ApplicableHeaderTradeAgreement>
  <ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
   <ram:SpecifiedTradeSettlementHeaderMonetarySummation>
    <ram:TaxBasisTotalAmount>10.00</ram:TaxBasisTotalAmount><ram:TaxTotalAmount>1.90</ram:TaxTotalAmount>
    <ram:GrandTotalAmount>11.90</ram:GrandTotalAmount>
   </ram:SpecifiedTradeSettlementHeaderMonetarySummation>
  </ram:ApplicableHeaderTradeSettlement>
 </rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>"""


def test_the_xml_gives_header_and_lines_and_leaves_out_lines_of_text() -> None:
    truth = truth_of_xml(XML.encode())
    line = {"name": "Blue widget", "qty": "4", "unit": "H87", "net_price": "2.5000", "total": "10.00", "vat_percent": "19.00"}
    assert truth["lines"] == [line]
    assert (truth["id"], truth["date"], truth["seller"]) == ("R-7", "2024-02-29", "Seller AG")
    assert (truth["grand_total"], truth["due"]) == ("11.90", None)


def test_names_become_those_of_the_invoice_schema_and_codes_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "x.json").write_text(json.dumps(truth_of_xml(XML.encode())))
    fields = {(entry.name, entry.item): entry.value for entry in open_dataset(tmp_path).records[0].fields}
    assert fields["amount_total_gross", None] == "11.90"
    assert fields["line_item_quantity", 0] == "4"
    assert len(fields) == 7 + 5


@pytest.mark.parametrize(
    "xml",
    [b"", b"<a>", b"<a/>", XML.encode()[:-40], b'<!DOCTYPE x [<!ENTITY a "b">]>' + XML.encode()[21:], b"\x00\xff"],
)
def test_other_damaged_or_hostile_xml_is_refused(xml: bytes) -> None:
    with pytest.raises(DatasetError):
        truth_of_xml(xml)


def test_a_pdf_without_xml_is_named_in_the_error(tmp_path: Path) -> None:
    pytest.importorskip("facturx")
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4 factur-x invoice")
    with pytest.raises(DatasetError, match=r"bad\.pdf"):
        open_dataset(tmp_path)
