-- bigint, because an integer key runs out on the worst possible day, and ALWAYS, because
-- a row that brings its own id collides with the sequence sooner or later.
CREATE TABLE customers (
    id         bigint      GENERATED ALWAYS AS IDENTITY,
    email      text        NOT NULL,
    name       text        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT customers_pkey PRIMARY KEY (id),
    -- Constraints have names: the service tells its callers which one they ran into, and
    -- a later file can drop it without guessing.
    CONSTRAINT customers_email_has_at CHECK (email LIKE '_%@_%'),
    CONSTRAINT customers_name_not_blank CHECK (btrim(name) <> '')
);

-- One customer for each address, however it is capitalised. The table is new and empty,
-- so that nobody waits for this index; V10 shows what a busy table needs.
CREATE UNIQUE INDEX customers_email_key ON customers (lower(email));

COMMENT ON TABLE customers IS 'People and companies that order.';
