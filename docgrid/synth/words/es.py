"""Spanish."""

TABLE = """
title_invoice = Factura | FACTURA | Factura de venta | Factura comercial | Factura ordinaria
title_credit = Factura rectificativa | Abono | Nota de crédito | FACTURA RECTIFICATIVA
title_with_id = {title} nº {document_id} | {title} N.º {document_id} | {title} {document_id} | {title} número {document_id}
title_with_date = {title} nº {document_id} de fecha {date_issue} | {title} {document_id} - {date_issue}
+ {title} n.º {document_id} del {date_issue}
document_id = Factura nº | Nº de factura | Número de factura | Nº factura | N.º factura | Número | Factura | Núm. factura
+ FACTURA Nº | Documento | Num.
credit_id = Abono nº | Nº de abono | Nº rectificativa | Número
date_issue = Fecha | Fecha de factura | Fecha factura | Fecha de emisión | Fecha de expedición | Emitida el | Fecha emisión
date_due = Vencimiento | Fecha de vencimiento | Fecha vencimiento | Pagar antes del | Fecha límite de pago | Vence el
date_delivery = Fecha de entrega | Fecha de envío | Entregado el | Fecha de servicio | Fecha operación
date_order = Fecha de pedido | Pedido de fecha
period = Periodo | Periodo de facturación | Período
customer_id = Nº de cliente | Cliente nº | Código de cliente | Cód. cliente | Número de cliente | Nº cliente | Cód. Cliente
order_id = Nº de pedido | Pedido nº | Pedido | Número de pedido | Orden de compra | Nº pedido
customer_order_id = Su pedido | Su referencia | S/Ref. | Pedido cliente | Ref. cliente | Su nº de pedido
vendor_order_id = Nuestra referencia | N/Ref. | Nuestro pedido | Pedido de venta | Expediente
delivery_note = Albarán | Nº albarán | Albarán nº
contract = Contrato | Proyecto | Presupuesto | Obra
payment_reference = Referencia de pago | Concepto | Concepto de la transferencia | Ref. pago
account_num = Nº de cuenta | Cuenta | Número de cuenta | C.C.C. | Cuenta bancaria
bank_num = Entidad | Código de banco | Cód. entidad
iban = IBAN | Código IBAN | IBAN nº
bic = BIC | SWIFT | BIC/SWIFT | Código BIC
bank = Banco | Entidad bancaria | Nombre del banco
account_holder = Titular | Beneficiario | Titular de la cuenta
bank_caption = Datos bancarios | Forma de pago | Datos para el pago | Transferencia bancaria | Información de pago
vendor_tax_id = NIF | CIF | N.I.F. | C.I.F. | NIF/CIF | NIF-IVA | CIF/NIF | Nº IVA
vendor_registration_id = Registro Mercantil | Reg. Merc. | Inscrita en el Reg. Mercantil
customer_tax_id = NIF cliente | NIF | CIF | CIF/NIF | N.I.F. | CIF cliente | NIF/CIF
customer_mark = Cliente | Su
customer_registration_id = Registro | Nº registro cliente | Reg. cliente
bill_to = Cliente | Facturar a | Datos del cliente | Dirección de facturación | Destinatario | Datos de facturación
+ CLIENTE | Comprador
ship_to = Enviar a | Dirección de entrega | Dirección de envío | Lugar de entrega | Entrega
other_party = Agente | Representante | Pagador | Ordenante | Obra
seller = Proveedor | Emisor | Vendedor | De | Datos del emisor
phone = Tel. | Teléfono | Tfno. | Telf. | T
fax = Fax | F
web = Web | Sitio web | Página web
email = E-mail | Email | Correo | Correo electrónico | Mail
contact = Contacto | Comercial | Vendedor | Atendido por
page = Página {page} | Página {page} de {pages} | Pág. {page}/{pages} | {page}/{pages} | Pág. {page} | Hoja {page}
subtotal = Subtotal | Suma | Importe bruto | Total líneas | Total bruto | Suma y sigue
net_total = Base imponible | BASE IMPONIBLE | Total neto | Importe neto | Subtotal | Total sin IVA | Base Imp. | Neto
tax_total = IVA | Total IVA | Cuota IVA | Importe IVA | I.V.A. | TOTAL IVA | Impuestos
tax_line = IVA {rate} | I.V.A. {rate} | {rate} IVA | IVA ({rate}) | IVA {rate} s/ {base} | Cuota IVA {rate}
sales_tax = Impuesto | Impuesto {rate}
gross_total = Total | TOTAL | Total factura | TOTAL FACTURA | Importe total | Total con IVA | Total IVA incluido
+ Total general | Importe factura
amount_due = Total a pagar | TOTAL A PAGAR | Importe a pagar | Pendiente | Pendiente de pago | A pagar | Líquido a percibir
+ Saldo pendiente | Importe pendiente
amount_paid = Pagado | Anticipo | Entregado a cuenta | A cuenta | Ya abonado | Importe pagado
discount = Descuento | Dto. | Dto. {percent} | Descuento {percent} | Dto. comercial | Rebaja
shipping = Portes | Gastos de envío | Transporte | Envío | Gastos de transporte
charges = Total cargos | Cargos | Suma de cargos
allowances = Total descuentos | Descuentos | Suma de descuentos
carried_forward = Suma y sigue | Suma anterior | A la página siguiente
brought_forward = Suma anterior | De la página anterior
currency = Moneda | Divisa | Importes en
payment_terms = Forma de pago | Condiciones de pago | Plazo de pago | Términos de pago | Condiciones
terms = {days} días | {days} días fecha factura | Transferencia a {days} días | Pago a {days} días | Giro a {days} días
+ {days} días netos | A {days} días de la fecha de factura | Recibo a {days} días
terms_now = Contado | Pago al contado | Al recibo de la factura | Pago inmediato | Prepago
pay_sentence = Rogamos abonen {amount_due} antes del {date_due}. | El importe de {amount_due} vence el {date_due}.
+ Realice la transferencia de {amount_due} a la cuenta {iban}. | Total a pagar {amount_due} con fecha límite {date_due}.
+ Indique la referencia {payment_reference} al abonar {amount_due}.
pos = Nº | Línea | Pos. | # | Lín.
code = Código | Referencia | Ref. | Artículo | Cód. | Cód. artículo | Ref
description = Descripción | Concepto | Artículo | Detalle | Descripción del artículo | Producto | Denominación
quantity = Cantidad | Cant. | Uds. | Unidades | Cant | Horas
unit = Unidad | Ud. | U.M. | Un.
unit_price = Precio | Precio unitario | Precio Ud. | P. Unit. | P. unitario | Precio/Ud. | Precio unit. | Tarifa
unit_price_gross = Precio con IVA | Precio IVA incl. | PVP
discount_rate = Dto. | % Dto. | Dto % | Descuento | Dto.%
discount_amount = Descuento | Importe dto.
tax_rate = IVA | % IVA | IVA % | Tipo IVA | Tipo
tax = Cuota IVA | Importe IVA | IVA
amount_net = Importe | Total | Importe neto | Subtotal | Neto | TOTAL | Total línea | Importe sin IVA
amount_gross = Total con IVA | Importe con IVA | Total | Importe total
item_date = Fecha | Fecha servicio
item_order = Pedido | Ped.
hts = Cód. arancelario | Partida | TARIC
weight = Peso | Peso (kg) | Kg
person = Técnico | Nombre | Empleado
item_currency = Moneda | Div.
detail_caption = Desglose de IVA | Detalle de impuestos | Resumen de IVA | Desglose impositivo
detail_rate = Tipo | % IVA | Tipo IVA | IVA %
detail_net = Base | Base imponible | Base imp.
detail_tax = Cuota | Cuota IVA | Importe IVA | IVA
detail_gross = Total | Importe total | Total con IVA
exempt = Inversión del sujeto pasivo. | Operación exenta de IVA según art. 25 LIVA. | Entrega intracomunitaria exenta.
+ Exento de IVA.
intro = A continuación detallamos los servicios prestados: | Por los siguientes conceptos:
+ Adjuntamos factura de los artículos entregados. | Gracias por su pedido.
note = La mercancía viaja por cuenta y riesgo del comprador. | No se admiten devoluciones pasados 15 días.
+ Según presupuesto de {otherdate}. | Los precios no incluyen montaje.
+ El impago devengará intereses de demora según la Ley 3/2004. | Conserve esta factura para la garantía.
thanks = Gracias por su confianza. | Muchas gracias. | Gracias por su compra. | Le agradecemos su confianza.
marketing = Visite nuestra tienda en línea | Empresa certificada ISO 9001 | Desde 1982 a su servicio
+ Solicite nuestro catálogo | Horario: L-V 9:00 a 18:00
director = Gerente | Administrador | Director
court = Inscrita en el Registro Mercantil de | Registro Mercantil | Domicilio social
capital = Capital social
section = Materiales | Mano de obra | Servicios | Accesorios | Albarán {number} | Obra {number} | Fase {number}
item_note = Nº de serie {number} | según acuerdo con {person} | Color: negro | Color: blanco | montaje incluido
+ Lote {number} | Albarán {number} | Periodo {otherdate} | Origen: China | Garantía 24 meses | Talla L
units = ud. | uds. | Ud | unid. | h | kg | m | m² | caja | día | l | juego | pza. | C62 | pack
hours = h | horas | hrs
stamp = PAGADO | COPIA | ORIGINAL | DUPLICADO | COBRADO | RECIBIDO
reference_row = Su referencia | Nuestra referencia | Contacto | Fecha de entrega
head_seller = Vendedor | Emisor | Datos del proveedor
head_buyer = Comprador | Receptor | Datos del cliente
head_document = Datos de la factura | Información general | Datos generales
head_items = Líneas de factura | Detalle | Líneas
head_tax = Desglose de IVA | Impuestos | Totales de impuestos
head_totals = Totales | Resumen | Importes totales
head_payment = Condiciones de pago | Datos de pago | Forma de pago
name = Nombre | Razón social | Empresa
address = Dirección | Domicilio | Dirección postal
report_title = Visualización de la factura electrónica | Vista legible de los datos XML | Factura electrónica
number = Número | Identificador | Código
profile = Formato | Perfil | Versión
goods = Silla de oficina | Papel A4 80g | Cartucho tóner negro | Portátil 15" | Cable USB-C 2 m | Lámpara LED | Monitor 27"
+ Ratón inalámbrico | Tornillos M6x40 | Manguera hidráulica | Tubo cobre 15 mm | Pintura blanca 10 l | Guantes de trabajo
+ Taladro 18 V | Tablero de roble | Azulejos 30x30 | Manguera de jardín | Rodamiento | Pastillas de freno
+ Aceite motor 5W-30 | Filtro de aceite | Café en grano 1 kg | Agua mineral 12x1 l | Aceite de oliva virgen
+ Zumo de naranja | Jamón ibérico | Queso manchego | Vasos de papel | Camiseta algodón | Pantalón de trabajo | Folletos A5
+ Tarjetas de visita | Guantes nitrilo | Pilas AA | Switch 24 puertos | Licencia software anual | Caja de cartón
+ Film estirable | Panel LED 60x60 | Interruptor automático | Módulo sensor | Junta tórica | Válvula DN25
services = Servicios de consultoría | Diseño web | Desarrollo de software | Gestión de proyecto | Contrato de mantenimiento
+ Limpieza de oficinas | Asesoría jurídica | Contabilidad | Traducción | Curso de formación | Soporte técnico | Instalación
+ Gastos de viaje | Alojamiento web | Campaña publicitaria | Fotografía | Transporte | Cuota mensual | Auditoría
+ Mano de obra | Horas de ingeniería | Alquiler de equipos | Diseño gráfico | Hotel | Consumo eléctrico | Tarifa telefónica
+ Gestión de residuos | Jardinería | Catering
qualities = azul | negro | 500 hojas | inox | tipo B | premium | grande | pack 10 | estándar | modelo {number}
+ serie {number} | edición 2024 | reforzado | IP65
months = enero | febrero | marzo | abril | mayo | junio | julio | agosto | septiembre | octubre | noviembre | diciembre
short_months = ene | feb | mar | abr | may | jun | jul | ago | sep | oct | nov | dic
countries = Estados Unidos | Reino Unido | Alemania | Francia | España | Italia | Países Bajos | Austria | Suiza | Bélgica
+ Irlanda
branches = Servicios | Suministros | Construcciones | Electricidad | Transportes | Distribuciones | Informática | Fontanería
+ Imprenta | Industrias | Alimentación | Consultores | Mobiliario | Maquinaria | Energía | Textil | Logística | Jardinería
+ Hostelería | Tecnología
salutations = D. | Dña. | Sr. | Sra.
"""
