package dev.tidemark.benchmark.contestant;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Measures the process that it runs in. Nothing is loaded for it before the work is done,
 * so that it costs the process next to nothing.
 */
public final class Probe {

	/** What the line with the measurement begins with. */
	public static final String MARK = "measured ";

	private static final Path STATUS = Path.of("/proc/self/status");

	private static final String PEAK_RESIDENT = "VmHWM:";

	private final long start = System.nanoTime();

	private Probe() {
	}

	/**
	 * Begins to measure. To be called first of all.
	 * @return the running measurement
	 */
	public static Probe start() {
		return new Probe();
	}

	/**
	 * Ends the measurement and prints it.
	 * @throws IOException if the memory cannot be read
	 */
	public void finish() throws IOException {
		long nanos = System.nanoTime() - this.start;
		long now = System.currentTimeMillis();
		long cpu = ProcessHandle.current().info().totalCpuDuration().map(Duration::toMillis).orElse(0L);
		long resident = peakResidentKilobytes();
		long sinceStart = now - ManagementFactory.getRuntimeMXBean().getStartTime();
		System.out.println(MARK + String.format(Locale.ROOT,
				"{\"process\":%d,\"call\":%.3f,\"cpu\":%d,\"heap\":%.1f,\"resident\":%.1f}", sinceStart, nanos / 1e6,
				cpu, peakHeapBytes() / 1048576.0, resident / 1024.0));
	}

	private static long peakResidentKilobytes() throws IOException {
		if (Files.exists(STATUS)) {
			List<String> lines = Files.readAllLines(STATUS);
			for (String line : lines) {
				if (line.startsWith(PEAK_RESIDENT)) {
					return Long.parseLong(line.replaceAll("\\D", ""));
				}
			}
		}
		return 0;
	}

	/** The sum of the peaks of the heap's pools, which need not have been at one time. */
	private static long peakHeapBytes() {
		long bytes = 0;
		for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
			if (pool.getType() == MemoryType.HEAP) {
				bytes += pool.getPeakUsage().getUsed();
			}
		}
		return bytes;
	}

}
