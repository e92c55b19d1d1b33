"""French."""

TABLE = """
title_invoice = Facture | FACTURE | Facture de vente | Facture client | FACTURE DE VENTE | Facture commerciale
title_credit = Avoir | AVOIR | Facture d'avoir | Note de crédit
title_with_id = {title} n° {document_id} | {title} N° {document_id} | {title} {document_id} | {title} numéro {document_id}
+ {title} n°{document_id}
title_with_date = {title} n° {document_id} du {date_issue} | {title} {document_id} du {date_issue}
+ {title} N° {document_id} en date du {date_issue}
document_id = Facture n° | Facture N° | N° de facture | Numéro de facture | N° facture | Numéro | FACTURE N° | Réf. facture
+ Facture | N° de pièce | N° document | Référence
credit_id = Avoir n° | AVOIR N° | N° d'avoir | Numéro d'avoir
date_issue = Date | Date de facture | Date de facturation | Date d'émission | Émise le | Date facture | Le | Facture du
+ Date de la facture
date_due = Date d'échéance | Échéance | Échéance le | À payer avant le | Date limite de paiement | A régler avant le
+ Date de règlement | Payable le
date_delivery = Date de livraison | Livré le | Date de prestation | Date d'expédition | Date d'exécution
date_order = Date de commande | Commande du
period = Période | Période de facturation | Période de prestation
customer_id = N° client | Code client | N° de client | Numéro client | Client n° | Réf. client | Compte client
+ Référence client | N° DE CLIENT
order_id = N° de commande | Commande n° | Bon de commande | N° commande | N° BON DE COMMANDE | Commande | Numéro de commande
customer_order_id = Votre commande | Votre référence | Vos références | V/Réf. | Votre n° de commande | Commande client
vendor_order_id = Notre référence | N/Réf. | N° BON DE VENTE | Notre commande | Bon de vente | Dossier
delivery_note = Bon de livraison | N° BON DE LIVRAISON | BL n° | N° de BL
contract = N° CONTRAT | Contrat | Devis n° | Affaire | Chantier | REF PROJET
payment_reference = Référence de paiement | Référence à rappeler | À rappeler lors du règlement | Réf. paiement
+ Communication | REFERENCE AVIS DE PAIEMENT
account_num = N° de compte | Compte | Numéro de compte | N° compte | COMPTE
bank_num = Code banque | Banque / Guichet | Code établissement
iban = IBAN | IBAN N° | Code IBAN
bic = BIC | SWIFT | BIC/SWIFT | Code BIC | BIC / SWIFT
bank = Banque | Domiciliation | Nom de la banque
account_holder = Titulaire | Bénéficiaire | Titulaire du compte
bank_caption = Coordonnées bancaires | Règlement par virement | Informations de paiement | RIB | Bénéficiaire
+ Mode de règlement
vendor_tax_id = N° TVA | TVA intracommunautaire | N° TVA intracommunautaire | TVA | N° de TVA | Numéro de TVA | N° TVA intra
+ TVA intracom. | Identifiant TVA
vendor_registration_id = SIRET | SIREN | RCS | N° SIRET | SIREN / SIRET | Siret
customer_tax_id = N° TVA client | TVA client | Votre n° TVA | TVA intracom. client | N° TVA intracommunautaire
+ TVA intra client
customer_mark = Client | Votre | Acheteur
customer_registration_id = SIREN client | SIRET | SIREN | SIREN / SIRET
bill_to = Client | Facturé à | Adresse de facturation | Adresse du Client | Destinataire | CLIENT | Acheteur | Facturation
+ Adressé à | À l'attention de
ship_to = Livraison | Adresse de livraison | Livré à | Lieu de livraison | Livraison: adresse | Destinataire de la livraison
other_party = Représentant Fiscal | Payé à | Donneur d'ordre | Agent | Payeur | Chantier
seller = Vendeur | Fournisseur | Émetteur | Prestataire | De | Émis par
phone = Tél. | Téléphone | Tél | Tel | T
fax = Fax | Télécopie | F
web = Site web | Site | Web | Internet
email = E-mail | Email | Courriel | Mail | @dresse | Mél
contact = Contact | Votre contact | Interlocuteur | Suivi par | Commercial | Vendeur
page = Page {page} | Page {page} / {pages} | Page {page} sur {pages} | {page}/{pages} | - {page} -
subtotal = Sous-total | Total brut HT | Total lignes | Montant brut | Sous-total HT | Total des lignes
net_total = Total HT | TOTAL HT | Montant HT | Total hors taxes | Net HT | Total net HT | Montant total HT | Sous-total HT
+ Total H.T. | Base HT
tax_total = TVA | Total TVA | TOTAL TVA | Montant TVA | Total T.V.A. | Montant de la TVA | Taxes
tax_line = TVA {rate} | TVA à {rate} | T.V.A. {rate} | TVA ({rate}) | TVA {rate} sur {base} | dont TVA {rate}
+ Montant TVA {rate}
sales_tax = Taxe | Taxe {rate}
gross_total = Total TTC | TOTAL TTC | Montant TTC | Total toutes taxes comprises | Net TTC | Montant total TTC
+ Total T.T.C. | Total | Total facture | TOTAL
amount_due = Net à payer | NET A PAYER | Montant dû | Reste à payer | Solde à payer | Net à payer TTC | À payer
+ Montant à payer | Reste dû | Solde dû
amount_paid = Acompte | Acompte versé | Déjà payé | Déjà réglé | Montant déjà payé | Acomptes | Règlement reçu
discount = Remise | Remise {percent} | REMISE COMMERCIALE | Remise exceptionnelle | Escompte | Rabais
shipping = Frais de port | Port | Transport | Livraison | Frais d'expédition | Port et emballage | FRAIS DEPLACEMENT
charges = Total des charges | Charges | Montant des frais
allowances = Total des remises | Remises | Montant des remises
carried_forward = À reporter | Sous-total à reporter | Report
brought_forward = Report | Report page précédente
currency = Devise | DEVISE | Monnaie | Montants en
payment_terms = Conditions de règlement | Conditions de paiement | Modalités de paiement | Règlement | Mode de règlement
+ Conditions
terms = {days} jours | {days} jours net | Paiement à {days} jours | À {days} jours fin de mois
+ {days} jours date de facture | Règlement à {days} jours | Virement à {days} jours
+ 30% à la commande, solde à {days} jours | Sous {days} jours
terms_now = À réception de facture | Comptant | À réception | Paiement comptant | Paiement immédiat | À la commande
pay_sentence = Merci de régler la somme de {amount_due} avant le {date_due}.
+ Montant de {amount_due} payable au plus tard le {date_due}. | Règlement de {amount_due} par virement sur le compte {iban}.
+ Net à payer : {amount_due} au {date_due}.
+ Merci de rappeler la référence {payment_reference} lors de votre règlement de {amount_due}.
pos = N° | Ligne | # | Pos. | Rang | Lg
code = Référence | Réf. | Code | Code article | Article | Réf | CODE ARTICLE | Réf. produit
description = Désignation | Description | Libellé | Désignation des produits | NOM & DESIGNATION | Prestation | Produit
+ Désignation article | Détail
quantity = Qté | Quantité | Qte | QTE | Nombre | Quant.
unit = Unité | Un. | U | UNIT | U.
unit_price = Prix unitaire | PU HT | P.U. HT | Prix unitaire HT | P.U. | Prix HT | P.U. HT (EUR) | PU | Prix unit. HT
unit_price_gross = PU TTC | Prix unitaire TTC | P.U. TTC | Prix TTC
discount_rate = Remise | % Rem. | Rem. | Remise % | Rem. %
discount_amount = Remise | Montant remise | Remise (-)
tax_rate = TVA | % TVA | Taux TVA | Tx TVA | TVA % | Taux
tax = Montant TVA | TVA | Taxe
amount_net = Montant HT | Total HT | Total | Montant | Prix total HT | TOTAL HT | Total H.T. | TOTAL HT (EUR) | Net HT
+ Mt HT
amount_gross = Total TTC | Montant TTC | TTC | Total
item_date = Date | Date de prestation | Livré le
item_order = Commande | Cde
hts = Code douanier | Nomenclature | Code SH
weight = Poids | Poids (kg) | Poids net
person = Intervenant | Nom | Technicien
item_currency = Devise | Dev.
detail_caption = Détail TVA | Récapitulatif TVA | Ventilation de la TVA | Détail de la TVA | Détail des taxes
detail_rate = Taux | Taux TVA | % TVA | Taux de TVA
detail_net = Base | Base HT | Base TVA | Montant HT | Base imposable
detail_tax = TVA | Montant TVA | Montant | Taxe
detail_gross = TTC | Total TTC | Montant TTC
exempt = Autoliquidation de la TVA. | Exonération de TVA, article 262 ter I du CGI. | TVA non applicable, art. 293 B du CGI.
+ Livraison intracommunautaire exonérée.
intro = Nous vous prions de trouver ci-dessous le détail de nos prestations :
+ Suite à votre commande, nous vous facturons : | Veuillez trouver ci-après notre facture. | Objet : prestations réalisées
note = Tout retard de paiement entraîne une pénalité de trois fois le taux d'intérêt légal.
+ Indemnité forfaitaire pour frais de recouvrement : 40 €. | Pas d'escompte pour paiement anticipé.
+ TVA acquittée sur les encaissements. | Les marchandises restent notre propriété jusqu'au paiement complet.
+ Selon devis du {otherdate}. | Aucun escompte consenti pour règlement anticipé.
thanks = Merci de votre confiance. | Nous vous remercions de votre confiance. | Merci ! | Cordialement.
+ Avec nos remerciements.
marketing = Visitez notre boutique en ligne | Certifié ISO 9001 | À votre service depuis 1985
+ Demandez notre nouveau catalogue | Livraison gratuite dès 300 € | Horaires : 9h-18h du lundi au vendredi
director = Gérant | Président | Directeur | Dirigeant
court = RCS | Greffe de | Siège social
capital = SARL au capital de | SAS au capital de | Capital social
section = Fournitures | Main d'œuvre | Prestations | Accessoires | Lot {number} | Chantier {number} | BL {number}
item_note = N° de série {number} | selon accord avec {person} | Couleur : noir | Couleur : blanc | Pose comprise
+ Lot {number} | BL {number} | Période {otherdate} | Origine : Chine | Garantie 24 mois | Taille L | livraison partielle
units = PCE | pce | U | unité | h | heure | kg | m | m² | boîte | jour | forfait | l | lot | ens. | C62 | pièce
hours = h | heures | HUR | H
stamp = PAYÉ | COPIE | ORIGINAL | DUPLICATA | ACQUITTÉE | Reçu le
reference_row = Vos références | Nos références | Interlocuteur | Affaire
head_seller = Vendeur | Fournisseur | Émetteur de la facture
head_buyer = Acheteur | Client | Vos identifiants
head_document = Données de la facture | Références sur la facture | Informations générales
head_items = Lignes de facture | Lignes | Détail des lignes
head_tax = Détail TVA | Ventilation de la TVA | Récapitulatif TVA
head_totals = Totaux | Totaux du document | Récapitulatif
head_payment = Conditions de paiement | Informations de paiement | Règlement
name = Nom | Raison sociale | Dénomination
address = Adresse | Adresse postale | Rue
report_title = Visualisation de la facture électronique | Représentation lisible des données XML | Facture électronique
number = Numéro | Identifiant | GLN
profile = Profil | Spécification | Norme | CADRE DE FACTURATION
goods = Fauteuil de bureau | Papier A4 80g | Cartouche toner noir | Ordinateur portable 15" | Câble USB-C 2 m
+ Lampe de bureau LED | Écran 27" | Souris sans fil | Vis inox M6x40 | Flexible hydraulique | Tube cuivre 15 mm
+ Peinture blanche 10 l | Gants de protection | Perceuse sans fil 18 V | Planche chêne | Carrelage 30x30 | Tuyau d'arrosage
+ Roulement de roue | Plaquettes de frein avant | Huile moteur 5W-30 | Filtre à huile | Café en grains 1 kg
+ Eau minérale 12x1 l | Huile d'olive à l'ancienne | Jus d'orange | Nougat de l'Abbaye 250g | Biscuits aux raisins 300g
+ Fromage de chèvre | Gobelets carton | T-shirt coton | Pantalon de travail | Flyers A5 | Cartes de visite | Gants nitrile
+ Piles AA | Switch 24 ports | Baie serveur | Licence logiciel annuelle | Carton d'expédition | Film étirable
+ Dalle LED 60x60 | Disjoncteur | Module capteur | Joint torique | Vanne DN25 | FOURNITURES DIVERSES | Classeur A4
services = Prestation de conseil | Création site web | Développement logiciel | Gestion de projet | Contrat de maintenance
+ Nettoyage des locaux | Conseil juridique | Tenue de comptabilité | Traduction | Formation | PRESTATION SUPPORT
+ Travaux d'installation | Frais de déplacement | Hébergement | Campagne publicitaire | Reportage photo | Transport
+ Abonnement mensuel | Audit | Main d'œuvre réparation | Études techniques | Location de matériel | Graphisme
+ Migration de données | Nuitée hôtel | Consommation électrique | Forfait téléphone | Élimination des déchets
+ Entretien espaces verts | Traiteur
qualities = bleu | noir | 500 feuilles | inox | type B | premium | grand modèle | lot de 10 | standard | reconditionné
+ modèle {number} | série {number} | édition 2024 | renforcé | IP65
months = janvier | février | mars | avril | mai | juin | juillet | août | septembre | octobre | novembre | décembre
short_months = janv. | févr. | mars | avr. | mai | juin | juil. | août | sept. | oct. | nov. | déc.
countries = États-Unis | Royaume-Uni | Allemagne | France | Espagne | Italie | Pays-Bas | Autriche | Suisse | Belgique
+ Irlande
branches = Services | Conseil | Bâtiment | Électricité | Transports | Distribution | Informatique | Plomberie | Imprimerie
+ Industrie | Boulangerie | Menuiserie | Fournitures | Matériaux | Restauration | Médical | Énergie | Automobile | Textile
+ Logistique | Formation | Jardins
salutations = M. | Mme | Monsieur | Madame
"""
