package dev.tidemark.run;

import java.sql.Connection;

import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

import dev.tidemark.source.JdbcContext;

/**
 * Spring's access to a connection that is lent to code.
 *
 * @param operations the operations
 * @param client the client
 */
record LentJdbc(JdbcOperations operations, JdbcClient client) implements JdbcContext {

	static LentJdbc of(Connection connection) {
		JdbcOperations operations = new JdbcTemplate(new LentDataSource(connection));
		return new LentJdbc(operations, JdbcClient.create(operations));
	}

}
