package dev.tidemark.command;

/** The version of Tidemark, as the history records it. */
final class ToolVersion {

	static final String VALUE = read();

	private ToolVersion() {
	}

	private static String read() {
		String version = ToolVersion.class.getPackage().getImplementationVersion();
		return (version != null) ? version : "unpackaged";
	}

}
