package dev.tidemark.session.outcome;

import java.time.Duration;
import java.util.function.UnaryOperator;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.ServerError;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The ends of a session that a server tells only at moments that no test can bring about.
 */
class SessionEndTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					57P03 | The server is starting or shutting down, in the middle of version 2. | when it is up
					57P04 | The database was dropped, or got another name, in the middle of version 2. | create it
					XX000 | The server reported an error in the middle of version 2, and its session could not | what the server says
					""")
	void isNamedByWhatTheServerSaid(String sqlState, String what, String remedy) {
		PSQLException thrown = new PSQLException(new ServerErrorMessage("SFATAL\0C" + sqlState + "\0Mthe end\0"),
				false);

		SessionEnd end = SessionEnd.of("version 2", thrown, ServerError.of(thrown), null, Outcome.Server.SAME,
				Duration.ZERO, UnaryOperator.identity());

		assertThat(end.code()).isEqualTo(sqlState.startsWith("57") ? ErrorCode.CONNECTION_LOST : ErrorCode.STATEMENT);
		assertThat(end.what()).startsWith(what);
		assertThat(end.remedy()).contains(remedy);
	}

}
