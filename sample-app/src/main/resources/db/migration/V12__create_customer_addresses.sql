CREATE TABLE customer_addresses (
    id          bigint  GENERATED ALWAYS AS IDENTITY,
    customer_id bigint  NOT NULL,
    street      text    NOT NULL,
    postcode    text    NOT NULL,
    city        text    NOT NULL,
    -- text and a check: char(2) would pad what is too short instead of refusing it.
    country     text    NOT NULL,
    is_default  boolean NOT NULL DEFAULT false,
    CONSTRAINT customer_addresses_pkey PRIMARY KEY (id),
    CONSTRAINT customer_addresses_customer_fkey FOREIGN KEY (customer_id) REFERENCES customers ON DELETE CASCADE,
    CONSTRAINT customer_addresses_country_code CHECK (country ~ '^[A-Z]{2}$')
);

CREATE INDEX customer_addresses_customer_idx ON customer_addresses (customer_id);

-- Any number of addresses, but at most one default: a rule that only a partial unique
-- index can keep when two requests arrive at once.
CREATE UNIQUE INDEX customer_addresses_one_default ON customer_addresses (customer_id) WHERE is_default;
