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
	 * Records a decision.
	 * @param version the version, or the name of a repeatable
	 * @param rank which of its runs; {@code null} is refused, as for the next two, with
	 * what is missing rather than an empty answer
	 * @param as what was decided
	 * @param reason why
	 * @param tidemark the name of the bean whose database is meant, or {@code null}
	 * @return the migration as it is then; what stands in the way, as a
	 * {@link RefusalDescriptor}; or nothing if nobody knows the migration
	 * @see MigrationsEndpoint#resolve(String, int, Resolution, String, String)
	 */
	@WriteOperation
	public WebEndpointResponse<?> resolve(@Selector String version, @Nullable String rank, @Nullable String as,
			@Nullable String reason, @Nullable String tidemark) {
		return answer(() -> {
			RequestFields fields = new RequestFields("{\"rank\": 12, \"as\": \"retry\", \"reason\": \"…\"}");
			int run = fields.number("rank", rank);
			Resolution resolution = fields.word("as", as, Resolution.values());
			return this.endpoint.resolve(version, run, resolution, fields.text("reason", reason), tidemark);
		});
	}

	/**
	 * Undoes migrations.
	 * @param to the version that stays as the newest one, or {@code null}
	 * @param from the version that was applied last, or {@code null}
	 * @param count how many migrations to undo, or {@code null} for one
	 * @param deployment the id of the run whose migrations are undone, or {@code null}
	 * @param reason why
	 * @param allowDataLoss why data may be lost, or {@code null} if it may not
	 * @param tidemark the name of the bean whose database is meant, or {@code null}
	 * @return what was undone; or what stands in the way, as a {@link RefusalDescriptor}
	 * @see MigrationsEndpoint#undo(String, String, Integer, String, String, String,
	 * String)
	 */
	@WriteOperation
	public WebEndpointResponse<?> undo(@Nullable String to, @Nullable String from, @Nullable String count,
			@Nullable String deployment, @Nullable String reason, @Nullable String allowDataLoss,
			@Nullable String tidemark) {
		return answer(() -> {
			RequestFields fields = new RequestFields("{\"from\": \"7\", \"reason\": \"…\"}");
			Integer number = (count != null) ? Integer.valueOf(fields.number("count", count)) : null;
			return this.endpoint.undo(to, from, number, deployment, fields.text("reason", reason), allowDataLoss,
					tidemark);
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
