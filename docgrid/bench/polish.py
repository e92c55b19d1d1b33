"""A Polish invoice, made up: docgrid's generator does not speak Polish, and its letters are the hardest of Latin script."""

POLISH_INVOICE = """
FAKTURA VAT nr 2024/03/0187 | Data wystawienia: 14.03.2024
Miejsce wystawienia: Łódź | Termin płatności: 28.03.2024
Sprzedawca: | Nabywca:
Zakład Usług Stolarskich „Dąb” Sp. z o.o. | Przedsiębiorstwo Wielobranżowe Świerk S.A.
ul. Żeromskiego 17a/4 | al. Niepodległości 112
90-625 Łódź | 02-577 Warszawa
NIP: 725-18-44-903 | NIP: 521-302-17-68
Tel. 42 636 51 20 | Osoba kontaktowa: Małgorzata Wójcik
Nazwa towaru lub usługi | Ilość, cena netto, wartość
Krzesło dębowe z podłokietnikami | 12 szt. 345,00 zł 4 140,00 zł
Stół rozkładany, blat jesionowy, olejowany | 2 szt. 1 899,99 zł 3 799,98 zł
Półka wisząca, głębokość 25 cm | 6 szt. 119,50 zł 717,00 zł
Wycięcie i szlifowanie krawędzi | 3 godz. 95,00 zł 285,00 zł
Dostawa z wniesieniem na trzecie piętro | 1 usł. 250,00 zł 250,00 zł
Śruby mosiężne, opakowanie zbiorcze | 4 op. 38,20 zł 152,80 zł
Środek do pielęgnacji drewna, źródło naturalne | 5 szt. 27,90 zł 139,50 zł
Łącznie netto: | 9 484,28 zł
Stawka VAT 23 %, kwota podatku: | 2 181,38 zł
Razem do zapłaty: | 11 665,66 zł
Słownie: jedenaście tysięcy sześćset sześćdziesiąt pięć złotych 66/100
Sposób zapłaty: przelew na rachunek bankowy w ciągu czternastu dni, bez pobrań
Numer konta: PL61 1090 1014 0000 0712 1981 2874 | Bank: Spółdzielczy Bank Rzemiosła
Uwagi: towar pozostaje własnością sprzedawcy do chwili pełnej zapłaty.
Reklamacje prosimy zgłaszać pisemnie w ciągu siedmiu dni od daty odbioru.
Za opóźnienie w płatności naliczamy odsetki ustawowe.
Wystawił: Grażyna Błaszczyk | Odebrał: Zdzisław Kołodziejczyk
"""
