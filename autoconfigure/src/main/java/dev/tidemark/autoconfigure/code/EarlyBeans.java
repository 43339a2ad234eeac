package dev.tidemark.autoconfigure.code;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.BeanCurrentlyInCreationException;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.CodeBackfill;
import dev.tidemark.migration.CodeMigration;
import dev.tidemark.run.Callback;

/**
 * Gets the beans that work in a run, before everything that waits for the run. One that
 * needs such a thing, as JPA is, waits for itself: that is told in terms of migrations.
 *
 * @since 0.1.0
 */
public final class EarlyBeans {

	private EarlyBeans() {
	}

	public static List<CodeMigration> migrations(OrderedBeans beans) {
		return get(() -> beans.get(CodeMigration.class), "migration");
	}

	public static List<CodeBackfill> backfills(OrderedBeans beans) {
		return get(() -> beans.get(CodeBackfill.class), "backfill");
	}

	public static List<Callback> callbacks(OrderedBeans beans) {
		return get(() -> beans.get(Callback.class), "callback");
	}

	/** Gets the bean that knows the tenants, if there is one. */
	public static <T extends @Nullable Object> T tenants(Supplier<T> bean) {
		return get(bean, "TenantSchemas");
	}

	private static <T extends @Nullable Object> T get(Supplier<T> beans, String kind) {
		try {
			return beans.get();
		}
		catch (BeanCreationException ex) {
			List<String> path = path(ex);
			if (!isCircular(ex) || path.isEmpty()) {
				throw ex;
			}
			// Without a cause, in which Spring Boot would find the circle and advise on
			// it.
			throw new TidemarkException(tooEarly(kind, path));
		}
	}

	private static boolean isCircular(Throwable thrown) {
		for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
			boolean dependsOn = cause instanceof BeanCreationException
					&& String.valueOf(cause.getMessage()).contains("Circular depends-on");
			if (dependsOn || cause instanceof BeanCurrentlyInCreationException) {
				return true;
			}
		}
		return false;
	}

	/** Returns the names of the beans, from the one that was asked for inwards. */
	private static List<String> path(Throwable thrown) {
		List<String> path = new ArrayList<>();
		for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
			if (cause instanceof BeanCreationException creation && creation.getBeanName() != null
					&& !path.contains(creation.getBeanName())) {
				path.add(creation.getBeanName());
			}
		}
		return path;
	}

	/** A bean that was asked for first does not tell what it had asked for. */
	private static Problem tooEarly(String kind, List<String> path) {
		return Problem.error(ErrorCode.CODE_TOO_EARLY, (Place) null,
				"The " + kind + " bean '" + path.get(0) + "' needs what is only there after the migrations"
						+ ((path.size() > 1) ? ": " + String.join(" -> ", path) : "")
						+ ". Spring makes JPA, JdbcClient, "
						+ "jOOQ and whatever else works on the schema wait for the migrations, so the " + kind
						+ " would wait for itself.",
				kind.equals("TenantSchemas")
						? "Ask the database through its DataSource, as JdbcClient.create(dataSource) "
								+ "does, which waits for nothing."
						: "Work with the JdbcClient that the " + kind
								+ " is given when it is called, which is in its transaction, "
								+ "and inject nothing that uses the database. What needs entities or repositories "
								+ "belongs after the start, such as into an ApplicationRunner.");
	}

}
