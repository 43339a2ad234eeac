-- The slow half of V5, in a file and so in a transaction of its own: it reads all rows,
-- but under a lock that lets the application read and write meanwhile.
ALTER TABLE orders VALIDATE CONSTRAINT orders_customer_fkey;
