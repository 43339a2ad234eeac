package dev.tidemark.autoconfigure.actuate;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.run.Resolution;

/**
 * {@link EndpointWebExtension} that tells whoever asked by HTTP why that was refused,
 * which an exception would not.
 *
 * @since 0.1.0
 */
@EndpointWebExtension(endpoint = MigrationsEndpoint.class)
public class MigrationsEndpointWebExtension {

	private static final int STATUS_CONFLICT = 409;

	private final MigrationsEndpoint endpoint;

	/**
	 * Makes an extension.
	 * @param endpoint what requests are handed to
	 */
	public MigrationsEndpointWebExtension(MigrationsEndpoint endpoint) {
		this.endpoint = endpoint;
	}

	/**
	 * Shows all migrations.
	 * @param tenant the schema of a tenant to show alone, or {@code null}
	 * @param page which page of what is applied to show, or {@code null} for the newest;
	 * a text that is no number is refused, as for the next one, with what is wrong rather
	 * than an empty answer
	 * @param size how many migrations a page has, or {@code null}
	 * @return the migrations, or what is wrong with the request, as a
	 * {@link RefusalDescriptor}
	 * @see MigrationsEndpoint#migrations(String, Integer, Integer)
	 */
	@ReadOperation
	public WebEndpointResponse<?> migrations(@Nullable String tenant, @Nullable String page, @Nullable String size) {
		return answer(() -> {
			RequestFields fields = new RequestFields("?page=1&size=100");
			return this.endpoint.migrations(tenant, fields.numberOrNull("page", page),
					fields.numberOrNull("size", size));
		});
	}

	/**
	 * Shows one migration.
	 * @param version the version, or the name of a repeatable
	 * @param tenant the schema of the tenant to look at, or {@code null}
	 * @return the migration; what is wrong with the request, as a
	 * {@link RefusalDescriptor}; or nothing if nobody knows the migration
	 * @see MigrationsEndpoint#migration(String, String)
	 */
	@ReadOperation
	public WebEndpointResponse<?> migration(@Selector String version, @Nullable String tenant) {
		return answer(() -> this.endpoint.migration(version, tenant));
	}

	/**
	 * Changes what becomes of a migration. What is missing or cannot be read is refused
	 * with what is wrong rather than an empty answer.
	 * @param version the version, or the name of a repeatable
	 * @param action what is wanted, or {@code null} to record a decision
	 * @param reason why
	 * @param tidemark the name of the bean that is meant, or {@code null}
	 * @param rank for a decision: which of its runs
	 * @param as for a decision: what was decided
	 * @param duty for a pace: the share of the time that it works
	 * @param maxRowsPerSecond for a pace: how many rows a second at most
	 * @param maxWalPerSecond for a pace: how much log a second at most
	 * @param target for a pace: how long a batch should take
	 * @param maxSize for a pace: how many keys a batch has at most
	 * @param batches for a dry run: how many batches
	 * @return what came of it; what stands in the way, as a {@link RefusalDescriptor}; or
	 * nothing if nobody knows the migration
	 * @see MigrationsEndpoint#change
	 */
	@WriteOperation
	public WebEndpointResponse<?> change(@Selector String version, @Nullable String action, @Nullable String reason,
			@Nullable String tidemark, @Nullable String rank, @Nullable String as, @Nullable String duty,
			@Nullable String maxRowsPerSecond, @Nullable String maxWalPerSecond, @Nullable String target,
			@Nullable String maxSize, @Nullable String batches) {
		return answer(() -> {
			// Who names an action means a backfill, whatever is wrong with the word.
			MigrationAction wanted = MigrationAction.PAUSE.fields()
				.wordOrNull("action", action, MigrationAction.values());
			RequestFields fields = ((wanted != null) ? wanted : MigrationAction.RESOLVE).fields();
			return this.endpoint.change(version, wanted, reason, tidemark, fields.numberOrNull("rank", rank),
					fields.wordOrNull("as", as, Resolution.values()), duty, maxRowsPerSecond, maxWalPerSecond, target,
					maxSize, fields.numberOrNull("batches", batches));
		});
	}

	/**
	 * Changes many migrations at once.
	 * @param action what is wanted, or {@code null} to undo
	 * @param reason why
	 * @param tidemark the name of the bean that is meant, or {@code null}
	 * @param to for an undo: the version that stays as the newest one
	 * @param from for an undo: the version that was applied last
	 * @param count for an undo: how many migrations to undo, or {@code null} for one
	 * @param deployment for an undo: the id of the run whose migrations are undone
	 * @param allowDataLoss for an undo: why data may be lost, or {@code null} if it may
	 * not
	 * @return what was undone or paused; or what stands in the way, as a
	 * {@link RefusalDescriptor}
	 * @see MigrationsEndpoint#changeAll
	 */
	@WriteOperation
	public WebEndpointResponse<?> changeAll(@Nullable String action, @Nullable String reason, @Nullable String tidemark,
			@Nullable String to, @Nullable String from, @Nullable String count, @Nullable String deployment,
			@Nullable String allowDataLoss) {
		return answer(() -> {
			RequestFields fields = new RequestFields("{\"from\": \"7\", \"reason\": \"…\"}");
			MigrationsAction wanted = new RequestFields("{\"action\": \"pause-backfills\", \"reason\": \"…\"}")
				.wordOrNull("action", action, MigrationsAction.values());
			Integer number = (count != null) ? Integer.valueOf(fields.number("count", count)) : null;
			return this.endpoint.changeAll(wanted, fields.text("reason", reason), tidemark, to, from, number,
					deployment, allowDataLoss);
		});
	}

	private static WebEndpointResponse<?> answer(Supplier<@Nullable Object> asked) {
		try {
			Object answer = asked.get();
			return (answer != null) ? new WebEndpointResponse<>(answer)
					: new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
		}
		catch (TidemarkException ex) {
			return new WebEndpointResponse<>(RefusalDescriptor.of(ex), status(ex.code()));
		}
	}

	private static int status(ErrorCode code) {
		if (code.isNotConnected() || code == ErrorCode.CONNECTION_LOST) {
			return WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE;
		}
		return switch (code) {
			case DATABASE_UNCLEAR, UNDO_UNCLEAR, SETTING, REQUEST -> WebEndpointResponse.STATUS_BAD_REQUEST;
			default -> STATUS_CONFLICT;
		};
	}

}
