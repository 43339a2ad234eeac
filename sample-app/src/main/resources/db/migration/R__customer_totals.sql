-- Repeatable: the view lives in this one file, and the file runs again whenever its text
-- changes. A review then shows what changed, not one more copy of the whole view.
--
-- CREATE OR REPLACE keeps grants and what depends on the view. It can add columns at the
-- end only; to change others, drop the view first.
CREATE OR REPLACE VIEW customer_totals AS
SELECT c.id                            AS customer_id,
       c.name                          AS customer_name,
       count(DISTINCT o.id)            AS orders,
       coalesce(sum(l.amount), 0)      AS total,
       max(o.placed_at)                AS last_order_at
FROM customers c
LEFT JOIN orders o ON o.customer_id = c.id AND o.status NOT IN ('CANCELLED', 'RETURNED')
LEFT JOIN order_lines l ON l.order_id = o.id
GROUP BY c.id;

COMMENT ON VIEW customer_totals IS 'What each customer bought and kept.';
