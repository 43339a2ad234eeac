package dev.tidemark.autoconfigure.backfill;

import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.code.OrderedBeans;
import dev.tidemark.rollout.BackfillListener;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.BackfillThrottle;
import dev.tidemark.rollout.BatchInfo;
import dev.tidemark.rollout.SignalReading;
import dev.tidemark.rollout.SignalReading.Verdict;
import dev.tidemark.run.settings.RunScope;

/**
 * The beans that are told of backfills, or slow them down. They are needed after the
 * start, so that they may use what waits for the migrations: each is got when it is
 * called first.
 *
 * @since 0.1.0
 */
public final class BackfillBeans {

	private final ConfigurableListableBeanFactory beans;

	/**
	 * Looks for beans.
	 * @param beans the beans of the application
	 */
	public BackfillBeans(ConfigurableListableBeanFactory beans) {
		this.beans = beans;
	}

	/**
	 * Adds what there is.
	 * @param builder what it is added to
	 */
	public void addTo(Tidemark.Builder builder) {
		if (names(BackfillListener.class).length > 0) {
			builder.backfillListener(new Listeners(this.beans));
		}
		for (String name : names(BackfillThrottle.class)) {
			if (!ScopedProxyUtils.isScopedTarget(name)) {
				builder.backfillThrottle(() -> look(name));
			}
		}
	}

	/** Where it does not answer, its name says which one. */
	private SignalReading look(String name) {
		String reason;
		try {
			SignalReading reading = this.beans.getBean(name, BackfillThrottle.class).look();
			if (reading != null) {
				return reading;
			}
			reason = "it returns null";
		}
		catch (RuntimeException ex) {
			reason = "it fails with " + ex.getClass().getName();
		}
		return new SignalReading(name, Verdict.UNKNOWN, null, "", reason);
	}

	private String[] names(Class<?> type) {
		return BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beans, type, true, false);
	}

	/** All listeners in their order. */
	private static final class Listeners implements BackfillListener {

		private final ConfigurableListableBeanFactory beans;

		private volatile @Nullable List<BackfillListener> found;

		Listeners(ConfigurableListableBeanFactory beans) {
			this.beans = beans;
		}

		private void each(Consumer<BackfillListener> event) {
			List<BackfillListener> listeners = this.found;
			if (listeners == null) {
				listeners = new OrderedBeans(this.beans).get(BackfillListener.class);
				this.found = listeners;
			}
			RuntimeException failure = null;
			for (BackfillListener listener : listeners) {
				try {
					event.accept(listener);
				}
				catch (RuntimeException ex) {
					// It must not keep the others from being told.
					failure = ex;
				}
			}
			if (failure != null) {
				throw failure;
			}
		}

		@Override
		public void backfillStarted(RunScope scope, BackfillProgress progress) {
			each((listener) -> listener.backfillStarted(scope, progress));
		}

		@Override
		public void batchCommitted(RunScope scope, BackfillProgress progress, BatchInfo batch) {
			each((listener) -> listener.batchCommitted(scope, progress, batch));
		}

		@Override
		public void backfillThrottled(RunScope scope, BackfillProgress progress) {
			each((listener) -> listener.backfillThrottled(scope, progress));
		}

		@Override
		public void backfillEnded(RunScope scope, BackfillProgress progress) {
			each((listener) -> listener.backfillEnded(scope, progress));
		}

		@Override
		public void backfillLeft(RunScope scope, BackfillProgress progress) {
			each((listener) -> listener.backfillLeft(scope, progress));
		}

	}

}
