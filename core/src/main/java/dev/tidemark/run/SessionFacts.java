package dev.tidemark.run;

import java.util.List;

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
 */
record SessionFacts(SessionState before, Backend backend, OwnSettings own, boolean standby, boolean readOnly,
		List<RefusedSetting> refused) {

	SessionFacts {
		refused = List.copyOf(refused);
	}

	/** Returns what is true of the next session, which has another search path. */
	SessionFacts with(String searchPath) {
		return new SessionFacts(this.before, this.backend, this.own.with(searchPath), this.standby, this.readOnly,
				this.refused);
	}

}
