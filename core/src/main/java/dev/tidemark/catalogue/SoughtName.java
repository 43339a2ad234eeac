package dev.tidemark.catalogue;

/**
 * A name to look for in the catalogue.
 *
 * @param path where
 * @param name the name without schema
 */
record SoughtName(SearchPath path, String name) {

}
