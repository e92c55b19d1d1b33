"""English."""

TABLE = """
title_invoice = Invoice | INVOICE | Tax Invoice | TAX INVOICE | Commercial Invoice | Sales Invoice | Customer Invoice
+ Service Invoice
title_credit = Credit Note | CREDIT NOTE | Credit Memo | Credit Invoice
title_with_id = {title} {document_id} | {title} No. {document_id} | {title} #{document_id} | {title} number {document_id}
title_with_date = {title} No. {document_id} dated {date_issue} | {title} {document_id} of {date_issue}
+ {title} #{document_id} - {date_issue}
document_id = Invoice No | Invoice No. | Invoice Number | Invoice # | Invoice | Number | Invoice ID | Inv. No.
+ Document No. | Our ref. / Invoice | Invoice Ref. | No. | Reference | Bill No.
credit_id = Credit Note No. | Credit Note Number | Credit Memo # | Document No. | Number
date_issue = Invoice Date | Date | Date of Issue | Issue Date | Dated | Billing Date | Date of Invoice
+ Invoice date / Tax point | Tax Point | Document Date | Issued | Bill Date
date_due = Due Date | Payment Due | Due | Date Due | Payment Due Date | Please pay by | Pay By | Due on
+ Due Date for Payment
date_delivery = Delivery Date | Date of Supply | Ship Date | Service Date | Date of Delivery | Shipped | Dispatch Date
date_order = Order Date | PO Date | Date of Order
period = Billing Period | Service Period | Period | Invoice Period
customer_id = Customer No. | Customer ID | Customer Number | Account No. | Client No. | Customer # | Account Number
+ Cust. No. | Client ID | Your Account
order_id = Order No. | Order Number | Order # | Order | PO Number | P.O. No. | Purchase Order | PO # | PO No.
+ Purchase Order No.
customer_order_id = Your Order No. | Your Reference | Customer PO | Your Order | Customer Order No. | Your PO
+ Customer Ref. | Your Ref.
vendor_order_id = Our Order No. | Sales Order | Sales Order No. | SO # | Our Reference | Our Ref. | Job No.
+ Order Confirmation
delivery_note = Delivery Note | Delivery Note No. | Packing Slip | Shipment No. | Despatch No.
contract = Contract | Contract No. | Project | Project No. | Quote No.
payment_reference = Payment Reference | Reference for payment | Please quote | Remittance Reference | Pay. Ref.
+ Payment Ref. | Transfer reference
account_num = Account Number | Account No. | A/C No. | Acct. No. | Bank Account | Account
bank_num = Sort Code | Routing Number | Bank Code | ABA Routing No. | Routing No. | ABA
iban = IBAN | IBAN No. | IBAN Number
bic = BIC | SWIFT | BIC/SWIFT | SWIFT Code | SWIFT/BIC | BIC Code
bank = Bank | Bank Name | Our Bank | Bankers
account_holder = Account Name | Beneficiary | Account Holder | Payable to
bank_caption = Bank Details | Payment Details | Payment Information | How to pay | Remittance | Bank Account Details
+ Wire Transfer Instructions
vendor_tax_id = VAT No. | VAT Reg. No. | VAT Number | VAT ID | VAT Registration No. | Tax ID | Our VAT No. | VAT Reg No
vendor_registration_id = Company No. | Registered in England No. | Company Registration No. | Reg. No. | Company Reg. No.
+ Registration Number | Co. Reg.
customer_tax_id = Customer VAT No. | Your VAT No. | VAT ID | VAT No. | Customer VAT Number | Customer Tax ID | Buyer VAT
+ Your VAT Reg. No.
customer_mark = Customer | Your | Buyer
customer_registration_id = Company No. | Customer Reg. No. | Registration No. | Buyer Registration No.
bill_to = Bill To | BILL TO | Invoice To | Sold To | Customer | Billed To | Invoiced To | Billing Address | Invoice Address
+ Buyer | Client | To | Bill-To Address | Customer Details
ship_to = Ship To | SHIP TO | Deliver To | Delivery Address | Shipping Address | Goods Recipient | Delivered To | Consignee
+ Site Address
other_party = Remit To | Remit Payment To | Agent | Payee | Ordered By | Care of | Service Location
seller = From | Seller | Supplier | Vendor | Issued By | Pay To | Invoice From | Your Supplier
phone = Phone | Tel | Tel. | Telephone | T | Ph. | Call us
fax = Fax | F | Facsimile
web = Web | Website | www | Internet
email = E-mail | Email | E | Mail | E-Mail
contact = Contact | Your Contact | Sales Rep | Salesperson | Account Manager | Attn. | Prepared by
page = Page {page} | Page {page} of {pages} | Page {page}/{pages} | {page}/{pages} | Page: {page} | - {page} -
subtotal = Subtotal | Sub Total | Sub-Total | Total before discount | Goods Total | Items Total | Line Total Amount
net_total = Net Total | Subtotal | Total excl. VAT | Net Amount | Total Net | Total Excluding Tax | Amount excl. VAT
+ Taxable Amount | Total before tax | Net | Total (excl. VAT)
tax_total = VAT | Total VAT | VAT Amount | Tax | Total Tax | VAT Total | Tax Amount | Tax Total
tax_line = VAT {rate} | VAT @ {rate} | {rate} VAT | Plus {rate} VAT | VAT ({rate}) | VAT {rate} on {base}
+ {rate} VAT of {base}
sales_tax = Sales Tax | Tax | Sales Tax ({rate}) | State Tax {rate} | Tax ({rate}) | TAX {rate}
gross_total = Total | TOTAL | Invoice Total | Total Amount | Grand Total | Total incl. VAT | Total Gross | Gross Total
+ Gross Amount | Total Including Tax | Total Amount Payable | Total Invoice Amount | Invoice Amount
amount_due = Amount Due | Balance Due | Total Due | Amount Payable | BALANCE DUE | Please Pay | Outstanding | Amount to Pay
+ Balance | Total Payable | Due Amount | Now Due
amount_paid = Paid | Amount Paid | Payments | Less Deposit | Payment Received | Deposit | Already Paid | Paid to Date
+ Payments/Credits | Prepaid
discount = Discount | Less Discount | Trade Discount | Discount {percent} | Special Discount | Less {percent} discount
shipping = Shipping | Freight | Delivery | Shipping & Handling | Carriage | Postage & Packing | Transport | Delivery Charge
charges = Total charges | Sum of charges | Total of extra charges
allowances = Total allowances | Sum of allowances | Total deductions
carried_forward = Carried forward | Subtotal carried forward | Carry over | Continued
brought_forward = Brought forward | Subtotal brought forward | From previous page
currency = Currency | Invoice Currency | All amounts in | Currency Code
payment_terms = Payment Terms | Terms | Terms of Payment | Payment | Terms of payment
terms = Net {days} | {days} days net | Payment within {days} days | Net {days} days | Due in {days} days | {days} days
+ Payable within {days} days of invoice date | {days} days from date of invoice | Within {days} days without deduction
+ {short} days 2% discount, {days} days net | 2/10 net {days}
terms_now = Due on receipt | Payment on receipt | Payable immediately | Upon receipt | Cash on delivery | Prepayment
pay_sentence = Please transfer {amount_due} by {date_due} to the account below. | {amount_due} due {date_due}
+ Please pay the amount of {amount_due} no later than {date_due} quoting {payment_reference}.
+ The total of {amount_due} is payable by {date_due}. | Please make payment of {amount_due} to IBAN {iban} until {date_due}.
pos = Pos | # | Pos. | Item | Line | No. | Ln | Item No.
code = Item Code | Code | Article | Product Code | SKU | Part No. | Item # | Article No. | Product | Material | Part Number
+ Stock Code | Ref
description = Description | Item | Description of Goods | Details | Product / Service | Item Description | Service
+ Description of goods and services | Particulars | Product | Activity
quantity = Qty | Quantity | QTY | Qty. | Hours | Units | Amount | Shipped | Qty Shipped | Hrs/Qty
unit = Unit | UoM | U/M | UOM | Units | Per
unit_price = Unit Price | Price | Rate | Price per unit | Unit Price excl. VAT | Unit Cost | Each | Price/Unit | U. Price
+ Unit Net Price | Net Price
unit_price_gross = Unit Price | Price incl. VAT | Unit Price incl. VAT | Gross Price | Price
discount_rate = Disc. | Disc. % | Discount | Disc % | Discount %
discount_amount = Discount | Disc. Amount | Less
tax_rate = VAT % | VAT | Tax | VAT Rate | Tax % | Tax Rate | VAT %age
tax = VAT Amount | Tax | VAT | Tax Amount
amount_net = Amount | Total | Net Amount | Line Total | Total excl. VAT | Net | Net Total | Extended Price | Total Price
+ Line Amount | Ext. Price | Amount excl. VAT | Net Price
amount_gross = Total | Amount | Gross | Total incl. VAT | Gross Amount | Amount incl. VAT | Line Total
item_date = Date | Service Date | Delivered
item_order = Order | PO | Order No.
hts = HS Code | HTS | Tariff No. | Commodity Code
weight = Weight | Kg | Weight (kg) | Net Weight
person = Consultant | Name | Employee | Technician
item_currency = Currency | Cur. | Curr.
detail_caption = VAT Summary | VAT Breakdown | Tax Summary | VAT Analysis | VAT Details | Tax Details
detail_rate = Rate | VAT Rate | VAT % | Tax Rate | Rate %
detail_net = Net | Net Amount | Goods | Taxable Amount | Base | Tax Base
detail_tax = VAT | VAT Amount | Tax | Tax Amount
detail_gross = Gross | Total | Gross Amount
exempt = VAT reverse charge: the customer is liable for the VAT. | Zero-rated supply of goods. | Reverse charge applies.
+ Export, VAT exempt.
intro = Thank you for your order. We invoice you as follows: | Dear Sir or Madam, please find below our charges.
+ For services rendered: | We have delivered the following goods:
note = Goods remain our property until paid in full. | Returns accepted within 14 days in original packaging only.
+ Interest of 8% per annum is charged on overdue accounts. | Please quote the invoice number with your payment.
+ All sales are final. | Errors and omissions excepted (E&OE). | Questions? Call us at any time.
+ Prices in accordance with our offer of {otherdate}.
thanks = Thank you for your business! | Thank you! | We appreciate your business. | Thanks for your custom.
+ It was a pleasure working with you.
marketing = Visit our new web shop and save up to 15% | Now hiring - see our website | Certified to ISO 9001:2015
+ Winner of the 2021 Service Award | 24/7 hotline for all customers | Ask for our new catalogue
director = Director | Managing Director | CEO | Directors
court = Registered in England and Wales | Registered Office | VAT registered | A limited company
capital = Share capital | Capital
section = Materials | Labour | Services | Hardware | Accessories | Week {number} | Project {number} | Phase {number}
+ Order {number}
item_note = Serial No. {number} | As discussed with {person} | Colour: black | Colour: white | incl. assembly
+ Batch {number} | Delivery note {number} | Period {otherdate} | Country of origin: China | Warranty 24 months | Size L
+ partial delivery
units = pcs | pc | ea | EA | hrs | h | kg | m | box | each | day | set | l | unit | pack | C62 | pieces
hours = hrs | h | hours | Hrs
stamp = PAID | COPY | ORIGINAL | OVERDUE | DUPLICATE | RECEIVED
reference_row = Your reference | Our reference | Contact | Delivery date
head_seller = Seller | Supplier | Seller details | Invoice issuer
head_buyer = Buyer | Customer | Purchaser | Buyer details
head_document = Invoice data | Document data | Invoice details | General information
head_items = Items | Invoice lines | Line items | Positions
head_tax = VAT breakdown | Tax totals | Tax details
head_totals = Document totals | Totals | Summary of amounts
head_payment = Payment terms | Payment details | Payment means
name = Name | Company | Company name
address = Address | Street | Postal address
report_title = Visualisation of the electronic invoice | Readable view of the XML invoice data | E-invoice viewer
number = Number | ID | No.
profile = Profile | Specification | Invoice standard | Format
goods = Office chair | Copy paper A4 80g | Toner cartridge black | Laptop 15 inch | USB-C cable 2 m | Desk lamp LED
+ Whiteboard markers, set | Monitor 27" | Wireless mouse | Docking station | Steel screws M6x40 | Hydraulic hose
+ Copper pipe 15 mm | Paint white matt 10 l | Safety gloves | Cordless drill 18 V | Wood board oak | Ceramic tiles 30x30
+ Garden hose | Wheel bearing | Brake pads front | Engine oil 5W-30 | Filter element | Coffee beans 1 kg
+ Mineral water 12x1 l | Olive oil extra virgin | Orange juice | Cheddar cheese | Paper cups | Cotton T-shirt
+ Work trousers | Printed flyers A5 | Business cards | Roll-up banner | Medical gloves nitrile | Bandages | Syringes 5 ml
+ Battery pack AA | Ethernet switch 24 port | Server rack | Software licence annual | Antivirus subscription
+ Shipping carton | Pallet wrap | LED panel 60x60 | Circuit breaker | Sensor module | Conveyor belt | Gasket set
+ Ball valve DN25
services = Consulting services | Web design | Software development | Project management | Maintenance contract
+ Cleaning services | Legal advice | Bookkeeping | Translation services | Training course | On-site support
+ Installation work | Travel expenses | Hosting package | Advertising campaign | Photography | Transport
+ Monthly service fee | Audit | Repair labour | Engineering hours | Rental of equipment | Graphic design | Data migration
+ Hotel accommodation | Electricity consumption | Telephone flat rate | Waste disposal | Landscaping | Catering
qualities = blue | black | 500 sheets | stainless | Type B | premium | large | pack of 10 | standard | refurbished
+ Model {number} | series {number} | 2024 edition | heavy duty | IP65 | for outdoor use
months = January | February | March | April | May | June | July | August | September | October | November | December
short_months = Jan | Feb | Mar | Apr | May | Jun | Jul | Aug | Sep | Oct | Nov | Dec
countries = United States | United Kingdom | Germany | France | Spain | Italy | Netherlands | Austria | Switzerland
+ Belgium | Ireland
branches = Supplies | Trading | Solutions | Services | Systems | Logistics | Engineering | Consulting | Foods | Media
+ Design | Tools | Energy | Print | Motors | Electrical | Plumbing | Interiors | Software | Packaging | Medical | Textiles
+ Catering | Travel | Industries | Distribution | Partners | Studio
salutations = Mr | Mrs | Ms | Dr
"""
