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
	 * @param page which page of what is applied to show, or {@code null} for the newest
	 * @param size how many migrations a page has, or {@code null}
	 * @return the migrations, or what is wrong with the request, as a
	 * {@link RefusalDescriptor}
	 * @see MigrationsEndpoint#migrations(String, Integer, Integer)
	 */
	@ReadOperation
	public WebEndpointResponse<?> migrations(@Nullable String tenant, @Nullable Integer page, @Nullable Integer size) {
		return answer(() -> this.endpoint.migrations(tenant, page, size));
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
	 * @param rank which of its runs
	 * @param as what was decided
	 * @param reason why
	 * @param tidemark the name of the bean whose database is meant, or {@code null}
	 * @return the migration as it is then; what stands in the way, as a
	 * {@link RefusalDescriptor}; or nothing if nobody knows the migration
	 * @see MigrationsEndpoint#resolve(String, int, Resolution, String, String)
	 */
	@WriteOperation
	public WebEndpointResponse<?> resolve(@Selector String version, int rank, Resolution as, String reason,
			@Nullable String tidemark) {
		return answer(() -> this.endpoint.resolve(version, rank, as, reason, tidemark));
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
	public WebEndpointResponse<?> undo(@Nullable String to, @Nullable String from, @Nullable Integer count,
			@Nullable String deployment, String reason, @Nullable String allowDataLoss, @Nullable String tidemark) {
		return answer(() -> this.endpoint.undo(to, from, count, deployment, reason, allowDataLoss, tidemark));
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
		return switch (code) {
			case DATABASE_UNCLEAR, UNDO_UNCLEAR, SETTING -> WebEndpointResponse.STATUS_BAD_REQUEST;
			case CONNECTION_REFUSED, CONNECTION_LOST, AUTHENTICATION, DATABASE_MISSING ->
				WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE;
			default -> STATUS_CONFLICT;
		};
	}

}
