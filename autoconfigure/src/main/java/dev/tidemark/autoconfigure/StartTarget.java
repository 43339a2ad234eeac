package dev.tidemark.autoconfigure;

import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.tidemark.Tenants;
import dev.tidemark.Tidemark;
import dev.tidemark.run.Preview;

/**
 * What a start is about: one schema, or those of many tenants.
 */
interface StartTarget {

	/** Returns the name of the instance. */
	String name();

	/**
	 * Migrates.
	 * @param before is done to a single schema before
	 */
	void migrate(Consumer<Tidemark> before);

	void verify();

	List<Preview> plan();

	void cancel();

	/** Returns the one that is about a single schema, or {@code null}. */
	default @Nullable Tidemark single() {
		return null;
	}

	/**
	 * Returns the same target with a mode of its own.
	 * @param mode the mode, or {@code null} if it has none
	 */
	default StartTarget in(@Nullable Mode mode) {
		return (mode == Mode.VERIFY || mode == Mode.OFF) ? new Restricted(this, mode == Mode.VERIFY) : this;
	}

	static StartTarget of(Tidemark tidemark) {
		return new Schema(tidemark);
	}

	static StartTarget of(Tenants tenants) {
		return new Schemas(tenants);
	}

	/**
	 * One schema.
	 *
	 * @param tidemark migrates it
	 */
	record Schema(Tidemark tidemark) implements StartTarget {

		@Override
		public String name() {
			return this.tidemark.name();
		}

		@Override
		public void migrate(Consumer<Tidemark> before) {
			before.accept(this.tidemark);
			this.tidemark.migrate();
		}

		@Override
		public void verify() {
			this.tidemark.verify();
		}

		@Override
		public List<Preview> plan() {
			return List.of(this.tidemark.plan());
		}

		@Override
		public void cancel() {
			this.tidemark.cancel();
		}

		@Override
		public Tidemark single() {
			return this.tidemark;
		}

	}

	/**
	 * Many schemas.
	 *
	 * @param tenants migrates them
	 */
	record Schemas(Tenants tenants) implements StartTarget {

		@Override
		public String name() {
			return this.tenants.name();
		}

		@Override
		public void migrate(Consumer<Tidemark> before) {
			this.tenants.migrate();
		}

		@Override
		public void verify() {
			this.tenants.verify();
		}

		@Override
		public List<Preview> plan() {
			return this.tenants.plan();
		}

		@Override
		public void cancel() {
			this.tenants.cancel();
		}

	}

	/**
	 * One that this application may not change.
	 *
	 * @param target the target
	 * @param verified whether it is to be as expected
	 */
	record Restricted(StartTarget target, boolean verified) implements StartTarget {

		@Override
		public String name() {
			return this.target.name();
		}

		@Override
		public void migrate(Consumer<Tidemark> before) {
			verify();
		}

		@Override
		public void verify() {
			if (this.verified) {
				this.target.verify();
			}
		}

		@Override
		public List<Preview> plan() {
			return this.verified ? this.target.plan() : List.of();
		}

		@Override
		public void cancel() {
			this.target.cancel();
		}

	}

}
