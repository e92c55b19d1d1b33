"""Italian."""

TABLE = """
title_invoice = Fattura | FATTURA | Fattura di vendita | Fattura immediata | Fattura accompagnatoria | Fattura differita
title_credit = Nota di credito | NOTA DI CREDITO | Nota di accredito
title_with_id = {title} n. {document_id} | {title} N° {document_id} | {title} {document_id} | {title} nr. {document_id}
title_with_date = {title} n. {document_id} del {date_issue} | {title} {document_id} del {date_issue}
+ {title} nr. {document_id} del {date_issue}
document_id = Fattura n. | N. fattura | Numero fattura | Fattura nr. | Nr. fattura | Numero | Fattura | N. documento
+ Numero documento | Doc. n. | N°
credit_id = Nota di credito n. | N. documento | Numero | Numero nota
date_issue = Data | Data fattura | Data documento | Data emissione | Del | Emessa il | Data doc.
date_due = Scadenza | Data scadenza | Scadenza pagamento | Da pagare entro | Data di scadenza | Entro il
date_delivery = Data consegna | Data di consegna | Data spedizione | Data trasporto
date_order = Data ordine | Ordine del
period = Periodo | Periodo di fatturazione | Competenza
customer_id = Codice cliente | Cod. cliente | N. cliente | Cliente n. | Numero cliente | Cod. Cli.
order_id = Ordine n. | N. ordine | Numero ordine | Ordine | Ordine di acquisto | Nr. ordine
customer_order_id = Vs. ordine | Vostro ordine | Vs. riferimento | Rif. cliente | Vostro riferimento
vendor_order_id = Ns. riferimento | Nostro riferimento | Ns. ordine | Commessa | Conferma d'ordine
delivery_note = DDT n. | DDT | Documento di trasporto | Bolla n.
contract = Contratto | Progetto | Preventivo | CIG | Cantiere
payment_reference = Riferimento pagamento | Causale | Causale bonifico | Rif. pagamento
account_num = Conto corrente | C/C | N. conto | C/C n. | Conto
bank_num = ABI | ABI/CAB | Codice banca
iban = IBAN | Codice IBAN | Coordinate IBAN
bic = BIC | SWIFT | BIC/SWIFT | Codice BIC
bank = Banca | Banca d'appoggio | Istituto
account_holder = Intestatario | Beneficiario | Intestato a
bank_caption = Coordinate bancarie | Dati bancari | Modalità di pagamento | Dati per il pagamento | Banca d'appoggio
vendor_tax_id = P.IVA | Partita IVA | P. IVA | C.F./P.IVA | Part. IVA | P.I. | Cod. Fisc. e P.IVA
vendor_registration_id = REA | Registro Imprese | R.E.A. | Reg. Imprese | C.C.I.A.A.
customer_tax_id = P.IVA cliente | Partita IVA | P.IVA | P. IVA | C.F./P.IVA | Vs. P.IVA
customer_mark = Cliente | Vs.
customer_registration_id = REA | Cod. fiscale | Codice Fiscale | C.F.
bill_to = Cliente | Spett.le | Destinatario | Fatturare a | Intestatario | Cessionario/Committente | CLIENTE
+ Intestazione fattura | Spettabile
ship_to = Luogo di consegna | Destinazione merce | Indirizzo di consegna | Consegna a | Destinazione | Luogo di destinazione
other_party = Agente | Vettore | Rappresentante | Pagatore | Cantiere
seller = Fornitore | Cedente/Prestatore | Mittente | Emittente | Venditore | Da
phone = Tel. | Telefono | Tel | T
fax = Fax | F
web = Sito | Web | Sito web | Internet
email = E-mail | Email | Posta elettronica | Mail | PEC
contact = Contatto | Referente | Agente | Venditore
page = Pagina {page} | Pagina {page} di {pages} | Pag. {page}/{pages} | {page}/{pages} | Pag. {page}
+ Pag. {page} di {pages}
subtotal = Subtotale | Totale merce | Totale righe | Totale lordo | Somma
net_total = Imponibile | Totale imponibile | TOTALE IMPONIBILE | Totale netto | Netto | Importo netto | Imponibile IVA
+ Totale senza IVA
tax_total = IVA | Totale IVA | TOTALE IVA | Imposta | Importo IVA | Totale imposta | I.V.A.
tax_line = IVA {rate} | IVA al {rate} | I.V.A. {rate} | IVA ({rate}) | IVA {rate} su {base} | Imposta {rate}
sales_tax = Imposta | Imposta {rate}
gross_total = Totale | TOTALE | Totale fattura | TOTALE FATTURA | Totale documento | TOTALE DOCUMENTO | Importo totale
+ Totale IVA inclusa | Totale generale
amount_due = Netto a pagare | NETTO A PAGARE | Totale da pagare | Da pagare | Importo dovuto | Saldo | Importo da pagare
+ Residuo | Totale dovuto
amount_paid = Acconto | Acconti | Pagato | Già pagato | Acconto versato | Importo pagato
discount = Sconto | Sconto {percent} | Sconto incondizionato | Sconto merce | Abbuono
shipping = Spese di trasporto | Trasporto | Spese di spedizione | Spedizione | Spese accessorie
charges = Totale maggiorazioni | Maggiorazioni
allowances = Totale sconti | Sconti e abbuoni
carried_forward = A riportare | Riporto | Segue
brought_forward = Riporto | Dalla pagina precedente
currency = Valuta | Divisa | Importi in
payment_terms = Condizioni di pagamento | Pagamento | Modalità di pagamento | Termini di pagamento | Cond. pagamento
terms = {days} giorni | {days} gg data fattura | Bonifico {days} gg d.f. | {days} gg d.f.f.m. | Ri.Ba. {days} giorni
+ Bonifico bancario {days} giorni | Pagamento a {days} giorni | RB {days} gg fm | {days} giorni fine mese
terms_now = Rimessa diretta | Contanti | Pagamento immediato | Bonifico anticipato | Vista fattura | Contrassegno
pay_sentence = Si prega di pagare {amount_due} entro il {date_due}. | Importo di {amount_due} da versare entro {date_due}.
+ Bonifico di {amount_due} su IBAN {iban}. | Totale da pagare {amount_due} con scadenza {date_due}.
+ Indicare la causale {payment_reference} nel bonifico di {amount_due}.
pos = N. | Riga | Pos. | # | Nr.
code = Codice | Cod. | Articolo | Cod. articolo | Codice articolo | Rif. | Cod. Art.
description = Descrizione | Descrizione articolo | Prodotto/Servizio | Descrizione della merce | Prestazione | Oggetto
+ Natura e qualità dei beni
quantity = Quantità | Q.tà | Qtà | Q.ta | Qta | Ore
unit = U.M. | UM | Unità | Um | Un.
unit_price = Prezzo | Prezzo unitario | Prezzo unit. | P. unitario | Pr. unitario | Prezzo U. | Importo unitario
unit_price_gross = Prezzo IVA incl. | Prezzo ivato | Prezzo lordo
discount_rate = Sconto | Sc. % | Sconto % | Sc. | % Sc.
discount_amount = Sconto | Importo sconto
tax_rate = IVA | % IVA | Aliq. IVA | Aliquota | Cod. IVA | IVA %
tax = Imposta | Importo IVA | IVA
amount_net = Importo | Totale | Importo netto | Prezzo totale | Netto | Tot. riga | Totale netto | Imponibile
amount_gross = Totale ivato | Importo lordo | Totale | Totale IVA incl.
item_date = Data | Data servizio
item_order = Ordine | Ord.
hts = Cod. doganale | Nomenclatura | Codice TARIC
weight = Peso | Peso kg | Kg
person = Tecnico | Nome | Operatore
item_currency = Valuta | Div.
detail_caption = Riepilogo IVA | Dettaglio IVA | Castelletto IVA | Riepilogo aliquote
detail_rate = Aliquota | Aliq. | % IVA | IVA % | Aliquota IVA
detail_net = Imponibile | Base imponibile | Netto
detail_tax = Imposta | IVA | Importo IVA | Totale imposta
detail_gross = Totale | Lordo | Totale ivato
exempt = Inversione contabile - reverse charge art. 17 DPR 633/72. | Operazione non imponibile art. 41 DL 331/93.
+ Esente IVA art. 10 DPR 633/72. | Regime forfettario, IVA non dovuta.
intro = Vi fatturiamo quanto segue: | Per le prestazioni sotto indicate: | Grazie per il Vostro ordine.
+ In riferimento ai beni consegnati:
note = Contributo CONAI assolto ove dovuto. | La merce viaggia a rischio e pericolo del committente.
+ Come da preventivo del {otherdate}. | Si applicano interessi di mora secondo D.Lgs. 231/2002.
+ Reclami entro 8 giorni dal ricevimento. | Foro competente: Milano.
thanks = Grazie per la fiducia. | Cordiali saluti. | Grazie per averci scelto. | La ringraziamo.
marketing = Visitate il nostro negozio online | Azienda certificata ISO 9001 | Dal 1975 al vostro servizio
+ Richiedete il nuovo catalogo | Orario: lun-ven 9.00-18.00
director = Amministratore | Direttore | Legale rappresentante
court = Registro Imprese di | Sede legale | C.C.I.A.A. di
capital = Cap. soc. | Capitale sociale
section = Materiali | Manodopera | Servizi | Accessori | DDT {number} | Commessa {number} | Fase {number}
item_note = Matricola {number} | come da accordi con {person} | Colore: nero | Colore: bianco | montaggio incluso
+ Lotto {number} | DDT {number} | Periodo {otherdate} | Origine: Cina | Garanzia 24 mesi | Taglia L
units = pz | PZ | nr | NR | ore | h | kg | mt | mq | conf. | gg | lt | set | cad. | C62 | sc
hours = ore | h | hr
stamp = PAGATO | COPIA | ORIGINALE | DUPLICATO | SALDATO | RICEVUTO
reference_row = Vs. riferimento | Ns. riferimento | Agente | Data consegna
head_seller = Cedente/Prestatore | Fornitore | Dati del fornitore
head_buyer = Cessionario/Committente | Cliente | Dati del cliente
head_document = Dati generali | Dati della fattura | Dati del documento
head_items = Dettaglio linee | Righe fattura | Linee di dettaglio
head_tax = Riepilogo IVA | Dati di riepilogo | Aliquote e nature
head_totals = Totali documento | Totali | Riepilogo importi
head_payment = Condizioni di pagamento | Dati pagamento | Modalità di pagamento
name = Denominazione | Nome | Ragione sociale
address = Indirizzo | Sede | Via
report_title = Visualizzazione della fattura elettronica | Foglio di stile fattura elettronica | Fattura elettronica
number = Numero | Identificativo | Codice
profile = Formato | Versione | Specifica
goods = Sedia da ufficio | Carta A4 80g | Toner nero | Notebook 15" | Cavo USB-C 2 m | Lampada LED | Monitor 27"
+ Mouse wireless | Viti M6x40 | Tubo idraulico | Tubo rame 15 mm | Pittura bianca 10 l | Guanti da lavoro | Trapano 18 V
+ Tavola rovere | Piastrelle 30x30 | Tubo giardino | Cuscinetto ruota | Pastiglie freno | Olio motore 5W-30 | Filtro olio
+ Caffè in grani 1 kg | Acqua minerale 12x1 l | Olio extravergine d'oliva | Succo d'arancia | Parmigiano Reggiano
+ Prosciutto crudo | Pasta di semola 500g | Bicchieri carta | T-shirt cotone | Pantaloni lavoro | Volantini A5
+ Biglietti da visita | Guanti nitrile | Batterie AA | Switch 24 porte | Licenza software annuale | Scatola cartone
+ Film estensibile | Pannello LED 60x60 | Interruttore | Modulo sensore | Guarnizione | Valvola DN25
services = Servizi di consulenza | Sviluppo sito web | Sviluppo software | Gestione progetto | Contratto di manutenzione
+ Pulizia uffici | Consulenza legale | Contabilità | Traduzione | Corso di formazione | Assistenza tecnica | Installazione
+ Spese di viaggio | Hosting | Campagna pubblicitaria | Servizio fotografico | Trasporto | Canone mensile | Revisione
+ Manodopera | Ore di progettazione | Noleggio attrezzature | Grafica | Pernottamento | Consumo energia elettrica
+ Canone telefonico | Smaltimento rifiuti | Giardinaggio | Catering
qualities = blu | nero | 500 fogli | inox | tipo B | premium | grande | conf. da 10 | standard | modello {number}
+ serie {number} | edizione 2024 | rinforzato | IP65
months = gennaio | febbraio | marzo | aprile | maggio | giugno | luglio | agosto | settembre | ottobre | novembre | dicembre
short_months = gen | feb | mar | apr | mag | giu | lug | ago | set | ott | nov | dic
countries = Stati Uniti | Regno Unito | Germania | Francia | Spagna | Italia | Paesi Bassi | Austria | Svizzera | Belgio
+ Irlanda
branches = Servizi | Forniture | Costruzioni | Elettrotecnica | Trasporti | Distribuzione | Informatica | Idraulica
+ Tipografia | Industrie | Alimentari | Consulenza | Arredamenti | Meccanica | Energia | Tessile | Logistica | Giardini
+ Ristorazione | Tecnologie
salutations = Sig. | Sig.ra | Dott. | Egr. Sig.
"""
