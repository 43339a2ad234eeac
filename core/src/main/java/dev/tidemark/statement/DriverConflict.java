package dev.tidemark.statement;

/**
 * What a statement does that the PostgreSQL JDBC driver cannot live with: it closes the
 * connection, or reports an error although the server goes on.
 *
 * @since 0.1.0
 */
public enum DriverConflict {

	/** It sets {@code client_encoding} to another encoding than UTF-8. */
	CLIENT_ENCODING,

	/** It sets {@code DateStyle} to another style than ISO. */
	DATE_STYLE,

	/** It copies rows to the client. */
	COPY_TO_CLIENT

}
