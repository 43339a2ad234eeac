-- COPY is the fastest way in, and its rows read like the table. Columns are parted by
-- tabs; the rows end with \.
COPY products (sku, name, price) FROM stdin;
TEA-0001	Assam, loose leaf, 250 g	8.90
TEA-0002	Darjeeling First Flush, 100 g	14.50
TEA-0003	Sencha, 200 g	11.20
POT-0001	Teapot, cast iron, 1 l	49.00
POT-0002	Teapot, “Blümchen”, 1.2 l	36.00
CUP-0001	Cup; porcelain, 0.2 l	7.50
\.
