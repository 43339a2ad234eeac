ALTER TABLE customer ADD email text;
