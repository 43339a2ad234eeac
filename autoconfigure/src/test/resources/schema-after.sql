CREATE TABLE customer_note (customer_id bigint REFERENCES customer, note text);
