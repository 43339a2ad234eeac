package dev.tidemark.history;

import dev.tidemark.sql.StringLiteral;

/**
 * The queries for what became of a write of which nobody has heard.
 *
 * @since 0.1.0
 */
public final class HistoryOutcome {

	private final HistoryName name;

	HistoryOutcome(HistoryName name) {
		this.name = name;
	}

	/**
	 * Returns a query for what became of one run of a migration: the state and the number
	 * of statements that are done.
	 * @param rank the rank of the row
	 * @param deploymentId the deployment whose row it has to be
	 * @return the query; no row if the run has left none
	 */
	public String runOf(int rank, String deploymentId) {
		return "SELECT state, statements_done" + from(rank, deploymentId);
	}

	/**
	 * Returns a query that tells whether a row was added, whatever it says.
	 * @param rank the rank of the row
	 * @param deploymentId the deployment whose row it has to be
	 * @return the query; no row if there is none
	 */
	public String rowOf(int rank, String deploymentId) {
		return "SELECT 'committed', statements_done" + from(rank, deploymentId);
	}

	/**
	 * Returns a query that tells whether a row says that the first run has come to its
	 * end.
	 * @param rank the rank of the row
	 * @return the query; no row if it does not
	 */
	String firstRunEnded(int rank) {
		return "SELECT 'committed', 0 FROM " + this.name.qualified() + " WHERE rank = " + rank + " AND NOT "
				+ HistoryRows.FIRST_RUN;
	}

	/**
	 * Returns a query for what other deployments have recorded.
	 * @param rank the rank from which on their rows count
	 * @param deploymentId the deployment whose rows do not
	 * @return the query; its rows have the deployment, and in words what is in which
	 * state
	 */
	public String othersFrom(int rank, String deploymentId) {
		return "SELECT deployment_id, CASE WHEN kind = 'repeatable' THEN description"
				+ " ELSE pg_catalog.concat('version ', version) END || ' is ' || state FROM " + this.name.qualified()
				+ " WHERE rank >= " + rank + " AND deployment_id <> " + StringLiteral.quote(deploymentId)
				+ " ORDER BY rank";
	}

	/**
	 * Returns a query with which a person looks at the history as a whole.
	 * @return the query
	 */
	public String overview() {
		return "SELECT rank, version, description, state FROM " + this.name.qualified() + " ORDER BY rank";
	}

	private String from(int rank, String deploymentId) {
		return " FROM " + this.name.qualified() + " WHERE rank = " + rank + " AND deployment_id = "
				+ StringLiteral.quote(deploymentId);
	}

	/**
	 * Returns a query that tells whether the table was created.
	 * @return the query; no row if it was not
	 */
	public String existence() {
		return "SELECT 'committed', 0 WHERE pg_catalog.to_regclass(" + this.name.literal() + ") IS NOT NULL";
	}

	/**
	 * Returns a query that tells whether the table was dropped.
	 * @return the query; no row if it was not
	 */
	public String absence() {
		return "SELECT 'committed', 0 WHERE pg_catalog.to_regclass(" + this.name.literal() + ") IS NULL";
	}

}
