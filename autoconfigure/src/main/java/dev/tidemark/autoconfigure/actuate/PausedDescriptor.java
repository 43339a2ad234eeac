package dev.tidemark.autoconfigure.actuate;

import java.util.List;
import java.util.Map;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What was done about all backfills at once.
 *
 * @param paused the backfills that are paused now, by the name of the bean whose
 * databases they are in
 * @param problems why a database could not be asked, by the same names
 * @since 0.1.0
 */
public record PausedDescriptor(Map<String, List<BackfillDescriptor>> paused,
		Map<String, List<ProblemDescriptor>> problems) implements OperationResponseBody {

}
