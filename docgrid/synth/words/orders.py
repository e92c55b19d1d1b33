"""What purchase orders say otherwise than invoices: for each language `LANGUAGE.key`, with the keys of the language."""

TABLE = """
en.title_invoice = Purchase Order | PURCHASE ORDER | Order | Purchase order form
en.document_id = PO Number | PO No. | Purchase Order No. | Order No. | PO # | Order Number | P.O. Number
en.date_issue = Order Date | PO Date | Date | Date of Order | Date Issued
en.bill_to = Vendor | Supplier | To | Vendor Details | Order To | Supplier Address
en.date_delivery = Delivery Date | Required By | Deliver By | Requested Delivery Date | Date Needed
en.pay_sentence = Please deliver by {otherdate}. | Please confirm this order in writing.
+ Quote our order number {document_id} on your invoice.
en.gross_total = Order Total | Total | Total Order Value | Grand Total | TOTAL | Total Amount
en.intro = We order the following goods and services: | Please supply the following: | Please enter our order as follows:
de.title_invoice = Bestellung | BESTELLUNG | Auftrag | Bestellschein
de.document_id = Bestellnummer | Bestell-Nr. | Bestellung Nr. | Nummer | Auftragsnummer | Best.-Nr.
de.date_issue = Bestelldatum | Datum | Bestellt am | Datum der Bestellung
de.bill_to = Lieferant | An | Lieferantenanschrift | Auftragnehmer
de.date_delivery = Liefertermin | Lieferdatum | Wunschtermin | Liefern bis
de.pay_sentence = Bitte liefern Sie bis {otherdate}. | Bitte bestätigen Sie diese Bestellung schriftlich.
+ Bitte geben Sie {document_id} auf der Rechnung an.
de.gross_total = Bestellsumme | Gesamtbetrag | Gesamtsumme | Auftragswert | Summe brutto
de.intro = Wir bestellen hiermit: | Hiermit bestellen wir folgende Positionen: | Bitte liefern Sie uns:
fr.title_invoice = Bon de commande | BON DE COMMANDE | Commande
fr.document_id = N° de commande | Commande n° | N° commande | Numéro | Bon n°
fr.date_issue = Date de commande | Date | Date du bon | Commandé le
fr.bill_to = Fournisseur | À | Adresse du fournisseur
fr.date_delivery = Date de livraison | Livraison souhaitée | À livrer le | Délai
fr.pay_sentence = Merci de livrer avant le {otherdate}. | Merci de confirmer cette commande.
+ Rappelez la commande {document_id} sur votre facture.
fr.gross_total = Total TTC | Total de la commande | Montant total | TOTAL
fr.intro = Nous vous passons commande des articles suivants : | Veuillez nous livrer :
es.title_invoice = Pedido | ORDEN DE COMPRA | Orden de compra | Pedido de compra
es.document_id = N.º de pedido | Pedido n.º | Número de pedido | Pedido | Orden n.º
es.date_issue = Fecha de pedido | Fecha | Fecha del pedido
es.bill_to = Proveedor | Para | Datos del proveedor
es.date_delivery = Fecha de entrega | Entrega | Entregar antes de
es.pay_sentence = Rogamos la entrega antes del {otherdate}. | Rogamos confirmen este pedido.
+ Indiquen el pedido {document_id} en su factura.
es.gross_total = Total del pedido | Total | TOTAL | Importe total
es.intro = Les rogamos nos suministren lo siguiente: | Realizamos el siguiente pedido:
it.title_invoice = Ordine di acquisto | ORDINE | Ordine a fornitore | Ordine
it.document_id = Ordine n. | N. ordine | Numero ordine | Numero
it.date_issue = Data ordine | Data | Data dell'ordine
it.bill_to = Fornitore | Spett.le | Dati fornitore
it.date_delivery = Data di consegna | Consegna | Consegna entro
it.pay_sentence = Si prega di consegnare entro il {otherdate}. | Si prega di confermare l'ordine.
+ Citare l'ordine {document_id} in fattura.
it.gross_total = Totale ordine | Totale | TOTALE | Importo totale
it.intro = Con la presente ordiniamo quanto segue: | Vi preghiamo di fornirci:
nl.title_invoice = Inkooporder | BESTELLING | Bestelling | Inkoopopdracht
nl.document_id = Ordernummer | Bestelnummer | Order nr. | Inkoopordernr.
nl.date_issue = Orderdatum | Datum | Besteldatum
nl.bill_to = Leverancier | Aan | Gegevens leverancier
nl.date_delivery = Leverdatum | Gewenste leverdatum | Leveren voor
nl.pay_sentence = Graag leveren voor {otherdate}. | Graag deze bestelling bevestigen. | Vermeld {document_id} op uw factuur.
nl.gross_total = Totaal bestelling | Totaal | TOTAAL | Totaalbedrag
nl.intro = Hierbij bestellen wij het volgende: | Graag leveren:
"""
