package dev.tidemark.autoconfigure.backfill;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.migration.backfill.Reads;
import dev.tidemark.rollout.BackfillScope;
import dev.tidemark.testkit.OwnThread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class BackfillLifecycleTests {

	/** What happened in the application, in order. */
	private final List<String> events = new CopyOnWriteArrayList<>();

	private final List<Application> applications = new CopyOnWriteArrayList<>();

	@AfterEach
	void close() {
		this.applications
			.forEach((application) -> application.context.thenAccept(ConfigurableApplicationContext::close));
	}

	private Application start(FakeBackfills... databases) {
		return start(true, databases);
	}

	private Application start(boolean works, FakeBackfills... databases) {
		Application application = new Application();
		List<BackfillTarget> targets = List.of(databases)
			.stream()
			.map((database) -> new BackfillTarget("orders", database, works))
			.toList();
		application.start = OwnThread
			.supply(() -> new SpringApplicationBuilder(Nothing.class).web(WebApplicationType.NONE)
				.registerShutdownHook(false)
				.initializers((context) -> application.prepare((GenericApplicationContext) context, targets))
				.run());
		this.applications.add(application);
		return application;
	}

	@Test
	void theApplicationIsAliveAndNotReadyUntilWhatItReadsIsDone(CapturedOutput output) {
		FakeBackfills backfills = FakeBackfills.reading("8");
		Application application = start(backfills);
		await().until(backfills::isWorking);

		assertThat(this.events).containsExactly("CORRECT");
		assertThat(application.start).isNotDone();
		assertThat(output).contains("not ready until what this build reads is done: orders: version 8 "
				+ "(V8__copy.backfill.sql): waiting, 30 %");
		backfills.finishWork();
		application.awaitStart();
		assertThat(this.events).containsExactly("CORRECT", "runner", "ACCEPTING_TRAFFIC");
	}

	@Test
	void whatThisBuildDoesNotReadGoesOnAfterTheStart() {
		FakeBackfills backfills = FakeBackfills.notReading("8");
		start(backfills).awaitStart();

		await().until(backfills::isWorking);
		assertThat(this.events).containsExactly("CORRECT", "runner", "ACCEPTING_TRAFFIC");
		assertThat(backfills.works).containsExactly(BackfillScope.ALL);
		assertThat(thread().isDaemon()).isTrue();
	}

	private static Thread thread() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("tidemark-backfill-orders"))
			.findFirst()
			.orElseThrow();
	}

	@Test
	void whereNothingIsLeftNothingIsDone() {
		Application application = start();
		application.awaitStart();

		assertThat(application.lifecycle().isRunning()).isFalse();
		assertThat(this.events).containsExactly("CORRECT", "runner", "ACCEPTING_TRAFFIC");
	}

	@Test
	void anInstanceThatDoesNotWorkGetsReadyWhenAnotherOneIsDone(CapturedOutput output) {
		FakeBackfills backfills = FakeBackfills.reading("8");
		Application application = start(false, backfills);
		await().until(() -> output.toString().contains("Backfills of orders are left to other instances"));

		assertThat(application.start).isNotDone();
		await().until(() -> backfills.lookCount() > 5);
		backfills.finish();
		application.awaitStart();
		assertThat(backfills.works).isEmpty();
		assertThat(output.toString().split("are left to other instances", -1)).hasSize(2);
	}

	@Test
	void readinessIsAllDatabasesAndOneThatIsAwayStopsNoOther() {
		FakeBackfills away = FakeBackfills.reading("3");
		FakeBackfills other = FakeBackfills.reading("8");
		away.looks.add(FakeBackfills.failure(ErrorCode.CONNECTION_REFUSED));
		away.looks.add(FakeBackfills.failure(ErrorCode.CONNECTION_REFUSED));
		Application application = start(away, other);
		await().until(other::isWorking);

		other.finishWork();
		assertThat(application.start).isNotDone();
		await().until(away::isWorking);
		away.finishWork();

		application.awaitStart();
		assertThat(this.events).last().isEqualTo("ACCEPTING_TRAFFIC");
	}

	@Test
	void whereNobodyCanTellWhatIsReadTheStartFails() {
		FakeBackfills backfills = FakeBackfills.reading("8");
		backfills.looks.add(FakeBackfills.failure(ErrorCode.BACKFILL_REQUIRED));

		assertThat(start(backfills).failure().code()).isEqualTo(ErrorCode.BACKFILL_REQUIRED);
		assertThat(this.events).doesNotContain("runner", "ACCEPTING_TRAFFIC");
	}

	@Test
	void aLostConnectionIsTriedAgain(CapturedOutput output) {
		FakeBackfills backfills = FakeBackfills.notReading("8");
		backfills.failures.add(FakeBackfills.failure(ErrorCode.CONNECTION_LOST));
		start(backfills).awaitStart();

		await().until(backfills::isWorking);
		assertThat(output).contains("The work on the backfills of orders was interrupted, and goes on in 1 s");
		assertThat(backfills.count()).isEqualTo(2);
	}

	@Test
	void anInstanceAtAStandbyLeavesThemToOthersWithoutAWarning(CapturedOutput output) {
		FakeBackfills backfills = FakeBackfills.notReading("8");
		backfills.failures.add(FakeBackfills.failure(ErrorCode.STANDBY));
		Application application = start(backfills);
		application.awaitStart();

		await().until(() -> output.toString().contains("Backfills of orders are left to instances of the primary"));
		assertThat(output).doesNotContain("was interrupted");
		application.lifecycle().wake();
		await().until(backfills::isWorking);
	}

	@Test
	void whatWaitsForAPersonIsLookedAtWhenOneHasLetItGoOn() {
		FakeBackfills backfills = new FakeBackfills().with("8", Reads.LATER, false, BackfillState.FAILED);
		Application application = start(backfills);
		application.awaitStart();
		await().until(backfills::isWorking);
		backfills.endWork();
		await().until(() -> !backfills.isWorking());

		application.lifecycle().wake();

		await().until(() -> backfills.count() == 2);
	}

	@Test
	void whatWasCancelledIsLookedAtWhenItWasBegunAgain() {
		FakeBackfills backfills = new FakeBackfills().with("8", Reads.LATER, false, BackfillState.CANCELLED);
		Application application = start(backfills);
		application.awaitStart();
		Thread first = thread();
		backfills.endWork();
		await().until(() -> !first.isAlive());

		application.lifecycle().wake();

		await().until(() -> backfills.count() == 2);
	}

	@Test
	void aShutdownStopsTheBatchBeforeWhatItNeedsIsClosed() {
		FakeBackfills backfills = FakeBackfills.notReading("8");
		Application application = start(backfills);
		application.awaitStart();
		await().until(backfills::isWorking);
		application.beforePoolCloses = () -> this.events.add(backfills.isWorking() ? "works" : "stopped");

		application.context().close();

		assertThat(this.events).last().isEqualTo("stopped");
	}

	@Test
	void aShutdownEndsTheWait() {
		FakeBackfills backfills = FakeBackfills.reading("8");
		Application application = start(backfills);
		await().until(backfills::isWorking);

		application.context().close();

		assertThat(application.failure().code()).isEqualTo(ErrorCode.CANCELLED);
		assertThat(backfills.isWorking()).isFalse();
		assertThat(this.events).doesNotContain("runner", "ACCEPTING_TRAFFIC");
	}

	@Test
	void aCheckpointStopsTheWorkAndAfterItReadinessIsLookedAtAgain() {
		FakeBackfills backfills = FakeBackfills.notReading("8");
		Application application = start(backfills);
		application.awaitStart();
		await().until(backfills::isWorking);

		application.context().stop();
		assertThat(backfills.isWorking()).isFalse();
		assertThat(this.events).last().isEqualTo("REFUSING_TRAFFIC");
		backfills.with("9", Reads.READY, true, BackfillState.WAITING);
		application.context().start();
		await().until(backfills::isWorking);
		assertThat(this.events).last().isEqualTo("REFUSING_TRAFFIC");

		backfills.finishWork();
		await().untilAsserted(() -> assertThat(this.events).last().isEqualTo("ACCEPTING_TRAFFIC"));
	}

	@Test
	void aCheckpointInTheMiddleOfTheWaitDoesNotEndIt() {
		FakeBackfills backfills = FakeBackfills.reading("8");
		Application application = start(backfills);
		await().until(backfills::isWorking);

		application.context().stop();
		assertThat(backfills.isWorking()).isFalse();
		application.context().start();

		await().until(backfills::isWorking);
		backfills.finishWork();
		application.awaitStart();
		assertThat(this.events).containsExactly("CORRECT", "runner", "ACCEPTING_TRAFFIC");
	}

	@Test
	void twoApplicationsInAProcessHaveNothingToDoWithEachOther() {
		FakeBackfills one = FakeBackfills.notReading("8");
		FakeBackfills two = FakeBackfills.notReading("8");
		Application first = start(one);
		start(two).awaitStart();
		first.awaitStart();
		await().until(() -> one.isWorking() && two.isWorking());

		first.context().close();

		assertThat(one.isWorking()).isFalse();
		assertThat(two.isWorking()).isTrue();
	}

	/** An application that starts in a thread of its own. */
	private final class Application {

		private final CompletableFuture<ConfigurableApplicationContext> context = new CompletableFuture<>();

		private CompletableFuture<ConfigurableApplicationContext> start = new CompletableFuture<>();

		private volatile Runnable beforePoolCloses = () -> {
		};

		private void prepare(GenericApplicationContext prepared, List<BackfillTarget> targets) {
			prepared.registerBean("pool", DisposableBean.class, () -> () -> this.beforePoolCloses.run());
			prepared.registerBean(BackfillLifecycle.class,
					() -> new BackfillLifecycle(prepared, () -> targets, Duration.ofMillis(20)));
			prepared.registerBean(ApplicationRunner.class,
					() -> (arguments) -> BackfillLifecycleTests.this.events.add("runner"));
			prepared.addApplicationListener((ApplicationListener<AvailabilityChangeEvent<?>>) (event) -> {
				if (event.getState() instanceof LivenessState || event.getState() instanceof ReadinessState) {
					BackfillLifecycleTests.this.events.add(event.getState().toString());
				}
			});
			this.context.complete(prepared);
		}

		private ConfigurableApplicationContext context() {
			return this.context.join();
		}

		private BackfillLifecycle lifecycle() {
			return context().getBean(BackfillLifecycle.class);
		}

		private void awaitStart() {
			await().until(this.start::isDone);
			this.start.join();
		}

		private TidemarkException failure() {
			try {
				this.start.get(60, TimeUnit.SECONDS);
				throw new AssertionError("The start did not fail");
			}
			catch (ExecutionException ex) {
				return (TidemarkException) ex.getCause();
			}
			catch (Exception ex) {
				throw new AssertionError(ex);
			}
		}

	}

	static class Nothing {

	}

}
