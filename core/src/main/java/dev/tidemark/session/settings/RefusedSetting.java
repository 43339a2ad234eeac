package dev.tidemark.session.settings;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.SettingNames;

/**
 * A setting that protects a run, and that the server or its platform does not take.
 *
 * @param setting the setting
 * @param error what the server said
 * @since 0.1.0
 */
public record RefusedSetting(Setting setting, ServerError error) {

	/** Says what is not true without the setting. */
	public Problem problem() {
		String consequence;
		String remedy;
		if (this.setting.name().equals(ClientLiveness.CHECK_INTERVAL)) {
			consequence = "If this instance is killed while a statement runs, the server does not notice before the"
					+ " statement has come to its end: its locks are held until then, and what was sent behind it,"
					+ " the commit included, may still be done.";
			remedy = "To end a migration, end its session at the server (pg_terminate_backend) and not this instance."
					+ " " + SettingNames.name("connection.client-check-interval")
					+ "=0 does not ask for the setting, nor for this warning.";
		}
		else if (this.setting.name().startsWith("tcp_")) {
			consequence = "If the node of this instance dies, its locks are held until the server's system finds out.";
			remedy = "Set it in the server's configuration. " + SettingNames.name("connection.client-timeout")
					+ "=0 does not ask for the setting, nor" + " for this warning.";
		}
		else {
			consequence = "A value that the role or the database has for it may cut a migration off.";
			remedy = "Look at what the role and the database set.";
		}
		return Problem
			.warning(ErrorCode.SETTING_REFUSED, null,
					"The server refuses the session setting " + this.setting.name() + " = " + this.setting.value()
							+ ", and the run goes on without it. " + consequence,
					remedy)
			.withServer(this.error);
	}

}
