-- A body of BEGIN ATOMIC … END is parsed now, not at the first call: a misspelt column
-- fails this migration instead of a request, and PostgreSQL knows what the function needs.
CREATE OR REPLACE FUNCTION order_total(order_id bigint) RETURNS numeric
    LANGUAGE sql
    STABLE
BEGIN ATOMIC
    SELECT coalesce(sum(l.amount), 0)
    FROM order_lines l
    WHERE l.order_id = order_total.order_id;
END;
