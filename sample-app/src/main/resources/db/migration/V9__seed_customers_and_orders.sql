INSERT INTO customers (email, name)
VALUES ('ada@example.com', 'Ada Lovelace'),
       ('grace@example.com', 'Grace Hopper'),
       ('sinead@example.com', 'Sinéad O''Brien');

-- Seeds find rows by what they mean. An id written down here would be a guess at what
-- the sequences hand out.
WITH placed AS (
    INSERT INTO orders (customer_id, placed_at)
    SELECT c.id, seed.placed_at
    FROM (VALUES ('ada@example.com', timestamptz '2026-03-02 09:15:00+00'),
                 ('ada@example.com', timestamptz '2026-04-18 16:40:00+00'),
                 ('grace@example.com', timestamptz '2026-04-20 07:05:00+00')) AS seed (email, placed_at)
    JOIN customers c ON c.email = seed.email
    RETURNING id, placed_at
)
INSERT INTO order_lines (order_id, line_no, product_id, quantity, unit_price)
SELECT placed.id, seed.line_no, p.id, seed.quantity, p.price
FROM (VALUES (timestamptz '2026-03-02 09:15:00+00', 1, 'POT-0001', 1),
             (timestamptz '2026-03-02 09:15:00+00', 2, 'TEA-0002', 2),
             (timestamptz '2026-04-18 16:40:00+00', 1, 'CUP-0001', 4),
             (timestamptz '2026-04-20 07:05:00+00', 1, 'TEA-0003', 3)) AS seed (placed_at, line_no, sku, quantity)
JOIN placed ON placed.placed_at = seed.placed_at
JOIN products p ON p.sku = seed.sku;

UPDATE orders
SET status = 'SHIPPED', shipped_at = placed_at + interval '1 day'
WHERE placed_at < timestamptz '2026-04-01 00:00:00+00';
