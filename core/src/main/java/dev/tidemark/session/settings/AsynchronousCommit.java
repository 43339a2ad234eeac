package dev.tidemark.session.settings;

/**
 * Whether a run may go on before the commit of a migration in its middle is on disk.
 *
 * @since 0.1.0
 */
public enum AsynchronousCommit {

	/**
	 * Where nobody is promised anything by them: where {@code synchronous_commit} is
	 * {@code on} and no synchronous standby is configured.
	 */
	AUTO,

	/** Never: each commit is waited for as the session's settings say. */
	OFF

}
