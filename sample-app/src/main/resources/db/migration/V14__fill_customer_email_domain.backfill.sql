-- Runs after the start, in batches beside the application, which is not ready before it
-- is done: it reads the column. In a new database it is a migration like any other.
-- tidemark: batch table=customers by=id
-- tidemark: verify "email_domain IS NOT NULL"
UPDATE customers SET email_domain = lower(split_part(email, '@', 2)) WHERE {batch} AND email_domain IS NULL;
