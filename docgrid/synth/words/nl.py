"""Dutch."""

TABLE = """
title_invoice = Factuur | FACTUUR | Verkoopfactuur | Faktuur | Rekening
title_credit = Creditnota | CREDITNOTA | Creditfactuur
title_with_id = {title} {document_id} | {title} nr. {document_id} | {title} nummer {document_id}
title_with_date = {title} {document_id} van {date_issue} | {title} nr. {document_id} d.d. {date_issue}
+ {title} {document_id} - {date_issue}
document_id = Factuurnummer | Factuurnr. | Factuur nr. | Factuurnr | Factuur | Nummer | Fact.nr. | Documentnummer
+ Factuurnummer / Ref.
credit_id = Creditnummer | Creditnota nr. | Nummer | Documentnummer
date_issue = Factuurdatum | Datum | Datum factuur | Fact.datum | Documentdatum | Uitgiftedatum
date_due = Vervaldatum | Vervaldag | Betalen voor | Te betalen voor | Uiterste betaaldatum | Betaaldatum
date_delivery = Leverdatum | Leveringsdatum | Datum levering | Verzenddatum
date_order = Orderdatum | Besteldatum
period = Periode | Factuurperiode
customer_id = Klantnummer | Debiteurnummer | Klantnr. | Debiteurennr. | Relatienummer | Klant nr. | Debiteur
+ Uw klantnummer
order_id = Ordernummer | Bestelnummer | Order | Ordernr. | Bestelnr. | Bestelling | PO nummer
customer_order_id = Uw referentie | Uw order | Uw bestelnummer | Uw kenmerk | Uw ordernummer | Klantreferentie
vendor_order_id = Onze referentie | Ons kenmerk | Ons ordernummer | Verkooporder | Onze ref.
delivery_note = Pakbon | Pakbonnummer | Leverbon
contract = Contract | Project | Projectnummer | Offerte
payment_reference = Betalingskenmerk | Betaalreferentie | Onder vermelding van | Kenmerk
account_num = Rekeningnummer | Rekening | Rekeningnr. | Bankrekening
bank_num = Bankcode | Bank nr.
iban = IBAN | IBAN nr. | IBAN-nummer | Bankrek. (IBAN)
bic = BIC | SWIFT | BIC/SWIFT | BIC-code
bank = Bank | Naam bank | Onze bank
account_holder = Ten name van | T.n.v. | Rekeninghouder
bank_caption = Bankgegevens | Betaalgegevens | Betalingsgegevens | Betaling
vendor_tax_id = BTW-nummer | BTW nr. | Btw-nummer | BTW-nr. | BTW | Btw-id | BTW-identificatienummer
vendor_registration_id = KvK | KvK-nummer | K.v.K. | KvK nr. | Kamer van Koophandel | Handelsregister
customer_tax_id = Uw BTW-nummer | BTW-nummer klant | BTW klant | Uw btw-nr. | BTW nr. klant
customer_mark = Klant | Uw
customer_registration_id = KvK klant | Uw KvK-nummer | KvK-nummer
bill_to = Factuuradres | Klant | Aan | Factuur aan | Afnemer | Debiteur | Klantgegevens | Koper
ship_to = Afleveradres | Leveradres | Verzendadres | Geleverd aan | Bezorgadres
other_party = Besteller | Vertegenwoordiger | Betaler | Agent | Project
seller = Leverancier | Verkoper | Afzender | Van | Opdrachtnemer
phone = Telefoon | Tel. | Tel | T | Telefoonnummer
fax = Fax | F
web = Website | Web | Internet
email = E-mail | Email | E | Mail
contact = Contactpersoon | Uw contactpersoon | Behandeld door | Verkoper
page = Pagina {page} | Pagina {page} van {pages} | Pag. {page}/{pages} | {page}/{pages} | Blad {page}
subtotal = Subtotaal | Totaal regels | Bruto bedrag | Tussentotaal | Goederenwaarde
net_total = Totaal excl. btw | Subtotaal | Totaal exclusief BTW | Netto | Nettobedrag | Bedrag excl. BTW | Totaal netto
+ Totaal excl. BTW
tax_total = BTW | Totaal BTW | Btw-bedrag | BTW bedrag | Btw | Totaal btw
tax_line = BTW {rate} | {rate} BTW | Btw {rate} | BTW hoog {rate} | BTW ({rate}) | BTW {rate} over {base}
+ {rate} btw over {base}
sales_tax = Belasting | Belasting {rate}
gross_total = Totaal | TOTAAL | Totaal incl. btw | Totaalbedrag | Factuurbedrag | Totaal inclusief BTW | Totaal factuur
+ Totaal incl. BTW | Eindtotaal
amount_due = Te betalen | Te voldoen | Openstaand bedrag | Te betalen bedrag | Nog te betalen | TE BETALEN | Saldo
amount_paid = Reeds betaald | Aanbetaling | Voldaan | Ontvangen betaling | Betaald
discount = Korting | Korting {percent} | Af: korting | Extra korting
shipping = Verzendkosten | Transportkosten | Vracht | Bezorgkosten | Porto
charges = Totaal toeslagen | Toeslagen
allowances = Totaal kortingen | Kortingen
carried_forward = Transport | Subtotaal, zie volgende pagina | Over te brengen
brought_forward = Transport | Subtotaal vorige pagina
currency = Valuta | Munteenheid | Bedragen in
payment_terms = Betalingsvoorwaarden | Betalingstermijn | Betaalconditie | Betaling | Betalingsconditie
terms = {days} dagen | {days} dagen netto | Betaling binnen {days} dagen | Binnen {days} dagen na factuurdatum
+ {days} dagen na factuurdatum | Betalingstermijn {days} dagen | {short} dagen 2% korting, {days} dagen netto
terms_now = Per direct | Contant | Betaling bij ontvangst | Vooruitbetaling | Direct te voldoen
pay_sentence = Wij verzoeken u {amount_due} voor {date_due} over te maken.
+ Gelieve {amount_due} te voldoen vóór {date_due} onder vermelding van {payment_reference}.
+ Het bedrag van {amount_due} vervalt op {date_due}. | Gelieve {amount_due} over te maken op IBAN {iban}.
+ Het factuurbedrag van {amount_due} wordt op {date_due} afgeschreven.
pos = Nr. | Regel | Pos. | # | Pos
code = Artikelnr. | Artikel | Art.nr. | Artikelnummer | Code | Artikelcode | Product
description = Omschrijving | Beschrijving | Artikelomschrijving | Product | Dienst | Werkzaamheden | Omschrijving artikel
quantity = Aantal | Hoeveelheid | Aant. | Uren | Stuks | Qty
unit = Eenheid | Eenh. | Per | Ehd.
unit_price = Prijs | Stukprijs | Prijs per stuk | Eenheidsprijs | Tarief | Prijs excl. BTW | Prijs per eenheid
+ Stukprijs excl.
unit_price_gross = Prijs incl. BTW | Stukprijs incl. | Prijs incl.
discount_rate = Korting | Krt. % | Korting % | Krt.
discount_amount = Korting | Kortingsbedrag
tax_rate = BTW | BTW % | Btw-tarief | BTW% | Btw
tax = BTW-bedrag | Btw | BTW bedrag
amount_net = Bedrag | Totaal | Totaal excl. BTW | Netto bedrag | Regeltotaal | Bedrag excl. BTW | Totaalprijs | Netto
amount_gross = Totaal incl. BTW | Bedrag incl. BTW | Totaal | Bruto
item_date = Datum | Leverdatum
item_order = Order | Bestelling
hts = Goederencode | HS-code | Stat. nr.
weight = Gewicht | Gewicht kg | Kg
person = Medewerker | Naam | Monteur
item_currency = Valuta | Val.
detail_caption = BTW-specificatie | BTW specificatie | Btw-overzicht | BTW opbouw
detail_rate = Tarief | BTW % | Btw-tarief | Perc.
detail_net = Grondslag | Over | Netto | Bedrag excl. | Maatstaf
detail_tax = BTW | BTW-bedrag | Bedrag BTW
detail_gross = Totaal | Bruto | Incl. BTW
exempt = BTW verlegd. | Intracommunautaire levering, 0% BTW. | Vrijgesteld van BTW. | Btw verlegd naar afnemer.
intro = Hierbij brengen wij u het volgende in rekening: | Voor de geleverde goederen berekenen wij:
+ Bedankt voor uw bestelling. | Betreft: uitgevoerde werkzaamheden
note = Op al onze leveringen zijn onze algemene voorwaarden van toepassing. | Volgens offerte van {otherdate}.
+ Reclames binnen 8 dagen na ontvangst. | Goederen blijven eigendom tot volledige betaling.
+ Bij te late betaling is wettelijke rente verschuldigd.
thanks = Bedankt voor uw opdracht! | Hartelijk dank. | Met vriendelijke groet | Dank u wel voor uw vertrouwen.
marketing = Bezoek onze webshop | ISO 9001 gecertificeerd | Al 40 jaar uw specialist | Vraag naar onze nieuwe catalogus
+ Open: ma-vr 8:00 - 17:00
director = Directeur | Directie | Eigenaar
court = Gevestigd te | Statutair gevestigd te | Kamer van Koophandel
capital = Kapitaal
section = Materiaal | Arbeid | Diensten | Toebehoren | Pakbon {number} | Project {number} | Fase {number}
item_note = Serienr. {number} | volgens afspraak met {person} | Kleur: zwart | Kleur: wit | incl. montage | Batch {number}
+ Pakbon {number} | Periode {otherdate} | Herkomst: China | Garantie 24 maanden | Maat L
units = st. | stuks | stk | st | uur | u | kg | m | m² | doos | dag | l | set | pak | C62 | ST
hours = uur | u | uren
stamp = BETAALD | KOPIE | ORIGINEEL | DUPLICAAT | VOLDAAN | ONTVANGEN
reference_row = Uw kenmerk | Ons kenmerk | Contactpersoon | Leverdatum
head_seller = Verkoper | Leverancier | Gegevens leverancier
head_buyer = Koper | Afnemer | Gegevens klant
head_document = Factuurgegevens | Algemene gegevens | Documentgegevens
head_items = Factuurregels | Regels | Specificatie
head_tax = BTW-specificatie | Btw-overzicht | BTW-totalen
head_totals = Totalen | Factuurtotalen | Samenvatting
head_payment = Betalingsvoorwaarden | Betaalgegevens | Betaling
name = Naam | Bedrijfsnaam | Firma
address = Adres | Straat | Postadres
report_title = Weergave van de elektronische factuur | Leesbare weergave XML-factuur | E-factuur
number = Nummer | ID | Kenmerk
profile = Formaat | Specificatie | Profiel
goods = Bureaustoel | Kopieerpapier A4 80g | Toner zwart | Laptop 15 inch | USB-C kabel 2 m | Bureaulamp LED | Monitor 27"
+ Draadloze muis | Schroeven M6x40 | Hydrauliekslang | Koperen buis 15 mm | Muurverf wit 10 l | Werkhandschoenen
+ Accuboormachine 18 V | Eiken plank | Tegels 30x30 | Tuinslang | Wiellager | Remblokken voor | Motorolie 5W-30 | Oliefilter
+ Koffiebonen 1 kg | Mineraalwater 12x1 l | Olijfolie | Sinaasappelsap | Goudse kaas | Stroopwafels | Kartonnen bekers
+ T-shirt katoen | Werkbroek | Flyers A5 | Visitekaartjes | Nitril handschoenen | Batterijen AA | Switch 24 poorten
+ Softwarelicentie jaarlijks | Verzenddoos | Wikkelfolie | LED-paneel 60x60 | Installatieautomaat | Sensormodule | Pakking
+ Kogelkraan DN25 | Tulpenbollen
services = Adviesdiensten | Webdesign | Softwareontwikkeling | Projectleiding | Onderhoudscontract | Schoonmaak kantoor
+ Juridisch advies | Boekhouding | Vertaling | Training | Ondersteuning op locatie | Installatiewerk | Reiskosten | Hosting
+ Advertentiecampagne | Fotografie | Transport | Maandelijkse bijdrage | Accountantscontrole | Arbeidsloon reparatie
+ Engineering uren | Huur apparatuur | Grafisch ontwerp | Overnachting | Stroomverbruik | Telefoonabonnement
+ Afvalverwerking | Tuinonderhoud | Catering
qualities = blauw | zwart | 500 vel | RVS | type B | premium | groot | set van 10 | standaard | model {number}
+ serie {number} | editie 2024 | versterkt | IP65
months = januari | februari | maart | april | mei | juni | juli | augustus | september | oktober | november | december
short_months = jan | feb | mrt | apr | mei | jun | jul | aug | sep | okt | nov | dec
countries = Verenigde Staten | Verenigd Koninkrijk | Duitsland | Frankrijk | Spanje | Italië | Nederland | Oostenrijk
+ Zwitserland | België | Ierland
branches = Handel | Bouw | Elektro | Transport | Groothandel | Techniek | Installatie | Drukkerij | Industrie | Voeding
+ Advies | Meubelen | Machines | Energie | Textiel | Logistiek | Tuinen | Horeca | Software | Schoonmaak | Groep
+ Verpakkingen
salutations = Dhr. | Mevr. | De heer | Mevrouw
"""
