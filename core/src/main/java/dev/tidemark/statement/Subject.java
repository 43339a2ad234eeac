package dev.tidemark.statement;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * What a statement is about: the command with the objects that it names, for commands
 * that can be in doubt after a crash because no transaction holds them together. Only
 * what the text tells is in here; nothing was looked up.
 *
 * @since 0.1.0
 */
public sealed interface Subject {

	/**
	 * {@code CREATE INDEX}.
	 *
	 * @param name the name, or {@code null} if the server is to choose one; the index
	 * lives in the schema of its table
	 * @param table the table
	 * @param unique whether the index is unique
	 * @param concurrently whether it is built {@code CONCURRENTLY}
	 * @param ifNotExists whether an existing relation of that name is accepted
	 * @param tablespace the tablespace, or {@code null} if the statement names none
	 * @param definition the text behind the table, from {@code USING} or the columns to
	 * the end
	 * @since 0.1.0
	 */
	record CreateIndex(@Nullable String name, QualifiedName table, boolean unique, boolean concurrently,
			boolean ifNotExists, @Nullable String tablespace, String definition) implements Subject {

	}

	/**
	 * {@code DROP INDEX}.
	 *
	 * @param names the indexes
	 * @param concurrently whether they are dropped {@code CONCURRENTLY}
	 * @param ifExists whether they may be missing
	 * @since 0.1.0
	 */
	record DropIndex(List<QualifiedName> names, boolean concurrently, boolean ifExists) implements Subject {

	}

	/**
	 * {@code REINDEX}.
	 *
	 * @param target what kind of object the name is
	 * @param name the name, or {@code null} for the current database
	 * @param concurrently whether the indexes are rebuilt {@code CONCURRENTLY}
	 * @since 0.1.0
	 */
	record Reindex(Target target, @Nullable QualifiedName name, boolean concurrently) implements Subject {

		/**
		 * What {@code REINDEX} can be told to rebuild.
		 *
		 * @since 0.1.0
		 */
		public enum Target {

			/** One index. */
			INDEX,

			/** The indexes of a table. */
			TABLE,

			/** The indexes of a schema. */
			SCHEMA,

			/** The indexes of the database. */
			DATABASE,

			/** The indexes of the system catalogues. */
			SYSTEM

		}

	}

	/**
	 * {@code ALTER TABLE … DETACH PARTITION}.
	 *
	 * @param parent the partitioned table
	 * @param partition the partition
	 * @param mode how it is detached
	 * @since 0.1.0
	 */
	record DetachPartition(QualifiedName parent, QualifiedName partition, Mode mode) implements Subject {

		/**
		 * How a partition is detached.
		 *
		 * @since 0.1.0
		 */
		public enum Mode {

			/** In one transaction. */
			AT_ONCE,

			/** In two transactions, {@code CONCURRENTLY}. */
			CONCURRENTLY,

			/** The second one of two transactions, {@code FINALIZE}. */
			FINALIZE

		}

	}

	/**
	 * {@code ALTER TYPE … ADD VALUE}.
	 *
	 * @param type the enum type
	 * @param value the label
	 * @param ifNotExists whether the label may be there
	 * @since 0.1.0
	 */
	record AddEnumValue(QualifiedName type, String value, boolean ifNotExists) implements Subject {

	}

	/**
	 * {@code CREATE DATABASE}.
	 *
	 * @param name the database
	 * @since 0.1.0
	 */
	record CreateDatabase(String name) implements Subject {

	}

	/**
	 * {@code DROP DATABASE}.
	 *
	 * @param name the database
	 * @param ifExists whether it may be missing
	 * @since 0.1.0
	 */
	record DropDatabase(String name, boolean ifExists) implements Subject {

	}

	/**
	 * {@code ALTER DATABASE … SET TABLESPACE}.
	 *
	 * @param name the database
	 * @param tablespace the tablespace that it moves to
	 * @since 0.1.0
	 */
	record MoveDatabase(String name, String tablespace) implements Subject {

	}

	/**
	 * {@code CREATE TABLESPACE}.
	 *
	 * @param name the tablespace
	 * @param location its directory as the statement writes it
	 * @since 0.1.0
	 */
	record CreateTablespace(String name, String location) implements Subject {

	}

	/**
	 * {@code DROP TABLESPACE}.
	 *
	 * @param name the tablespace
	 * @param ifExists whether it may be missing
	 * @since 0.1.0
	 */
	record DropTablespace(String name, boolean ifExists) implements Subject {

	}

	/**
	 * {@code ALTER SYSTEM}.
	 *
	 * @param parameter the parameter, or {@code null} for all of them
	 * @param reset whether its value is taken back instead of set
	 * @since 0.1.0
	 */
	record AlterSystem(@Nullable String parameter, boolean reset) implements Subject {

	}

	/**
	 * {@code COMMIT PREPARED} or {@code ROLLBACK PREPARED}.
	 *
	 * @param commit whether the transaction is committed
	 * @param identifier the identifier that it was prepared under
	 * @since 0.1.0
	 */
	record FinishPrepared(boolean commit, String identifier) implements Subject {

	}

	/**
	 * A command about a subscription to logical replication.
	 *
	 * @param action what is done to it
	 * @param name the subscription
	 * @since 0.1.0
	 */
	record Subscription(Action action, String name) implements Subject {

		/**
		 * What is done to a subscription.
		 *
		 * @since 0.1.0
		 */
		public enum Action {

			/** It is created. */
			CREATE,

			/** It is dropped. */
			DROP,

			/** Its list of tables is brought up to date. */
			REFRESH,

			/** Its publications or options are set to what the statement says. */
			SET,

			/** Anything else. */
			OTHER

		}

	}

	/**
	 * {@code CLUSTER} or {@code REPACK} of one table, which change how it is stored and
	 * never what it says.
	 *
	 * @param command the command
	 * @param table the table
	 * @since 0.1.0
	 */
	record Cluster(String command, QualifiedName table) implements Subject {

	}

	/**
	 * A command that changes how things are stored or cached and never what they say, so
	 * that one may give it as often as one likes: {@code VACUUM}, {@code ANALYZE},
	 * {@code CHECKPOINT}, {@code DISCARD}, {@code REFRESH MATERIALIZED VIEW}, and
	 * {@code CLUSTER} or {@code REPACK} without a table.
	 *
	 * @param command the command
	 * @since 0.1.0
	 */
	record Maintenance(String command) implements Subject {

	}

	/**
	 * Any other statement, and one whose text was not understood.
	 *
	 * @param command the command
	 * @since 0.1.0
	 */
	record Other(String command) implements Subject {

	}

}
