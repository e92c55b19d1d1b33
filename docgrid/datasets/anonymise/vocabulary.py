"""Words that stay as they are: captions, units and months of documents in six languages, lower case without accents.

They say nothing about anybody, and without them no network could learn what a value is. Inside of labelled texts (a company that
is called Total) they change as well.
"""

from __future__ import annotations

_ENGLISH = """
e f particulars uom labour batch colour color serial origin partial assembly
a account address allowance am amount an and approved are as at attn authorised authorized balance bank before bill
billed billing box branch by card carrier cash cashier change charge charges cheque city code com commission company
condition conditions confirmation contact contract copy country credit currency customer cust date day days debit
deliver delivered delivery deposit description discount due each email end excl excluding fax fee fees final for
freight from goods gross gst hours id in inc incl including info interest invoice invoiced is item items late less
line member method mobile month monthly name net no not note notes number of off office on only or order ordered org
original our over page paid part pay payable payer payment payments pcs percent period phone piece pieces please pm po
pos position postage price prices product purchase qty quantity quote rate receipt received recipient ref reference
refund regarding registration remit remittance rounding sale sales salesperson seller send service services ship
shipment shipped shipping start state station subtotal sub summary supplier supply tax taxable taxes tel telephone
term terms thank thanks the this ticket time tip to total totals transaction transfer type unit units up us valid
value vat vendor via visa mastercard warranty we website week weight were will with within www http https you your
zero zip rated advertiser agency agreement air aired buy campaign class estimate flight length program remarks
schedule sponsor spot spots
"""
_GERMAN = """
ab abschlag adresse allgemeine am amtsgericht an angebot ansprechpartner anzahl anzahlung art artikel artikelnummer
auf aufpreis auftrag auftragsnummer aus ausgestellt bank bankverbindung bar basis basisbetrag bei beleg belegdatum
belegnummer bemerkung berechnung beschreibung bestellnummer bestellung bestelldatum betrag bezahlt bezeichnung bic
bitte blz brutto bruttobetrag bruttosumme bzw danke das datum dem den der des die dieser dieses durch eine einer
einzelpreis ek empfanger entgelt erhalten erhaltlich euro fallig falligkeit fax firma fracht fur gesamt gesamtbetrag
gesamtpreis gesamtsumme geschaftsfuhrer geschaftsfuhrung gmbh gutschrift handelsregister hausnummer hrb iban id ihr
ihre im in inkl ist je kaufer kg konto kontonummer kunde kunden kundennr kundennummer land leistung leistungsdatum
leistungszeitraum lieferadresse lieferant lieferdatum liefern lieferschein lieferung mehrwertsteuer menge mit mobil
monat mwst nach nachlass name netto nettobetrag nettosumme nr nummer oder ohne ort per pos position positionen
positionssumme preis produkt prozent rabatt rechnung rechnungsadresse rechnungsbetrag rechnungsdatum
rechnungsempfanger rechnungsnr rechnungsnummer registergericht rechnungssteller sb seite sitz skonto steuer
steuerbetrag steuernr steuernummer steuersatz stk str strasse stuck stunden summe tag tage tagen tel telefon ub uhr um
umsatzsteuer und uns unser unsere ust ustid verkaufer versand verwendungszweck vom von vorauszahlung wahrung warenwert
wert wir zahlbar zahlbetrag zahlung zahlungsbedingungen zahlungsziel zeitraum zu zum zur zuschlag zwischensumme zzgl
"""
_FRENCH = """
acompte adresse ala arrete article articles au avec avoir banque base bon brut ca cadre capital cedex client cle code
commande compte condition conditions conditionnement d date de delai des designation destinataire devis devise du
duree echeance emission en escompte est et ete euros expedition facturation facture fournisseur frais france ht hors
horaire il indemnite ile jour jours l la le les libelle livraison lot mail merci mode moins mois montant net nom
nombre numero objet ou page paiement par payer payez pays penalites port pour prix produit qte quantite rcs
recouvrement ref reference reglement remise restant retard sarl sas sans siege siren siret societe solde sous sur
tarif taux taxe taxes telephone total totale totaux ttc tva un une unitaire unite unites vente ville virement vos
votre
"""
_OTHERS = """
al albaran articulo banco base cantidad cargo ciudad cliente codigo concepto con condiciones contado cuenta cuota
datos de del descripcion descuento destinatario detalle dias direccion domicilio el emision en entrega envio espana
exento factura facturacion fecha fiscal forma gastos gracias importe imponible impuesto iva la las linea los moneda
neto nif no nombre num numero observaciones oferta pagado pagar pago para parcial pedido periodo plazo por precio
proveedor provincia que referencia se senor subtotal su telefono tipo total transferencia un unidad unidades unitario
uno vencimiento aliquota bonifico cap codice consegna conto cui da data dati della descrizione di documento emessa
fattura fornitore giorni il imponibile importo imposta incl indirizzo lordo luogo merce modalita netto nome ordine
pagamento partita pec per pezzi prezzo prodotto quantita riferimento saldo sconto scadenza sede spedizione spett spese
tasse termini totale trasporto unita valuta via aan aantal adres afleverdatum bedrag bestelling bestelnummer betaald
betaling betalen binnen btw dagen datum een excl exclusief factuur factuuradres factuurdatum factuurnummer gelieve het
in inclusief juli klant klantnummer korting kosten kvk leverancier levering met naam nr nummer omschrijving onder op
order ordernummer plaats postcode prijs rekening rekeningnummer stuk stuks subtotaal te tel telefoon ten totaal uw van
verschuldigd verzending vervaldatum voor
"""
_UNITS = """
eur usd gbp chf rm myr cad aud sgd inr sek nok dkk pln cm mm km kg g mg ml cl l m t h hr hrs min sec st stk pcs pc ea
m2 m3 qm lfm psch pausch x
"""
_MONTHS = """
january february march april may june july august september october november december jan feb mar apr jun jul aug sep
sept oct nov dec januar februar marz mai juni juli oktober dezember okt dez janvier fevrier mars avril juin juillet
aout septembre octobre novembre decembre enero febrero marzo abril mayo junio julio agosto septiembre octubre
noviembre diciembre gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre januari februari maart mei
augustus monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun montag dienstag mittwoch
donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche
"""
KEPT_WORDS = frozenset(" ".join((_ENGLISH, _GERMAN, _FRENCH, _OTHERS, _UNITS, _MONTHS)).split())
