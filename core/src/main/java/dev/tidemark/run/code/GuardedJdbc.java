package dev.tidemark.run.code;

import java.sql.Connection;

import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

import dev.tidemark.migration.JdbcContext;

/**
 * Spring's access to a connection that is lent to code.
 *
 * @param operations the operations
 * @param client the client
 */
record GuardedJdbc(JdbcOperations operations, JdbcClient client) implements JdbcContext {

	static GuardedJdbc of(Connection connection) {
		JdbcOperations operations = new JdbcTemplate(new GuardedDataSource(connection));
		return new GuardedJdbc(operations, JdbcClient.create(operations));
	}

}
