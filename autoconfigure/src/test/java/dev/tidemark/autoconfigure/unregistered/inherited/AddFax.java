package dev.tidemark.autoconfigure.unregistered.inherited;

import dev.tidemark.autoconfigure.unregistered.migration.AddPhone;

/**
 * A migration by what it extends, which lies elsewhere.
 */
public class AddFax extends AddPhone {

}
