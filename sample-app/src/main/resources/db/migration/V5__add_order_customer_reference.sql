-- NOT VALID: from now on every new row is checked, but those already there are not read.
-- Both tables are locked against writes for a moment only, however long they are.
ALTER TABLE orders
    ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer_id) REFERENCES customers NOT VALID;
