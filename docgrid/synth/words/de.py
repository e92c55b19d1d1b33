"""German."""

TABLE = """
title_invoice = Rechnung | RECHNUNG | Warenrechnung | Handelsrechnung | Faktura | Ausgangsrechnung | Schlussrechnung
+ R E C H N U N G | Rechnung / Invoice | Monatsrechnung
title_credit = Gutschrift | GUTSCHRIFT | Rechnungskorrektur | Stornorechnung
title_with_id = {title} Nr. {document_id} | {title} {document_id} | {title} Nr.: {document_id}
+ {title}: {document_id}
title_with_date = {title} Nr. {document_id} vom {date_issue} | {title} {document_id} vom {date_issue}
+ {title} Nr. {document_id} / {date_issue}
document_id = Rechnungsnummer | Rechnungs-Nr. | Rechnung Nr. | Rechnungsnr. | Rg.-Nr. | Beleg-Nr. | Belegnummer | Re.-Nr.
+ Nummer | Faktura-Nr. | Rechnungs-Nr | Rechnung | Dokumentnummer | Nr.
credit_id = Gutschrift-Nr. | Gutschriftsnummer | Belegnummer | Beleg-Nr. | Korrekturnummer
date_issue = Rechnungsdatum | Datum | Belegdatum | Rechnungs-Datum | Ausstellungsdatum | Beleg-Datum | Rg.-Datum
+ Rechnung vom | Fakturadatum | Druckdatum
date_due = Fällig am | Fälligkeit | Fälligkeitsdatum | Zahlbar bis | Zahlungsziel | Zahlbar bis zum | Zu zahlen bis | fällig
date_delivery = Lieferdatum | Leistungsdatum | Liefer-/Leistungsdatum | Leistungs-Datum | Datum der Lieferung
+ Leistungszeitpunkt | Versanddatum
date_order = Bestelldatum | Auftragsdatum | Bestellung vom | Bestell-Datum
period = Leistungszeitraum | Abrechnungszeitraum | Zeitraum | Lieferzeitraum
customer_id = Kundennummer | Kunden-Nr. | Kd.-Nr. | Kundennr. | Ihre Kundennummer | Kunde Nr. | Debitor | Kundenkonto
+ Debitoren-Nr. | Kunden-Nr
order_id = Bestellnummer | Bestell-Nr. | Bestellung | Bestell-Nr | Bestellung Nr. | Bestellnr.
customer_order_id = Ihre Bestellung | Ihre Bestellnummer | Ihr Zeichen | Ihre Referenz | Kundenbestellung | Ihre Bestell-Nr.
+ Kundenreferenz
vendor_order_id = Auftragsnummer | Auftrags-Nr. | Unser Auftrag | Auftrag | Unser Zeichen | Unsere Auftragsnummer
+ Auftragsbestätigung | Auftrags-Nr
delivery_note = Lieferschein | Lieferschein-Nr. | Lieferscheinnummer | Lieferung
contract = Vertrag | Vertragsnummer | Projekt | Objekt | Angebot | Kostenstelle
payment_reference = Verwendungszweck | Zahlungsreferenz | Referenz (bitte bei Zahlung angeben) | Bei Zahlung bitte angeben
+ Zahlungs-Ref. | Überweisungszweck
account_num = Kontonummer | Konto | Konto-Nr. | Kto.-Nr. | Kto. | Kontonr.
bank_num = BLZ | Bankleitzahl | Bank-Nr.
iban = IBAN | IBAN-Nr. | IBAN Nr.
bic = BIC | SWIFT | BIC/SWIFT | SWIFT-BIC | BIC-Code
bank = Bank | Bankname | Bankverbindung | Kreditinstitut | Hausbank
account_holder = Kontoinhaber | Empfänger | Zahlungsempfänger
bank_caption = Bankverbindung | Bankdaten | Zahlungsinformationen | Bankverbindungen | Unsere Bankverbindung
vendor_tax_id = USt-IdNr. | USt-ID | Umsatzsteuer-ID | USt.-Id.-Nr. | USt-Id-Nr. | UID | Ust-ID-Nr. | Steuernummer
+ Steuer-Nr. | St.-Nr. | USt-IdNr
vendor_registration_id = Handelsregister | HRB | Handelsregisternummer | Registergericht / HRB | Firmenbuchnummer
+ Registernummer | Handelsreg.
customer_tax_id = Ihre USt-IdNr. | USt-IdNr. Kunde | Ihre USt.-ID | UID Kunde | Kunden-USt-ID | Ihre USt-Id
customer_mark = Kunde | Ihre | Käufer
customer_registration_id = Handelsregister | Registernummer | HRB
bill_to = Rechnungsempfänger | Rechnungsadresse | Kunde | Käufer | Rechnung an | An | Leistungsempfänger | Auftraggeber
+ Rechnungsanschrift | Käufer/Leistungsempfänger | Firma
ship_to = Lieferadresse | Lieferanschrift | Warenempfänger | Lieferung an | Versandadresse | Abweichender Warenempfänger
+ Lieferort | Empfänger
other_party = Abweichender Zahlungsempfänger | Besteller | Vertreter | Zahlungsempfänger | Abweichender Rechnungsempfänger
+ Bauvorhaben
seller = Verkäufer | Lieferant | Absender | Rechnungsersteller | Rechnungssteller | Von | Ihr Lieferant | Leistungserbringer
phone = Telefon | Tel. | Tel | Fon | T | Telefon-Nr.
fax = Fax | Telefax | F | Faxnummer
web = Internet | Web | Homepage | www
email = E-Mail | Email | Mail | E-mail | E
contact = Ansprechpartner | Bearbeiter | Sachbearbeiter | Ihr Ansprechpartner | Kontakt | Bearbeitet von | Verkäufer
page = Seite {page} | Seite {page} von {pages} | Seite {page}/{pages} | {page}/{pages} | Blatt {page} | - {page} -
+ Seite: {page}
subtotal = Zwischensumme | Warenwert | Summe Positionen | Positionssumme | Summe der Positionen | Gesamtsumme Positionen
net_total = Nettobetrag | Summe netto | Netto | Gesamt netto | Nettosumme | Rechnungssumme Netto (exkl. USt.)
+ Rechnungssumme ohne USt. | Zwischensumme (netto) | Gesamtbetrag netto | Nettowarenwert | Netto-Summe | Summe Netto
tax_total = Umsatzsteuer | MwSt. | USt. | Mehrwertsteuer | Summe Umsatzsteuer | Steuerbetrag | MwSt.-Betrag | Gesamt MwSt.
+ USt.-Betrag | Gesamtbetrag USt.
tax_line = zzgl. {rate} MwSt. | MwSt. {rate} | {rate} USt. | Umsatzsteuer {rate} | zzgl. Umsatzsteuer {rate}
+ + {rate} MwSt. | USt. {rate} auf {base} | {rate} MwSt. von {base} | zzgl. {rate} USt. auf {base} | enthaltene MwSt. {rate}
sales_tax = Steuer | Steuer {rate}
gross_total = Gesamtbetrag | Rechnungsbetrag | Summe | Endbetrag | Bruttobetrag | Gesamtsumme | Bruttosumme | Rechnungssumme
+ Gesamt brutto | Rechnungssumme Brutto (inkl. USt.) | Rechnungsbetrag (brutto) | Rechnungsendbetrag | Total | Gesamt
+ Summe brutto | Gesamtbetrag inkl. MwSt.
amount_due = Zahlbetrag | Zu zahlen | Offener Betrag | Fälliger Betrag | Restbetrag | Zu zahlender Betrag | Noch zu zahlen
+ Zahlungsbetrag | Offen | Forderungsbetrag
amount_paid = Bereits gezahlt | Anzahlung | abzgl. Anzahlung | Vorauszahlung | Bereits bezahlt | Geleistete Zahlungen
+ abzüglich Abschlag | Erhaltene Zahlungen
discount = Rabatt | abzgl. Rabatt | Nachlass | abzgl. {percent} Rabatt | Rabatt {percent} | Sondernachlass | Preisnachlass
shipping = Versandkosten | Versand | Porto | Fracht | Lieferkosten | Porto und Verpackung | Frachtkosten | Transportkosten
+ zzgl. Versandkosten
charges = Gesamtbetrag der Zuschläge | Summe Zuschläge | Zuschläge
allowances = Gesamtbetrag der Abschläge | Summe Abzüge | Abschläge | Nachlässe
carried_forward = Übertrag | Zwischensumme / Übertrag | Übertrag auf Seite {page}
brought_forward = Übertrag | Übertrag von Seite {page} | Vortrag
currency = Währung | Rechnungswährung | Alle Beträge in | Beträge in | Belegwährung
payment_terms = Zahlungsbedingungen | Zahlungsbedingung | Zahlungskonditionen | Zahlung | Zahlungsziel | Zahlungsart
terms = {days} Tage netto | Zahlbar innerhalb von {days} Tagen netto | Zahlbar innerhalb {days} Tagen ohne Abzug
+ innerhalb {days} Tagen rein netto | {days} Tage ohne Abzug | {short} Tage 2% Skonto, {days} Tage netto | {days} Tage
+ Zahlbar binnen {days} Tagen nach Rechnungserhalt | Innerhalb {short} Tagen 3% Skonto, {days} Tage netto
terms_now = sofort fällig | Zahlbar sofort ohne Abzug | Zahlung sofort, rein netto | Vorkasse | Barzahlung | sofort
pay_sentence = Bitte überweisen Sie den Betrag von {amount_due} bis zum {date_due} auf das unten genannte Konto.
+ Zahlbar bis {date_due} ohne Abzug.
+ Bitte zahlen Sie {amount_due} bis spätestens {date_due} unter Angabe von {payment_reference}.
+ Der Rechnungsbetrag von {amount_due} ist fällig am {date_due}. | Überweisen Sie bitte {amount_due} auf IBAN {iban}.
+ Den Betrag von {amount_due} buchen wir am {date_due} von Ihrem Konto ab.
pos = Pos. | Pos | Position | Lfd. Nr. | Nr. | # | Zeile
code = Artikelnr. | Art.-Nr. | Artikel-Nr. | Artikelnummer | Artikel | Material | Art.Nr. | Bestellnr. | Produkt-Nr.
+ Mat.-Nr. | EAN | GTIN
description = Bezeichnung | Beschreibung | Artikelbezeichnung | Leistung | Text | Artikel | Artikelbeschreibung | Produkt
+ Leistungsbeschreibung | Warenbezeichnung | Name
quantity = Menge | Anzahl | Stück | Mge. | Anz. | Stunden | Menge/Einheit | Liefermenge
unit = Einheit | ME | Einh. | Mengeneinheit | EH | Eht.
unit_price = Einzelpreis | Preis | E-Preis | EP | Preis/Einheit | Stückpreis | Einzelpreis netto | Nettopreis | EP netto
+ Einzel | E.-Preis | Preis netto
unit_price_gross = Einzelpreis | Preis brutto | Einzelpreis brutto | EP brutto | Bruttopreis
discount_rate = Rabatt | Rab. % | Rabatt % | Rab. | Nachl. % | %
discount_amount = Rabatt | Nachlass | Abzug
tax_rate = MwSt. | USt. % | MwSt.-Satz | MwSt % | USt | Steuersatz | Steuer | MwSt-%
tax = MwSt.-Betrag | USt. | Steuerbetrag | Steuer
amount_net = Gesamtpreis | Gesamt | Betrag | Summe | Nettobetrag | Gesamt netto | GP | Betrag EUR | Nettowert | Netto
+ Entgelt | Gesamtpreis netto | G-Preis | Warenwert | Betrag netto | Gesamtbetrag
amount_gross = Gesamt brutto | Bruttobetrag | Brutto | Gesamt | Betrag inkl. MwSt. | Endbetrag
item_date = Datum | Leistungstag | Lieferdatum
item_order = Bestellung | Auftrag | Best.-Nr.
hts = Zolltarifnr. | Warennummer | Stat. Warennr.
weight = Gewicht | Gew. kg | Nettogewicht
person = Mitarbeiter | Name | Bearbeiter | Monteur
item_currency = Währung | Whg. | W
detail_caption = Umsatzsteueraufschlüsselung | MwSt.-Aufstellung | Steueraufstellung | Steuerdetails
+ Aufteilung der Umsatzsteuer
detail_rate = Satz | MwSt.-Satz | Steuersatz | USt. % | Steuersatz [%] | MwSt-%
detail_net = Netto | Basisbetrag | Nettobetrag | Bemessungsgrundlage | Warenwert | Basis
detail_tax = Steuer | MwSt. | Steuerbetrag | USt.-Betrag | MwSt-Betrag
detail_gross = Brutto | Gesamt | Endbetrag | Bruttobetrag
exempt = Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge). | Steuerfreie innergemeinschaftliche Lieferung.
+ Umsatzsteuerbefreit nach § 4 UStG. | Gemäß § 19 UStG wird keine Umsatzsteuer berechnet.
intro = Sehr geehrte Damen und Herren, wir erlauben uns, Ihnen folgende Leistungen in Rechnung zu stellen:
+ Wir danken für Ihren Auftrag und berechnen wie folgt: | Für unsere Lieferung berechnen wir Ihnen:
+ Vielen Dank für Ihre Bestellung. | Unsere Lieferungen/Leistungen stellen wir Ihnen wie folgt in Rechnung.
note = Die Ware bleibt bis zur vollständigen Bezahlung unser Eigentum. | Es gelten unsere Allgemeinen Geschäftsbedingungen.
+ Es bestehen Rabatt- oder Bonusvereinbarungen. | Gerichtsstand ist Musterstadt.
+ Bei Rückfragen wenden Sie sich bitte an unsere Buchhaltung. | Lieferung gemäß Angebot vom {otherdate}.
+ Bei Zahlungsverzug berechnen wir Zinsen von 9 % über dem Basiszinssatz. | Reklamationen nur innerhalb von 8 Tagen.
thanks = Vielen Dank für Ihren Auftrag! | Wir danken für Ihr Vertrauen. | Mit freundlichen Grüßen | Besten Dank.
+ Vielen Dank für Ihren Einkauf.
marketing = Besuchen Sie unseren Online-Shop! | Zertifiziert nach ISO 9001 | Ihr Partner seit 1978
+ Jetzt neu: unser Katalog 2024 | Wir sind klimaneutral | Öffnungszeiten: Mo-Fr 8.00-17.00 Uhr
director = Geschäftsführer | Geschäftsführung | Inhaber | Vorstand | GF
court = Amtsgericht | Registergericht | Sitz der Gesellschaft | AG
capital = Stammkapital | Grundkapital
section = Material | Arbeitszeit | Dienstleistungen | Zubehör | Lieferschein {number} | Bauabschnitt {number}
+ Titel {number} | Auftrag {number}
item_note = Serien-Nr. {number} | gemäß Absprache mit {person} | Farbe: schwarz | Farbe: weiß | inkl. Montage
+ Charge {number} | Lieferschein {number} | Zeitraum {otherdate} | Verpackung: Karton | Ursprungsland: China
+ Garantie 24 Monate | GTIN: {ean} | Teillieferung | nicht rabattfähig
units = Stk. | Stück | Stk | St. | Std. | h | kg | m | m² | Pkg. | Kart. | Pauschal | psch. | l | Set | Tag | VE | C62 | XPP
hours = Std. | h | Stunden | HUR
stamp = BEZAHLT | KOPIE | ORIGINAL | DUPLIKAT | GEBUCHT | Eingegangen
reference_row = Ihr Zeichen | Ihre Nachricht vom | Unser Zeichen | Bearbeiter
head_seller = Verkäufer | Lieferant | Angaben zum Verkäufer | Rechnungssteller
head_buyer = Käufer/Leistungsempfänger | Käufer | Angaben zum Käufer | Rechnungsempfänger
head_document = Rechnungsdaten | Belegdaten | Kopfdaten | Angaben zur Rechnung
head_items = Positionsdaten | Positionen | Rechnungspositionen | Rechnungszeilen
head_tax = Umsatzsteueraufschlüsselung | Steuerdaten | Aufschlüsselung der Umsatzsteuer
head_totals = Belegsummen | Gesamtbeträge | Rechnungssummen | Summen
head_payment = Zahlungsbedingungen | Zahlungsdaten | Zahlungsinformationen
name = Name | Firma | Firmenname
address = Anschrift | Adresse | Straße
report_title = Lesbarmachung der XML-Daten | Visualisierung der elektronischen Rechnung | Ansicht der E-Rechnung
+ Darstellung der XML-Rechnungsdaten
number = Nummer | Kennung | ID | GLN
profile = Rechnungsstandard | Spezifikation | Profil | Anwendungsempfehlung
goods = Bürostuhl | Kopierpapier A4 80g | Tonerkartusche schwarz | Notebook 15 Zoll | USB-C-Kabel 2 m
+ Schreibtischlampe LED | Monitor 27" | Funkmaus | Schrauben M6x40 | Hydraulikschlauch | Kupferrohr 15 mm
+ Wandfarbe weiß 10 l | Arbeitshandschuhe | Akkuschrauber 18 V | Eichenbrett | Fliesen 30x30 | Gartenschlauch | Radlager
+ Bremsbeläge vorne | Motoröl 5W-30 | Filtereinsatz | Kaffeebohnen 1 kg | Mineralwasser 12x1,0 l PET | Bierbrau Pils 20/0500
+ Gelierzucker Extra 250g | Schweinesteak | Mischpalette Joghurt | Zitronensäure 100ml | Kunstrasen grün | Pappbecher
+ T-Shirt Baumwolle | Arbeitshose | Flyer DIN A5 | Visitenkarten | Einmalhandschuhe Nitril | Batterien AA | Switch 24 Port
+ Serverschrank | Softwarelizenz jährlich | Versandkarton | Stretchfolie | LED-Panel 60x60 | Sicherungsautomat | Sensormodul
+ Förderband | Dichtungssatz | Kugelhahn DN25 | Trennblätter A4 | Joghurt Banane | Pfand
services = Beratungsleistung | Webdesign | Softwareentwicklung | Projektleitung | Wartungsvertrag | Unterhaltsreinigung
+ Rechtsberatung | Buchführung | Übersetzung | Schulung | Vor-Ort-Service | Montagearbeiten | Fahrtkosten | Hosting-Paket
+ Werbekampagne | Fotografie | Transport | Monatliche Servicepauschale | Jahresabschluss | Reparaturarbeiten
+ Ingenieurstunden | Gerätemiete | Grafikdesign | Datenmigration | Übernachtung | Stromverbrauch | Telefonflatrate
+ Entsorgung | Gartenpflege | Kfz-Haftpflicht | Vollkasko | Bewirtung
qualities = blau | schwarz | 500 Blatt | Edelstahl | Typ B | Premium | groß | 10er-Pack | Standard | gebraucht
+ Modell {number} | Serie {number} | 300 cm x 100 cm | verstärkt | IP65 | aus Deutschland
months = Januar | Februar | März | April | Mai | Juni | Juli | August | September | Oktober | November | Dezember
short_months = Jan. | Feb. | Mrz. | Apr. | Mai | Jun. | Jul. | Aug. | Sep. | Okt. | Nov. | Dez.
countries = USA | Großbritannien | Deutschland | Frankreich | Spanien | Italien | Niederlande | Österreich | Schweiz
+ Belgien | Irland
branches = Handel | Bau | Elektrotechnik | Logistik | Maschinenbau | Software | Beratung | Werkzeuge | Lebensmittel | Druck
+ Möbel | Metallbau | Sanitär | Gartenbau | Medizintechnik | Verlag | Systeme | Service | Reinigung | Energie | Autohaus
+ Gastronomie | Textil | Technik | Büro | Consulting
salutations = Herrn | Frau | Herr | Dr.
"""
