package dev.tidemark.session.settings;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;

/**
 * What a session that was prepared has found out about its connection. It stays true for
 * the next session on the same connection.
 *
 * @param before how to make the session what it was
 * @param backend the server process that works for the session
 * @param own what writes of the engine need within a transaction of a script
 * @param standby whether the server is a standby
 * @param readOnly whether transactions of the session accept no writes
 * @param refused the settings that the server refuses
 * @since 0.1.0
 */
public record SessionFacts(SessionState before, Backend backend, OwnSettings own, boolean standby, boolean readOnly,
		List<RefusedSetting> refused) {

	public SessionFacts {
		refused = List.copyOf(refused);
	}

	/**
	 * Requires that the server accepts writes.
	 * @param connection the connection of the session
	 * @param what what would write, as the subject of a sentence
	 * @throws TidemarkException if the server is a standby, or transactions are read-only
	 */
	public void requirePrimary(Connection connection, String what) throws SQLException {
		if (this.standby) {
			throw new TidemarkException(Problem
				.error(ErrorCode.STANDBY, null, what + " writes, and the server is a standby, which accepts no writes.",
						"Point " + SettingNames.name("connection.url")
								+ " at the primary; replication brings here what is done there.")
				.withState("Nothing was changed."));
		}
		if (this.readOnly) {
			throw new TidemarkException(ReadOnlyDefault.read(connection).problem(what));
		}
	}

	/** Returns what is true of the next session, which has another search path. */
	public SessionFacts with(String searchPath) {
		return new SessionFacts(this.before, this.backend, this.own.with(searchPath), this.standby, this.readOnly,
				this.refused);
	}

}
