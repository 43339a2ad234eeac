CREATE TABLE products (
    id    bigint         GENERATED ALWAYS AS IDENTITY,
    sku   text           NOT NULL,
    name  text           NOT NULL,
    -- numeric, never float: a price is exact. What is charged stands in the order line,
    -- so that this one may change.
    price numeric(12, 2) NOT NULL,
    CONSTRAINT products_pkey PRIMARY KEY (id),
    CONSTRAINT products_sku_key UNIQUE (sku),
    CONSTRAINT products_sku_format CHECK (sku ~ '^[A-Z]{3}-[0-9]{4}$'),
    CONSTRAINT products_price_not_negative CHECK (price >= 0)
);

COMMENT ON COLUMN products.price IS 'Price of one piece today, in euros.';
