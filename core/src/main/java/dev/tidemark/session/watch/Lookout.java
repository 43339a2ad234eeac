package dev.tidemark.session.watch;

import java.sql.Connection;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

import dev.tidemark.session.settings.Backend;

/**
 * Looks at one server process, and learns which server it belongs to while it is there.
 */
final class Lookout {

	private final Backend backend;

	private @Nullable Cluster home;

	private boolean asked;

	Lookout(Backend backend) {
		this.backend = backend;
	}

	Sighting look(Connection connection) throws SQLException {
		Sighting sighting = Sighting.of(connection, this.backend);
		if (sighting instanceof Sighting.Present && !this.asked) {
			this.asked = true;
			this.home = Cluster.of(connection);
		}
		if (sighting instanceof Sighting.Elsewhere && this.home != null && this.home.equals(Cluster.of(connection))) {
			return new Sighting.Restarted();
		}
		return sighting;
	}

}
