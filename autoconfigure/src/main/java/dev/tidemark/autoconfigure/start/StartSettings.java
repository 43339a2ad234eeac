package dev.tidemark.autoconfigure.start;

import java.time.Duration;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import dev.tidemark.autoconfigure.output.TerminationLog;
import dev.tidemark.autoconfigure.properties.InspectionProperties;
import dev.tidemark.autoconfigure.properties.Mode;
import dev.tidemark.autoconfigure.properties.PrintProperties;
import dev.tidemark.autoconfigure.properties.ReportProperties;
import dev.tidemark.autoconfigure.properties.ResolveProperties;
import dev.tidemark.autoconfigure.properties.StatusProperties;
import dev.tidemark.autoconfigure.properties.TidemarkProperties;
import dev.tidemark.autoconfigure.properties.UndoProperties;

/**
 * What a start as a whole is told.
 *
 * @param mode what to do
 * @param resolve a decision to carry out before, or {@code null}
 * @param undo what to undo, or {@code null}
 * @param plan how a plan is printed
 * @param status what a status shows, and how it is printed
 * @param report the file of the report, or {@code null} for none
 * @param terminationLog where the reason of a failure is told
 * @param lookTimeout how long a database may take to answer after a failure
 */
record StartSettings(Mode mode, @Nullable ResolveProperties resolve, @Nullable UndoProperties undo,
		PrintProperties plan, StatusProperties status, @Nullable String report, TerminationLog terminationLog,
		Duration lookTimeout) {

	/** What is used if nothing but the mode is configured. */
	static StartSettings of(Mode mode) {
		return new StartSettings(mode, null, null, PrintProperties.DEFAULT, StatusProperties.DEFAULT, null,
				new TerminationLog(ReportProperties.DEFAULT.terminationLog()), InspectionProperties.DEFAULT.timeout());
	}

	static StartSettings of(TidemarkProperties properties) {
		return new StartSettings(properties.mode(), properties.resolve(), properties.undo(), properties.plan(),
				properties.status(), properties.report().file(),
				new TerminationLog(properties.report().terminationLog()), properties.inspection().timeout());
	}

	/** Returns the mode as the configuration writes it. */
	String modeName() {
		return this.mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
