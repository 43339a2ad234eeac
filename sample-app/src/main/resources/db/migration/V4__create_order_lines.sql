CREATE TABLE order_lines (
    order_id   bigint         NOT NULL,
    line_no    integer        NOT NULL,
    product_id bigint         NOT NULL,
    quantity   integer        NOT NULL,
    unit_price numeric(12, 2) NOT NULL,
    -- Computed in one place, so that no report multiplies differently.
    amount     numeric(14, 2) NOT NULL GENERATED ALWAYS AS (quantity * unit_price) STORED,
    -- The key begins with the order, so that it also serves the foreign key to it.
    CONSTRAINT order_lines_pkey PRIMARY KEY (order_id, line_no),
    CONSTRAINT order_lines_quantity_positive CHECK (quantity > 0),
    CONSTRAINT order_lines_unit_price_not_negative CHECK (unit_price >= 0),
    -- Lines are part of their order and go with it.
    CONSTRAINT order_lines_order_fkey FOREIGN KEY (order_id) REFERENCES orders ON DELETE CASCADE,
    CONSTRAINT order_lines_product_fkey FOREIGN KEY (product_id) REFERENCES products
);

-- PostgreSQL makes no index for the referencing side. Without this one, deleting a
-- product would read every line.
CREATE INDEX order_lines_product_idx ON order_lines (product_id);
