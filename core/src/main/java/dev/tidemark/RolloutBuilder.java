package dev.tidemark;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.backfill.BackfillOptions;
import dev.tidemark.rollout.BackfillListener;
import dev.tidemark.rollout.BackfillThrottle;
import dev.tidemark.rollout.pace.ThrottleSettings;
import dev.tidemark.rollout.run.RolloutSettings;

/**
 * The settings about what happens after the start of the application.
 *
 * @param <B> the type of the builder
 */
abstract class RolloutBuilder<B extends RolloutBuilder<B>> extends PlanBuilder<B> {

	private @Nullable BackfillOptions backfillOptions;

	private Map<String, String> throttleSettings = Map.of();

	private List<BackfillThrottle> throttles = new ArrayList<>();

	private List<BackfillListener> backfillListeners = new ArrayList<>();

	private Set<MigrationVersion> requires = Set.of();

	/**
	 * Sets how backfills go about their work where their files do not say.
	 * @param defaults the options; by default {@link BackfillOptions#DEFAULT}
	 * @return this builder
	 */
	public B backfillOptions(BackfillOptions defaults) {
		this.backfillOptions = defaults;
		return self();
	}

	/**
	 * Sets from where on signals of the server slow down or stop backfills.
	 * @param settings thresholds by the names of the signals, as
	 * {@link ThrottleSettings#of(Map)} reads them; by default none, so that each has its
	 * own default
	 * @return this builder
	 */
	public B throttleSettings(Map<String, String> settings) {
		this.throttleSettings = Map.copyOf(settings);
		return self();
	}

	/**
	 * Adds a signal of the application's own that slows down or stops backfills.
	 * @param throttle the signal
	 * @return this builder
	 */
	public B backfillThrottle(BackfillThrottle throttle) {
		this.throttles.add(throttle);
		return self();
	}

	/**
	 * Adds a listener.
	 * @param listener is told what happens to backfills
	 * @return this builder
	 */
	public B backfillListener(BackfillListener listener) {
		this.backfillListeners.add(listener);
		return self();
	}

	/**
	 * Sets versions that have to be done and verified before this build may serve, as
	 * {@link dev.tidemark.rollout.Backfills#required()} tells.
	 * @param versions the versions; by default none
	 * @return this builder
	 */
	public B requires(Collection<MigrationVersion> versions) {
		this.requires = Set.copyOf(versions);
		return self();
	}

	@Override
	void detach() {
		super.detach();
		this.throttles = new ArrayList<>(this.throttles);
		this.backfillListeners = new ArrayList<>(this.backfillListeners);
	}

	RolloutSettings rolloutSettings() {
		return new RolloutSettings((this.backfillOptions != null) ? this.backfillOptions : BackfillOptions.DEFAULT,
				ThrottleSettings.of(this.throttleSettings), this.throttles, this.backfillListeners, this.requires);
	}

}
