package dev.tidemark.benchmark;

/**
 * What one process asked of the server.
 *
 * @param connections how many connections it opened
 * @param roundTrips how often it waited for the server to be ready, those waits left out
 * that open a connection
 * @param queries how many statements the server executed, transaction control included
 */
record Traffic(int connections, int roundTrips, int queries) {

}
