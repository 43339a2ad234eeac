package dev.tidemark.session.script;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.session.Sha256;

/**
 * What the statements of a file that are done have made of their session, so that a later
 * run can make its own like it, or tells that it cannot.
 *
 * @param settings the values of settings by their names, and under {@value #SCHEMAS},
 * {@value #SCHEMA_IDS} and {@value #OWNER} where the search path led to, and the role;
 * none of a value that may be a secret
 * @param digests the digests of the values that may be secrets, each with its salt and a
 * point in front, by the names of their settings
 * @param held what the session held and no other one can
 * @param certain whether all of it outlasted the last transaction for sure
 * @param told the digests of the differences from it that a person was asked about
 * @since 0.1.0
 */
public record SessionRecord(SortedMap<String, String> settings, SortedMap<String, String> digests, Set<Held> held,
		boolean certain, Set<String> told) {

	/** Stands for the schemas that the search path leads to, which is no setting. */
	public static final String SCHEMAS = "schemas";

	/** Stands for the ids of these schemas: one may get the name of another. */
	public static final String SCHEMA_IDS = "schema_ids";

	/** Stands for the role that owns what is made, whatever it became that role by. */
	public static final String OWNER = "current_user";

	/** What the word of the journal begins with, the version of its form included. */
	private static final String WORD = "session=";

	private static final String VERSION = "1";

	/** A digest with the salt in front. */
	private static final Pattern DIGEST = Pattern.compile("[\\w-]{22}\\.[\\w-]{22}");

	private static final String UNCERTAIN = "uncertain";

	/**
	 * What the mark of a difference begins with. An earlier version has a mark without a
	 * digest, which tells of no difference in particular, and so of none.
	 */
	private static final String TOLD = "told:";

	/** What the mark of the server process begins with. */
	private static final String PROCESS = "process:";

	/** Ends the text of a difference, of which a digest is made. */
	private static final String END = "\0";

	/** As many digits as keep the few differences of a session apart. */
	private static final int TOLD_DIGITS = 16;

	/** Copies the collections. */
	public SessionRecord {
		settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
		digests = Collections.unmodifiableSortedMap(new TreeMap<>(digests));
		held = Set.copyOf(held);
		told = Set.copyOf(told);
	}

	/**
	 * Returns the same, about which a person was asked.
	 * @param differences what was told, without secrets
	 * @return the record, which speaks of no differences but these
	 */
	public SessionRecord afterTelling(List<String> differences) {
		return new SessionRecord(this.settings, this.digests, this.held, this.certain,
				differences.stream().map(SessionRecord::toldDigest).collect(Collectors.toSet()));
	}

	/**
	 * Return whether a person was asked about each of some differences. What was put
	 * right since does not count.
	 * @param differences the differences as they would be told
	 * @return {@code false} if one of them is new
	 */
	public boolean hasTold(List<String> differences) {
		return this.told.containsAll(differences.stream().map(SessionRecord::toldDigest).toList());
	}

	/**
	 * Returns the same, in which one value counts no more.
	 * @param name the name under which it stands
	 * @return the record
	 */
	public SessionRecord without(String name) {
		SortedMap<String, String> left = new TreeMap<>(this.settings);
		left.remove(name);
		return new SessionRecord(left, this.digests, this.held, this.certain, this.told);
	}

	private static String toldDigest(String difference) {
		String lines = difference.replace("\r\n", "\n").replace('\r', '\n');
		return HexFormat.of().formatHex(Sha256.of(lines + END)).substring(0, TOLD_DIGITS);
	}

	/**
	 * Returns the same before it is known what outlasts a transaction.
	 * @return the record
	 */
	public SessionRecord uncertain() {
		return new SessionRecord(this.settings, this.digests, this.held, false, this.told);
	}

	/** Tells whether a word of the journal is such a record, of whichever version. */
	public static boolean isPart(String word) {
		return word.startsWith(WORD);
	}

	/** Returns the server process that worked for the session, if the words tell it. */
	public static @Nullable String process(List<String> words) {
		try {
			return words.stream()
				.filter(SessionRecord::isPart)
				.map((word) -> word.split(";", 3))
				.filter((parts) -> parts.length == 3)
				.flatMap((parts) -> Stream.of(parts[1].split(",")))
				.filter((mark) -> mark.startsWith(PROCESS))
				.map((mark) -> decoded(mark.substring(PROCESS.length())))
				.findFirst()
				.orElse(null);
		}
		catch (IllegalArgumentException ex) {
			// Somebody has edited the word.
			return null;
		}
	}

	/**
	 * Reads the words of a journal.
	 * @return the record, or {@code null} if there is none, or one of a newer version
	 */
	public static @Nullable SessionRecord parse(List<String> words) {
		try {
			return words.stream().filter(SessionRecord::isPart).findFirst().map(SessionRecord::parse).orElse(null);
		}
		catch (IllegalArgumentException ex) {
			// Somebody has edited the word.
			return null;
		}
	}

	private static @Nullable SessionRecord parse(String word) {
		String[] parts = word.substring(WORD.length()).split(";", 3);
		if (parts.length != 3 || !parts[0].equals(VERSION)) {
			return null;
		}
		SortedMap<String, String> settings = new TreeMap<>();
		SortedMap<String, String> digests = new TreeMap<>();
		for (String setting : parts[2].split("&")) {
			int end = setting.indexOf('=');
			int digest = setting.indexOf('~');
			if (end >= 0) {
				settings.put(decoded(setting.substring(0, end)), decoded(setting.substring(end + 1)));
			}
			else if (digest >= 0 && DIGEST.matcher(setting.substring(digest + 1)).matches()) {
				digests.put(decoded(setting.substring(0, digest)), setting.substring(digest + 1));
			}
			else if (!setting.isEmpty()) {
				throw new IllegalArgumentException("Neither a value nor a digest: " + setting);
			}
		}
		List<String> marks = List.of(parts[1].split(","));
		Set<Held> held = EnumSet.allOf(Held.class);
		held.removeIf((kind) -> !marks.contains(kind.toString()));
		Set<String> told = marks.stream()
			.filter((mark) -> mark.startsWith(TOLD))
			.map((mark) -> mark.substring(TOLD.length()))
			.collect(Collectors.toSet());
		return new SessionRecord(settings, digests, held, !marks.contains(UNCERTAIN), told);
	}

	private static String decoded(String text) {
		return URLDecoder.decode(text, StandardCharsets.UTF_8);
	}

	private static String encoded(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8);
	}

	/** Returns the word that the journal has for it. */
	@Override
	public String toString() {
		return word(null);
	}

	/**
	 * Returns the word that the journal has for it while the session is at work.
	 * @param process the server process that works for it, or {@code null}
	 */
	public String word(@Nullable String process) {
		StringJoiner marks = new StringJoiner(",");
		this.held.stream().sorted().forEach((kind) -> marks.add(kind.toString()));
		if (!this.certain) {
			marks.add(UNCERTAIN);
		}
		this.told.stream().sorted().forEach((digest) -> marks.add(TOLD + digest));
		if (process != null) {
			marks.add(PROCESS + encoded(process));
		}
		StringJoiner values = new StringJoiner("&");
		this.settings.forEach((name, value) -> values.add(encoded(name) + "=" + encoded(value)));
		this.digests.forEach((name, digest) -> values.add(encoded(name) + "~" + digest));
		return WORD + VERSION + ";" + marks + ";" + values;
	}

	/**
	 * What a session holds, and loses when it ends.
	 *
	 * @since 0.1.0
	 */
	public enum Held {

		/** Temporary tables, functions and the like. */
		TEMPORARY("temporary tables or other temporary objects"),

		/** Statements of {@code PREPARE}. */
		PREPARED("prepared statements"),

		/** Cursors that outlast their transaction. */
		CURSOR("open cursors"),

		/** Channels that it listens to. */
		CHANNEL("channels that it listens to"),

		/** Advisory locks. */
		LOCK("advisory locks");

		private final String inWords;

		Held(String inWords) {
			this.inWords = inWords;
		}

		/**
		 * Returns what it is for people.
		 * @return a noun in the plural
		 */
		public String inWords() {
			return this.inWords;
		}

		/** Returns the mark that the journal has for it. */
		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}
