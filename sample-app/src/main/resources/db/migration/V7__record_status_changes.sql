-- now() is evaluated once, when the statement runs, and its value is kept in the
-- catalogue: no row is rewritten. clock_timestamp() here would rewrite the whole table.
ALTER TABLE orders ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();

CREATE TABLE order_status_changes (
    id         bigint       GENERATED ALWAYS AS IDENTITY,
    order_id   bigint       NOT NULL,
    old_status order_status,
    new_status order_status NOT NULL,
    changed_at timestamptz  NOT NULL,
    changed_by text         NOT NULL DEFAULT current_user,
    CONSTRAINT order_status_changes_pkey PRIMARY KEY (id),
    CONSTRAINT order_status_changes_order_fkey FOREIGN KEY (order_id) REFERENCES orders ON DELETE CASCADE
);

CREATE INDEX order_status_changes_order_idx ON order_status_changes (order_id, id);

-- Dollar quotes keep semicolons and quotes of the body from ending anything.
CREATE FUNCTION touch_order() RETURNS trigger
    LANGUAGE plpgsql
AS $touch$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END;
$touch$;

CREATE FUNCTION record_status_change() RETURNS trigger
    LANGUAGE plpgsql
AS $record$
BEGIN
    INSERT INTO order_status_changes (order_id, old_status, new_status, changed_at)
    VALUES (NEW.id, CASE WHEN TG_OP = 'UPDATE' THEN OLD.status END, NEW.status, now());
    RETURN NULL; -- an AFTER trigger's result is ignored
END;
$record$;

-- In the database, because the service is not the only one that changes orders: support
-- does it by hand.
CREATE TRIGGER orders_touch
    BEFORE UPDATE ON orders
    FOR EACH ROW EXECUTE FUNCTION touch_order();

CREATE TRIGGER orders_record_placed
    AFTER INSERT ON orders
    FOR EACH ROW EXECUTE FUNCTION record_status_change();

-- WHEN keeps updates that leave the status alone from calling the function at all.
CREATE TRIGGER orders_record_status
    AFTER UPDATE OF status ON orders
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status)
    EXECUTE FUNCTION record_status_change();
