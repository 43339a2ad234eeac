package dev.tidemark.autoconfigure.actuate;

import java.util.List;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import dev.tidemark.error.TidemarkException;

/**
 * Why the endpoint did not do what it was asked for.
 *
 * @param problems what stands in the way, and what to do
 * @since 0.1.0
 */
public record RefusalDescriptor(List<ProblemDescriptor> problems) implements OperationResponseBody {

	static RefusalDescriptor of(TidemarkException refusal) {
		return new RefusalDescriptor(ProblemDescriptor.of(refusal.problems()));
	}

}
