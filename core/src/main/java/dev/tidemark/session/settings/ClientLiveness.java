package dev.tidemark.session.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How the server finds out that the client of a session is gone, so that it ends the
 * session, rolls back and lets go of its locks.
 *
 * @param checkInterval how often the server looks while a statement runs, for a client
 * whose process is gone; zero to leave to the server what it does
 * @param timeout how long the server goes on for a client that does not answer any more,
 * since its node is dead or the network is cut; zero to leave to the server what it does
 * @since 0.1.0
 */
public record ClientLiveness(Duration checkInterval, Duration timeout) {

	/** How often the server looks by default. */
	public static final Duration DEFAULT_CHECK_INTERVAL = Duration.ofSeconds(1);

	/** How long the server goes on by default. */
	public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

	/** The name of the setting by which the server looks while a statement runs. */
	static final String CHECK_INTERVAL = "client_connection_check_interval";

	private static final Duration LONGEST = Duration.ofDays(1);

	/** How many probes may go unanswered. */
	private static final int PROBES = 3;

	/**
	 * Checks the times.
	 * @throws IllegalArgumentException if one is negative or longer than a day
	 */
	public ClientLiveness {
		requireRange("connection.client-check-interval", checkInterval);
		requireRange("connection.client-timeout", timeout);
	}

	private static void requireRange(String name, Duration time) {
		if (time.isNegative() || time.compareTo(LONGEST) > 0) {
			throw new IllegalArgumentException(
					"'" + name + "' must be between 0, which leaves to the server what it does, and 1 day");
		}
	}

	/**
	 * Returns the settings of the session. The server's system sends the first probe when
	 * it has heard nothing for half of the timeout, then one every fifth of it, and ends
	 * the connection with the first one that is due after the timeout: with 10 s they are
	 * due after 5, 7, 9 and 11 s. The server hears of it with its next look.
	 */
	public List<Setting> settings() {
		List<Setting> settings = new ArrayList<>();
		if (!this.checkInterval.isZero()) {
			settings.add(new Setting(CHECK_INTERVAL, this.checkInterval));
		}
		if (!this.timeout.isZero()) {
			settings.add(new Setting("tcp_keepalives_idle", seconds(2)));
			settings.add(new Setting("tcp_keepalives_interval", seconds(5)));
			settings.add(new Setting("tcp_keepalives_count", PROBES));
			settings.add(new Setting("tcp_user_timeout", this.timeout));
		}
		return settings;
	}

	private long seconds(int part) {
		return Math.max(1, this.timeout.dividedBy(part).toSeconds());
	}

}
