package dev.tidemark.autoconfigure.start;

import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

import dev.tidemark.autoconfigure.exit.StartFailedException;
import dev.tidemark.autoconfigure.output.StartFailure;
import dev.tidemark.autoconfigure.output.StartReport;
import dev.tidemark.autoconfigure.output.TerminationLog;
import dev.tidemark.autoconfigure.properties.ReportProperties;

/**
 * Tells those who watch the process from outside why a start failed that a migration or a
 * property of ours made fail. The properties as a whole may be what cannot be read, so
 * each is read by itself.
 *
 * @since 0.1.0
 */
public final class FailedStartListener implements ApplicationListener<ApplicationFailedEvent> {

	@Override
	public void onApplicationEvent(ApplicationFailedEvent event) {
		ConfigurableApplicationContext context = event.getApplicationContext();
		if (context != null) {
			StartFailure.in(event.getException())
				.ifPresent((failure) -> tell(failure, event.getException(), context.getEnvironment()));
		}
	}

	private static void tell(StartFailure failure, Throwable exception, Environment environment) {
		new TerminationLog(
				environment.getProperty("tidemark.report.termination-log", ReportProperties.DEFAULT.terminationLog()))
			.write(failure);
		String report = environment.getProperty("tidemark.report.file");
		if (report != null && !isReported(exception)) {
			StartReport.of(report, environment.getProperty("tidemark.mode", "migrate")).refused(failure);
		}
	}

	/** Who was at work when it failed knows more. */
	private static boolean isReported(Throwable exception) {
		for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
			if (cause instanceof StartFailedException failed && failed.isReported()) {
				return true;
			}
		}
		return false;
	}

}
