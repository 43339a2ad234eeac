-- CONCURRENTLY builds the index while the application goes on writing. It cannot run in
-- a transaction, so it stands alone in its file: should it fail, nothing else is half
-- done. Tidemark sees this by itself; no setting is needed.
--
-- Partial, because the packing list asks for new orders only, a handful among millions.
CREATE INDEX CONCURRENTLY orders_new_idx ON orders (placed_at) WHERE status = 'NEW';
