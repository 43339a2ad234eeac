package dev.tidemark.migration;

import java.util.List;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.Thrown;
import dev.tidemark.error.TidemarkException;

/**
 * What code says of itself, asked once.
 *
 * @param code the code
 * @param identity what makes it the same migration over all builds
 * @param description the description
 * @param checksum what stands for its content, or {@code null}
 * @param dependsOn the names of repeatables
 * @param script what it is called
 */
record CodeAccount(CodeMigration code, Identity identity, String description, @Nullable String checksum,
		List<String> dependsOn, String script) {

	/**
	 * Asks code.
	 * @throws TidemarkException if it does not tell
	 */
	static CodeAccount of(CodeMigration code) {
		if (code instanceof BackfillInOnePiece piece) {
			told(code, "table(), keys() or verify()", piece::file);
		}
		return new CodeAccount(code, required(code, "identity()", code::identity),
				required(code, "description()", code::description), told(code, "checksum()", code::checksum),
				required(code, "dependsOn()", () -> List.copyOf(code.dependsOn())),
				required(code, "script()", code::script));
	}

	private static <T> T required(CodeMigration code, String method, Callable<@Nullable T> answer) {
		T told = told(code, method, answer);
		if (told == null) {
			throw new TidemarkException(silent(code, method + " returned null"));
		}
		return told;
	}

	private static <T> @Nullable T told(CodeMigration code, String method, Callable<@Nullable T> answer) {
		try {
			return answer.call();
		}
		catch (TidemarkException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new TidemarkException(silent(code, method + " failed with " + Thrown.of(ex).inWords()));
		}
	}

	private static Problem silent(CodeMigration code, String what) {
		Object written = (code instanceof BackfillInOnePiece piece) ? piece.backfill() : code;
		return Problem.error(ErrorCode.CODE, Place.file(ClassUtils.getUserClass(written).getName()),
				"The migration in Java does not tell what it is: " + what + ".", "Correct the code, and start again.");
	}

}
