"""What letters and other pages without any field say: for each language `LANGUAGE.key`."""

TABLE = """
en.subject = Your enquiry of {date} | Change of our opening hours | Invitation to the general meeting | Your application
+ Confirmation of your appointment | New contact in our sales team | Enclosed documents | Our conversation of {date}
en.greeting = Dear Sir or Madam, | Dear {person}, | To whom it may concern | Hello {person},
en.closing = Yours sincerely | Kind regards | Best regards | With best wishes
en.title_rules = Terms and Conditions | Privacy Notice | General Conditions of Sale | House Rules
en.title_memo = Minutes of the Meeting | Internal Memo | Agenda | Instructions for Use | Safety Instructions
en.title_list = Telephone Directory | List of Participants | Duty Roster | Room Bookings
en.sentence = Thank you very much for your letter of {date}. | Please find enclosed the documents that you asked for.
+ We will be closed from {date} for our annual holiday. | Our offices moved to {city} at the beginning of the month.
+ The meeting takes place on {date} in room {number}. | {person} will be glad to answer your questions on {phone}.
+ The supplier remains the owner of the goods until they are paid in full. | Invoices are payable within {small} days.
+ Complaints must be made in writing within {small} days of delivery. | All prices exclude VAT unless stated otherwise.
+ About {number} visitors came to our stand this year, {small} % more than last year.
+ Please keep this letter for your records.
+ The place of jurisdiction is {city}. | Your data are processed only to carry out the contract.
+ Orders can be cancelled up to {date}.
+ We expect costs of about {amount}, which is less than planned. | Your reference number is {number}.
de.subject = Ihre Anfrage vom {date} | Änderung unserer Öffnungszeiten | Einladung zur Mitgliederversammlung | Ihre Bewerbung
+ Bestätigung Ihres Termins | Neuer Ansprechpartner im Vertrieb | Übersendung von Unterlagen | Unser Gespräch vom {date}
de.greeting = Sehr geehrte Damen und Herren, | Guten Tag {person}, | Hallo {person}, | Liebe Kolleginnen und Kollegen,
de.closing = Mit freundlichen Grüßen | Freundliche Grüße | Viele Grüße | Hochachtungsvoll
de.title_rules = Allgemeine Geschäftsbedingungen | Datenschutzerklärung | Lieferbedingungen | Hausordnung
de.title_memo = Protokoll der Sitzung | Aktennotiz | Tagesordnung | Bedienungsanleitung | Sicherheitshinweise
de.title_list = Telefonverzeichnis | Teilnehmerliste | Dienstplan | Raumbelegung
de.sentence = Vielen Dank für Ihr Schreiben vom {date}. | Anbei erhalten Sie die gewünschten Unterlagen.
+ Vom {date} an haben wir Betriebsferien. | Unser Büro ist zu Monatsbeginn nach {city} umgezogen.
+ Die Sitzung findet am {date} in Raum {number} statt. | Für Fragen steht Ihnen {person} unter {phone} zur Verfügung.
+ Die Ware bleibt bis zur vollständigen Bezahlung Eigentum des Lieferanten. | Rechnungen sind binnen {small} Tagen zahlbar.
+ Mängel sind innerhalb von {small} Tagen nach Lieferung schriftlich anzuzeigen. | Alle Preise verstehen sich zuzüglich MwSt.
+ Rund {number} Besucher kamen in diesem Jahr, {small} % mehr als im Vorjahr. | Bitte bewahren Sie dieses Schreiben auf.
+ Gerichtsstand ist {city}. | Ihre Daten werden nur zur Vertragserfüllung verarbeitet.
+ Bestellungen sind bis {date} widerruflich.
+ Wir rechnen mit Kosten von etwa {amount}, weniger als geplant. | Ihr Aktenzeichen lautet {number}.
fr.subject = Votre demande du {date} | Nouveaux horaires d'ouverture | Convocation à l'assemblée générale | Votre candidature
+ Confirmation de votre rendez-vous | Envoi de documents | Notre entretien du {date}
fr.greeting = Madame, Monsieur, | Bonjour {person}, | Cher {person}, | Chers collègues,
fr.closing = Cordialement | Bien à vous | Veuillez agréer nos salutations distinguées | Sincères salutations
fr.title_rules = Conditions générales de vente | Politique de confidentialité | Mentions légales | Règlement intérieur
fr.title_memo = Compte rendu de réunion | Note de service | Ordre du jour | Mode d'emploi
fr.title_list = Annuaire téléphonique | Liste des participants | Planning
fr.sentence = Nous vous remercions de votre courrier du {date}. | Vous trouverez ci-joint les documents demandés.
+ Nos bureaux seront fermés à partir du {date}. | Nous avons déménagé à {city} au début du mois.
+ La réunion aura lieu le {date} en salle {number}. | {person} répondra à vos questions au {phone}.
+ Le vendeur reste propriétaire des marchandises jusqu'au paiement complet. | Les factures sont payables sous {small} jours.
+ Toute réclamation doit être faite par écrit sous {small} jours. | Tous les prix s'entendent hors TVA.
+ Environ {number} visiteurs sont venus cette année, soit {small} % de plus. | Merci de conserver ce courrier.
+ Le tribunal compétent est celui de {city}. | Le coût est estimé à {amount}. | Votre numéro de dossier est le {number}.
es.subject = Su consulta del {date} | Cambio de nuestro horario | Convocatoria de la asamblea general | Su solicitud
+ Confirmación de su cita | Envío de documentos | Nuestra conversación del {date}
es.greeting = Estimados señores: | Estimado {person}: | Hola {person}: | Apreciados compañeros:
es.closing = Atentamente | Un cordial saludo | Saludos cordiales | Reciba un saludo
es.title_rules = Condiciones generales | Aviso de privacidad | Aviso legal | Reglamento interno
es.title_memo = Acta de la reunión | Nota interna | Orden del día | Instrucciones de uso
es.title_list = Directorio telefónico | Lista de participantes | Turnos
es.sentence = Muchas gracias por su carta del {date}. | Adjuntamos los documentos que nos ha pedido.
+ Estaremos cerrados a partir del {date}. | Nuestras oficinas se han trasladado a {city}.
+ La reunión tendrá lugar el {date} en la sala {number}. | {person} atenderá sus preguntas en el {phone}.
+ La mercancía es propiedad del vendedor hasta su pago completo. | Las facturas se pagan a {small} días.
+ Las reclamaciones se harán por escrito en {small} días. | Los precios no incluyen IVA.
+ Este año vinieron unos {number} visitantes, un {small} % más. | Guarde esta carta.
+ Son competentes los tribunales de {city}. | Calculamos un coste de {amount}. | Su número de expediente es {number}.
it.subject = La Sua richiesta del {date} | Nuovi orari di apertura | Convocazione dell'assemblea | La Sua candidatura
+ Conferma dell'appuntamento | Invio di documenti | Il nostro colloquio del {date}
it.greeting = Gentili Signori, | Gentile {person}, | Buongiorno {person}, | Cari colleghi,
it.closing = Cordiali saluti | Distinti saluti | Con i migliori saluti | Un cordiale saluto
it.title_rules = Condizioni generali di vendita | Informativa sulla privacy | Regolamento interno
it.title_memo = Verbale della riunione | Nota interna | Ordine del giorno | Istruzioni per l'uso
it.title_list = Elenco telefonico | Elenco dei partecipanti | Turni
it.sentence = La ringraziamo per la lettera del {date}. | In allegato trova i documenti richiesti.
+ Saremo chiusi a partire dal {date}. | I nostri uffici si sono trasferiti a {city}.
+ La riunione si terrà il {date} nella sala {number}. | {person} risponderà alle Sue domande al {phone}.
+ La merce resta di proprietà del venditore fino al pagamento. | Le fatture sono pagabili entro {small} giorni.
+ I reclami vanno presentati per iscritto entro {small} giorni. | I prezzi si intendono IVA esclusa.
+ Quest'anno sono venuti circa {number} visitatori, il {small} % in più. | Conservi questa lettera.
+ Il foro competente è {city}. | Prevediamo costi per circa {amount}. | Il Suo numero di pratica è {number}.
nl.subject = Uw vraag van {date} | Nieuwe openingstijden | Uitnodiging voor de algemene vergadering | Uw sollicitatie
+ Bevestiging van uw afspraak | Toezending van stukken | Ons gesprek van {date}
nl.greeting = Geachte heer of mevrouw, | Beste {person}, | Hallo {person}, | Beste collega's,
nl.closing = Met vriendelijke groet | Hoogachtend | Vriendelijke groeten | Met hartelijke groet
nl.title_rules = Algemene voorwaarden | Privacyverklaring | Huisregels
nl.title_memo = Notulen van de vergadering | Interne notitie | Agenda | Gebruiksaanwijzing
nl.title_list = Telefoonlijst | Deelnemerslijst | Rooster
nl.sentence = Hartelijk dank voor uw brief van {date}. | Bijgaand ontvangt u de gevraagde stukken.
+ Vanaf {date} zijn wij gesloten. | Ons kantoor is begin deze maand verhuisd naar {city}.
+ De vergadering is op {date} in zaal {number}. | {person} beantwoordt uw vragen op {phone}.
+ De goederen blijven eigendom van de leverancier tot volledige betaling. | Facturen zijn betaalbaar binnen {small} dagen.
+ Klachten moeten binnen {small} dagen schriftelijk worden gemeld. | Alle prijzen zijn exclusief btw.
+ Dit jaar kwamen ongeveer {number} bezoekers, {small} % meer. | Bewaar deze brief goed.
+ Bevoegd is de rechter te {city}. | Wij rekenen op kosten van {amount}. | Uw dossiernummer is {number}.
"""
