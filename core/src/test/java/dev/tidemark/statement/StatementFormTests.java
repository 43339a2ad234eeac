package dev.tidemark.statement;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.tidemark.statement.parse.Statements;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What our model says of some statements of each kind, beside what PostgreSQL's own
 * parser said of them when {@code forms.tsv} was made: the sample that each build takes
 * of {@link StatementModelProofTests}.
 */
class StatementFormTests {

	static List<CollectedStatement> statements() throws IOException {
		return CollectedStatement.checkedIn();
	}

	private static Statement read(CollectedStatement statement) {
		return Statements.of(statement.split().get(0));
	}

	@ParameterizedTest
	@MethodSource("statements")
	void kindNamesAndActionsAreThoseOfPostgres(CollectedStatement statement) {
		NormalForm form = NormalForm.of(read(statement));

		assertThat(statement.equals(form)).as("%s is %s", form, statement.form()).isTrue();
	}

	@Test
	void everyKindIsThere() throws IOException {
		Set<Class<?>> kinds = new HashSet<>(Arrays.asList(Statement.class.getPermittedSubclasses()));
		kinds.removeAll(
				statements().stream().map((statement) -> read(statement).getClass()).collect(Collectors.toSet()));

		// The second one came with PostgreSQL 19.
		assertThat(kinds).containsExactlyInAnyOrder(Unknown.class, WaitFor.class);
	}

}
