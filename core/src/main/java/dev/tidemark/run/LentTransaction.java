package dev.tidemark.run;

/**
 * The transaction that code works in.
 *
 * @param id its id
 * @param begin when it began, as the server writes it
 */
record LentTransaction(String id, String begin) {
}
