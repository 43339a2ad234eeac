-- A generated column would rewrite the table. This one is there at once, the trigger fills
-- it for rows that come or change, and V14 for those that are there.
ALTER TABLE customers ADD COLUMN email_domain text;

CREATE FUNCTION set_customer_email_domain() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    NEW.email_domain := lower(split_part(NEW.email, '@', 2));
    RETURN NEW;
END
$$;

CREATE TRIGGER customers_email_domain
    BEFORE INSERT OR UPDATE OF email ON customers
    FOR EACH ROW EXECUTE FUNCTION set_customer_email_domain();
