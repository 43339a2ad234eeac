-- An enum where the set of values belongs to the schema and seldom grows (V11 adds one).
-- A value can never be removed: where that matters, use text and a CHECK.
CREATE TYPE order_status AS ENUM ('NEW', 'SHIPPED', 'CANCELLED');

CREATE TABLE orders (
    id          bigint       GENERATED ALWAYS AS IDENTITY,
    customer_id bigint       NOT NULL,
    status      order_status NOT NULL DEFAULT 'NEW',
    placed_at   timestamptz  NOT NULL DEFAULT now(),
    shipped_at  timestamptz,
    CONSTRAINT orders_pkey PRIMARY KEY (id),
    CONSTRAINT orders_shipped_has_time CHECK (status <> 'SHIPPED' OR shipped_at IS NOT NULL)
);
