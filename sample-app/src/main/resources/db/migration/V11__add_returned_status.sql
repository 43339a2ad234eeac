-- Alone in its file: a transaction that adds an enum value cannot use it before its
-- commit. The view customer_totals, which runs after it, can.
ALTER TYPE order_status ADD VALUE 'RETURNED' AFTER 'SHIPPED';
