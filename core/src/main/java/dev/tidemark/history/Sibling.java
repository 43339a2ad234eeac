package dev.tidemark.history;

import java.util.List;

/**
 * A history that the same application has in the same database.
 *
 * @param name its table
 * @param schemas further schemas that its migrations fill
 */
record Sibling(HistoryName name, List<String> schemas) {
}
