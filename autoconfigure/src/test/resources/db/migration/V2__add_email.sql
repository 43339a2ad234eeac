ALTER TABLE customer ADD COLUMN email text;
INSERT INTO customer (name, email) VALUES ('Ada', 'ada@example.com');
