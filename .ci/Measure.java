import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TypeParameterTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;

/**
 * Measures the house.
 * <p>
 * Files are counted without {@code package-info}, their lines with blank ones and without
 * a licence header. A method's lines go from its modifiers to its last brace. Sizes and
 * names come from the compiler's parse trees; who depends on whom comes from the class
 * files, as {@code jdeps} reads them, and, for what class files do not keep (constants,
 * imports), from the trees too. Circles and arrows are those of files: what lies in one
 * file is one.
 */
final class Measure {

	private static final String EXCEPTIONS = ".ci/measure-exceptions.txt";

	private static final List<String> MODULES = List.of("core", "autoconfigure");

	private Measure() {
	}

	public static void main(String[] arguments) throws IOException {
		List<String> options = List.of(arguments);
		if (options.contains("--self-test")) {
			SelfTest.run();
			return;
		}
		Map<String, House> houses = new LinkedHashMap<>();
		for (String module : MODULES) {
			String classes = option(options, "--classes-of-" + module, module + "/target/classes");
			houses.put(module, House.read(Path.of(module, "src/main/java"), Path.of(classes),
					Path.of(module, "src/test/resources/rooms.txt")));
		}
		System.out.println(Table.of(houses));
		Exceptions exceptions = Exceptions.read(Path.of(EXCEPTIONS));
		List<Offence> offences = new ArrayList<>();
		for (Map.Entry<String, House> house : houses.entrySet()) {
			offences.addAll(house.getValue().offences(house.getKey(), exceptions));
		}
		List<Offence> open = offences.stream().filter((offence) -> !exceptions.excuses(offence)).toList();
		if (options.contains("--offenders")) {
			offences.forEach((offence) -> System.out
				.println(offence + (open.contains(offence) ? "" : " (" + exceptions.reason(offence) + ")")));
		}
		if (options.contains("--check")) {
			check(open, exceptions.unused());
		}
	}

	private static void check(List<Offence> open, List<String> unused) {
		open.forEach((offence) -> System.err.println("Passes its limit: " + offence));
		unused.forEach((line) -> System.err.println("Excuses nothing any more (" + EXCEPTIONS + "): " + line));
		if (!open.isEmpty() || !unused.isEmpty()) {
			System.exit(1);
		}
	}

	private static String option(List<String> options, String name, String otherwise) {
		return options.stream()
			.filter((option) -> option.startsWith(name + "="))
			.map((option) -> option.substring(name.length() + 1))
			.findFirst()
			.orElse(otherwise);
	}

	/** What is measured, and how much of it may be. */
	enum Limit {

		MEAN_FILES("mean-files", 12), FILES("files", 25), MEDIAN_LINES("median-lines", 60), LINES("lines", 450),
		METHOD("method", 40), PARAMETERS("parameters", 7), COMPONENTS("components", 12), CIRCLE("circle", 0),
		PACKAGE_CIRCLE("package-circle", 0), UPWARDS("upwards", 0), ROOM("room", 0), JAVADOC("javadoc", 0);

		private final String word;

		private final int most;

		Limit(String word, int most) {
			this.word = word;
			this.most = most;
		}

	}

	/** Something that passes a limit. */
	record Offence(Limit limit, String name, String figure) {

		@Override
		public String toString() {
			return this.limit.word + " " + this.name + " " + this.figure;
		}

	}

	/** What may pass a limit. */
	record Exceptions(Map<String, String> reasons, Set<String> used) {

		static Exceptions read(Path file) throws IOException {
			Map<String, String> reasons = new LinkedHashMap<>();
			if (Files.exists(file)) {
				for (String line : Files.readAllLines(file)) {
					if (line.isBlank() || line.startsWith("#")) {
						continue;
					}
					String[] parts = line.strip().split("\\s+", 3);
					if (parts.length < 3) {
						throw new IllegalStateException(file + ": no measure, name and reason: " + line);
					}
					reasons.put(parts[0] + " " + parts[1], parts[2]);
				}
			}
			return new Exceptions(reasons, new HashSet<>());
		}

		boolean excuses(Offence offence) {
			return excuses(offence.limit.word + " " + offence.name);
		}

		private boolean excuses(String key) {
			return this.reasons.containsKey(key) && (this.used.add(key) || true);
		}

		/** Whether an arrow may be part of a circle. Only asked of arrows that are. */
		boolean excuses(String from, String to) {
			return excuses("circle " + from + ">" + to);
		}

		String reason(Offence offence) {
			return this.reasons.getOrDefault(offence.limit.word + " " + offence.name, "");
		}

		List<String> unused() {
			return this.reasons.keySet().stream().filter((key) -> !this.used.contains(key)).toList();
		}

	}

	/** A type of the top level, or one of those within it. */
	record Type(String name, boolean visible, boolean documented) {

	}

	/** A method, a constructor or the components of a record. */
	record Sized(String name, int size) {

	}

	/**
	 * A source file.
	 *
	 * @param name the name of the type that it is named for
	 * @param lines how many lines it has
	 * @param topLevel its types of the top level
	 * @param inner types within them that others can see
	 * @param methods lines of methods and constructors
	 * @param parameters parameters of constructors
	 * @param components components of records
	 * @param permitted types that a sealed type of it permits, as they are written
	 * @param imports names that it imports
	 * @param words names that may be types, as they are written
	 */
	record Source(String name, int lines, List<Type> topLevel, List<Type> inner, List<Sized> methods,
			List<Sized> parameters, List<Sized> components, Set<String> permitted, Set<String> imports,
			Set<String> words) {

		String room() {
			return this.name.substring(0, Math.max(0, this.name.lastIndexOf('.')));
		}

	}

	/** Reads one file's tree. */
	static final class Reader extends TreePathScanner<Void, Void> {

		private final DocTrees trees;

		private final CompilationUnitTree unit;

		private final List<Type> topLevel = new ArrayList<>();

		private final List<Type> inner = new ArrayList<>();

		private final List<Sized> methods = new ArrayList<>();

		private final List<Sized> parameters = new ArrayList<>();

		private final List<Sized> components = new ArrayList<>();

		private final Set<String> permitted = new TreeSet<>();

		private final Set<String> imports = new TreeSet<>();

		private final Set<String> words = new TreeSet<>();

		private final Set<String> declared = new HashSet<>();

		private final Deque<String> enclosing = new ArrayDeque<>();

		private final Deque<Boolean> visible = new ArrayDeque<>();

		private final Deque<ClassTree> classes = new ArrayDeque<>();

		Reader(DocTrees trees, CompilationUnitTree unit) {
			this.trees = trees;
			this.unit = unit;
		}

		Source read() throws IOException {
			String text = this.unit.getSourceFile().getCharContent(true).toString();
			scan(this.unit, null);
			String file = Path.of(this.unit.getSourceFile().toUri()).getFileName().toString();
			String name = this.unit.getPackageName() + "." + file.substring(0, file.length() - ".java".length());
			this.words.removeAll(this.declared);
			return new Source(name, lines(text), this.topLevel, this.inner, this.methods, this.parameters,
					this.components, this.permitted, this.imports, this.words);
		}

		/** A comment in front of the package that is no documentation is a licence. */
		private static int lines(String text) {
			String stripped = text.replaceFirst("^\\s*/\\*(?!\\*)(?s:.*?)\\*/\\s*(?=package )", "");
			return (int) stripped.lines().count();
		}

		@Override
		public Void visitImport(ImportTree tree, Void nothing) {
			this.imports.add(tree.getQualifiedIdentifier().toString());
			return null;
		}

		@Override
		public Void visitClass(ClassTree tree, Void nothing) {
			String simple = tree.getSimpleName().toString();
			boolean anonymous = simple.isEmpty();
			boolean local = !anonymous && getCurrentPath().getParentPath().getLeaf().getKind() == Tree.Kind.BLOCK;
			if (!anonymous) {
				this.enclosing.addLast(simple);
				if (!local) {
					add(tree);
				}
				// The type's own name is no reference that another of the package would be meant by.
				if (this.enclosing.size() > 1) {
					this.declared.add(simple);
				}
			}
			tree.getPermitsClause().forEach((type) -> this.permitted.add(type.toString()));
			if (tree.getKind() == Tree.Kind.RECORD) {
				this.components.add(new Sized(here(), components(tree)));
			}
			this.visible.addLast(!anonymous && !local && isVisible(tree));
			this.classes.addLast(tree);
			super.visitClass(tree, nothing);
			this.classes.removeLast();
			this.visible.removeLast();
			if (!anonymous) {
				this.enclosing.removeLast();
			}
			return null;
		}

		private void add(ClassTree tree) {
			boolean documented = this.trees.getDocComment(getCurrentPath()) != null;
			Type type = new Type(here(), isVisible(tree), documented);
			if (this.enclosing.size() == 1) {
				this.topLevel.add(type);
			}
			else if (type.visible()) {
				this.inner.add(type);
			}
		}

		/** What others than the package can see: public, or protected in what they see. */
		private boolean isVisible(ClassTree tree) {
			Set<Modifier> flags = tree.getModifiers().getFlags();
			if (this.classes.isEmpty()) {
				return flags.contains(Modifier.PUBLIC);
			}
			Tree.Kind outer = this.classes.getLast().getKind();
			boolean member = flags.contains(Modifier.PUBLIC) || flags.contains(Modifier.PROTECTED)
					|| outer == Tree.Kind.INTERFACE || outer == Tree.Kind.ANNOTATION_TYPE;
			return member && this.visible.getLast();
		}

		private static int components(ClassTree tree) {
			return (int) tree.getMembers()
				.stream()
				.filter((member) -> member instanceof VariableTree field
						&& !field.getModifiers().getFlags().contains(Modifier.STATIC))
				.count();
		}

		private String here() {
			return this.unit.getPackageName() + "." + String.join(".", this.enclosing);
		}

		@Override
		public Void visitMethod(MethodTree tree, Void nothing) {
			long start = this.trees.getSourcePositions().getStartPosition(this.unit, tree);
			long end = this.trees.getSourcePositions().getEndPosition(this.unit, tree);
			// What the compiler adds lies nowhere.
			if (start >= 0 && end > start) {
				boolean constructor = tree.getReturnType() == null;
				String name = here() + "#" + (constructor ? "new" : tree.getName());
				int first = (int) this.unit.getLineMap().getLineNumber(start);
				int last = (int) this.unit.getLineMap().getLineNumber(end - 1);
				this.methods.add(new Sized(name, last - first + 1));
				if (constructor && this.classes.getLast().getKind() != Tree.Kind.RECORD) {
					this.parameters.add(new Sized(name, tree.getParameters().size()));
				}
			}
			return super.visitMethod(tree, nothing);
		}

		@Override
		public Void visitTypeParameter(TypeParameterTree tree, Void nothing) {
			this.declared.add(tree.getName().toString());
			return super.visitTypeParameter(tree, nothing);
		}

		@Override
		public Void visitIdentifier(IdentifierTree tree, Void nothing) {
			this.words.add(tree.getName().toString());
			return null;
		}

		@Override
		public Void visitMemberSelect(MemberSelectTree tree, Void nothing) {
			if (tree.getExpression() instanceof MemberSelectTree
					|| tree.getExpression() instanceof IdentifierTree) {
				this.words.add(tree.toString());
			}
			return super.visitMemberSelect(tree, nothing);
		}

	}

	/** A graph of names. */
	record Graph(Map<String, Set<String>> arrows) {

		Graph() {
			this(new TreeMap<>());
		}

		void add(String from, String to) {
			if (!from.equals(to)) {
				this.arrows.computeIfAbsent(from, (key) -> new TreeSet<>()).add(to);
			}
		}

		Set<String> from(String name) {
			return this.arrows.getOrDefault(name, Set.of());
		}

		Graph map(Function<String, String> names) {
			Graph graph = new Graph();
			this.arrows.forEach((from, tos) -> tos.forEach((to) -> graph.add(names.apply(from), names.apply(to))));
			return graph;
		}

		/** Finds circles: largest sets in which everyone reaches everyone (Tarjan). */
		List<Set<String>> circles() {
			List<Set<String>> circles = new ArrayList<>();
			new Walk(this, circles).run();
			circles.sort(Comparator.comparingInt((Set<String> circle) -> -circle.size()).thenComparing(Set::toString));
			return circles;
		}

	}

	/** A depth-first walk through a graph. */
	static final class Walk {

		private final Graph graph;

		private final List<Set<String>> circles;

		private final Map<String, Integer> index = new HashMap<>();

		private final Map<String, Integer> low = new HashMap<>();

		private final Deque<String> open = new ArrayDeque<>();

		Walk(Graph graph, List<Set<String>> circles) {
			this.graph = graph;
			this.circles = circles;
		}

		void run() {
			for (String name : this.graph.arrows().keySet()) {
				if (!this.index.containsKey(name)) {
					visit(name);
				}
			}
		}

		private void visit(String name) {
			int number = this.index.size();
			this.index.put(name, number);
			this.low.put(name, number);
			this.open.push(name);
			for (String next : this.graph.from(name)) {
				if (!this.index.containsKey(next)) {
					visit(next);
					this.low.merge(name, this.low.get(next), Math::min);
				}
				else if (this.open.contains(next)) {
					this.low.merge(name, this.index.get(next), Math::min);
				}
			}
			if (this.low.get(name) == number) {
				Set<String> circle = new TreeSet<>();
				while (!circle.contains(name)) {
					circle.add(this.open.pop());
				}
				if (circle.size() > 1) {
					this.circles.add(circle);
				}
			}
		}

	}

	/**
	 * A module's main code.
	 *
	 * @param sources its files
	 * @param uses which file uses which
	 * @param imports which file uses or imports which, be it for its documentation alone
	 * @param rooms its rooms, from the top down; none if their order is not stated
	 */
	record House(List<Source> sources, Graph uses, Graph imports, List<String> rooms) {

		private static final Pattern ARROW = Pattern.compile("\\s+(\\S+)\\s+->\\s+(\\S+).*");

		static House read(Path folder, Path classes, Path rooms) throws IOException {
			List<Source> sources = sources(folder);
			Map<String, String> fileOf = new HashMap<>();
			for (Source source : sources) {
				source.topLevel().forEach((type) -> fileOf.put(type.name(), source.name()));
			}
			requireCompiled(folder, classes, fileOf);
			Graph uses = new Graph();
			for (String line : jdeps(classes).lines().toList()) {
				Matcher arrow = ARROW.matcher(line);
				if (arrow.matches()) {
					String from = fileOf.get(topLevel(arrow.group(1)));
					String to = fileOf.get(topLevel(arrow.group(2)));
					if (from != null && to != null) {
						uses.add(from, to);
					}
				}
			}
			Graph imports = new Graph();
			for (Source source : sources) {
				named(source, fileOf).forEach((to) -> uses.add(source.name(), to));
				for (String name : source.imports()) {
					String file = file(name, fileOf);
					if (file != null) {
						imports.add(source.name(), file);
					}
				}
			}
			uses.arrows().forEach((from, tos) -> tos.forEach((to) -> imports.add(from, to)));
			return new House(sources, uses, imports, rooms(rooms));
		}

		private static List<Source> sources(Path folder) throws IOException {
			List<Path> files;
			try (Stream<Path> paths = Files.walk(folder)) {
				files = paths.filter((path) -> path.toString().endsWith(".java"))
					.filter((path) -> !path.endsWith("package-info.java") && !path.endsWith("module-info.java"))
					.sorted()
					.toList();
			}
			JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
			List<Source> sources = new ArrayList<>();
			try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null,
					StandardCharsets.UTF_8)) {
				JavacTask task = (JavacTask) compiler.getTask(null, manager, null, List.of("-proc:none"), null,
						manager.getJavaFileObjectsFromPaths(files));
				DocTrees trees = DocTrees.instance(task);
				for (CompilationUnitTree unit : task.parse()) {
					sources.add(new Reader(trees, unit).read());
				}
			}
			return sources;
		}

		private static void requireCompiled(Path folder, Path classes, Map<String, String> fileOf)
				throws IOException {
			for (Map.Entry<String, String> type : fileOf.entrySet()) {
				Path file = classes.resolve(type.getKey().replace('.', '/') + ".class");
				Path source = folder.resolve(type.getValue().replace('.', '/') + ".java");
				if (!Files.exists(file)
						|| Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(source)) < 0) {
					throw new IllegalStateException(source + " is not compiled, or has changed since:"
							+ " mvn -B -ntp -q -pl " + String.join(",", MODULES) + " -am compile");
				}
			}
		}

		private static String jdeps(Path classes) {
			StringWriter output = new StringWriter();
			java.util.spi.ToolProvider jdeps = java.util.spi.ToolProvider.findFirst("jdeps").orElseThrow();
			int code = jdeps.run(new PrintWriter(output), new PrintWriter(output), "-v", "-filter:none",
					"--ignore-missing-deps", classes.toString());
			if (code != 0) {
				throw new IllegalStateException(output.toString());
			}
			return output.toString();
		}

		private static String topLevel(String name) {
			int dollar = name.indexOf('$');
			return (dollar < 0) ? name : name.substring(0, dollar);
		}

		/** What a file names in its code, which constants are not seen by otherwise. */
		private static Set<String> named(Source source, Map<String, String> fileOf) {
			Map<String, String> imported = new HashMap<>();
			for (String name : source.imports()) {
				String file = file(name, fileOf);
				if (file != null) {
					imported.put(name.substring(name.lastIndexOf('.') + 1), file);
				}
			}
			Set<String> named = new TreeSet<>();
			for (String word : source.words()) {
				String file = imported.get(word);
				if (file == null) {
					file = fileOf.get(source.room() + "." + word);
				}
				if (file == null && word.indexOf('.') > 0) {
					file = file(word, fileOf);
				}
				if (file != null) {
					named.add(file);
				}
			}
			return named;
		}

		/** The file of a type, of one within it, or of one of its members. */
		private static String file(String name, Map<String, String> fileOf) {
			String rest = name;
			while (!fileOf.containsKey(rest) && rest.indexOf('.') > 0) {
				rest = rest.substring(0, rest.lastIndexOf('.'));
			}
			return fileOf.get(rest);
		}

		private static List<String> rooms(Path file) throws IOException {
			if (!Files.exists(file)) {
				return List.of();
			}
			return Files.readAllLines(file)
				.stream()
				.map(String::strip)
				.filter((line) -> !line.isEmpty() && !line.startsWith("#"))
				.toList();
		}

		Map<String, Long> packages() {
			return this.sources.stream().collect(Collectors.groupingBy(Source::room, TreeMap::new, Collectors.counting()));
		}

		<T> List<T> all(Function<Source, List<T>> values) {
			return this.sources.stream().map(values).flatMap(List::stream).toList();
		}

		List<Type> visibleTypes() {
			return Stream.concat(all(Source::topLevel).stream(), all(Source::inner).stream())
				.filter(Type::visible)
				.toList();
		}

		/**
		 * Circles but for arrows from a sealed type to what it permits, from a visitor to what it visits, and those
		 * excused.
		 */
		List<Set<String>> circles(Exceptions exceptions) {
			Map<String, Source> byName = this.sources.stream().collect(Collectors.toMap(Source::name, Function.identity()));
			Graph graph = new Graph();
			Set<String> circling = new HashSet<>();
			this.uses.circles().forEach(circling::addAll);
			this.uses.arrows().forEach((from, tos) -> {
				Set<String> needs = new HashSet<>(permitted(byName.get(from), byName));
				needs.addAll(visited(from, byName));
				for (String to : tos) {
					boolean needed = needs.contains(to);
					if (circling.contains(from) && circling.contains(to)
							&& (needed || exceptions.excuses(from, to))) {
						continue;
					}
					graph.add(from, to);
				}
			});
			return graph.circles();
		}

		/** What accepts a visitor is a sealed type, and all that it permits. */
		private Set<String> visited(String visitor, Map<String, Source> byName) {
			Set<String> visited = new HashSet<>();
			if (visitor.endsWith("Visitor")) {
				this.uses.arrows().forEach((from, tos) -> {
					Set<String> permitted = permitted(byName.get(from), byName);
					if (tos.contains(visitor) && !permitted.isEmpty()) {
						visited.add(from);
						visited.addAll(permitted);
					}
				});
			}
			return visited;
		}

		private Set<String> permitted(Source source, Map<String, Source> byName) {
			Set<String> files = new HashSet<>();
			for (String type : source.permitted()) {
				String first = type.contains(".") ? type.substring(0, type.indexOf('.')) : type;
				this.uses.from(source.name())
					.stream()
					.filter((name) -> name.endsWith("." + first) || name.equals(type))
					.filter(byName::containsKey)
					.forEach(files::add);
			}
			return files;
		}

		List<Set<String>> packageCircles() {
			return this.imports.map(House::packageOf).circles();
		}

		List<String> upwards() {
			List<String> upwards = new ArrayList<>();
			if (!this.rooms.isEmpty()) {
				this.imports.arrows().forEach((from, tos) -> {
					for (String to : tos) {
						int above = depth(packageOf(to));
						if (above >= 0 && above < depth(packageOf(from))) {
							upwards.add(from + ">" + to);
						}
					}
				});
			}
			return upwards;
		}

		private static String packageOf(String file) {
			return file.substring(0, file.lastIndexOf('.'));
		}

		/**
		 * Returns which room a package belongs to: the nearest one above it, but the topmost
		 * room is its package alone. It is -1 for a package that lies in none.
		 */
		private int depth(String name) {
			String room = this.rooms.stream()
				.filter((candidate) -> name.equals(candidate)
						|| (this.rooms.indexOf(candidate) > 0 && name.startsWith(candidate + ".")))
				.max(Comparator.comparingInt(String::length))
				.orElse("");
			return this.rooms.indexOf(room);
		}

		List<Offence> offences(String module, Exceptions exceptions) {
			List<Offence> offences = new ArrayList<>();
			double mean = meanFiles();
			if (mean > Limit.MEAN_FILES.most) {
				offences.add(new Offence(Limit.MEAN_FILES, module, decimal(mean)));
			}
			packages().forEach((name, files) -> above(Limit.FILES, name, files.intValue(), offences));
			above(Limit.MEDIAN_LINES, module, quantile(lines(), 0.5), offences);
			this.sources.forEach((source) -> above(Limit.LINES, source.name(), source.lines(), offences));
			all(Source::methods).forEach((method) -> above(Limit.METHOD, method.name(), method.size(), offences));
			all(Source::parameters).forEach((it) -> above(Limit.PARAMETERS, it.name(), it.size(), offences));
			all(Source::components).forEach((it) -> above(Limit.COMPONENTS, it.name(), it.size(), offences));
			circles(exceptions).forEach((circle) -> offences.add(new Offence(Limit.CIRCLE, String.join(",", circle),
					arrows(circle, this.uses))));
			packageCircles().forEach((circle) -> offences
				.add(new Offence(Limit.PACKAGE_CIRCLE, String.join(",", circle), "")));
			upwards().forEach((arrow) -> offences.add(new Offence(Limit.UPWARDS, arrow, "")));
			if (!this.rooms.isEmpty()) {
				packages().keySet()
					.stream()
					.filter((name) -> depth(name) < 0)
					.forEach((name) -> offences.add(new Offence(Limit.ROOM, name, "is no room")));
			}
			visibleTypes().stream()
				.filter((type) -> !type.documented())
				.forEach((type) -> offences.add(new Offence(Limit.JAVADOC, type.name(), "")));
			return offences;
		}

		private static void above(Limit limit, String name, int figure, List<Offence> offences) {
			if (figure > limit.most) {
				offences.add(new Offence(limit, name, String.valueOf(figure)));
			}
		}

		private static String arrows(Collection<String> circle, Graph graph) {
			return circle.stream()
				.flatMap((from) -> graph.from(from).stream().filter(circle::contains)
					.map((to) -> simple(from) + ">" + simple(to)))
				.collect(Collectors.joining(" ", "(", ")"));
		}

		private static String simple(String name) {
			return name.substring(name.lastIndexOf('.') + 1);
		}

		double meanFiles() {
			return (double) this.sources.size() / packages().size();
		}

		int[] lines() {
			return this.sources.stream().mapToInt(Source::lines).toArray();
		}

	}

	private static String decimal(double value) {
		return String.format(Locale.ROOT, "%.1f", value);
	}

	/** The value that a share of all does not pass: the upper one of two in the middle. */
	static int quantile(int[] values, double share) {
		int[] sorted = values.clone();
		Arrays.sort(sorted);
		return (sorted.length == 0) ? 0 : sorted[Math.min(sorted.length - 1, (int) (sorted.length * share))];
	}

	private static String largest(Stream<Sized> sizes) {
		return sizes.max(Comparator.comparingInt(Sized::size))
			.map((largest) -> largest.size() + " " + largest.name().replaceFirst("^.*\\.(?=\\p{Lu})", ""))
			.orElse("0");
	}

	/** The figures, as a table that a page of the docs can hold. */
	static final class Table {

		private final Collection<House> houses;

		private final List<List<String>> rows = new ArrayList<>();

		private Table(Collection<House> houses) {
			this.houses = houses;
		}

		static String of(Map<String, House> houses) {
			Table table = new Table(houses.values());
			List<String> head = new ArrayList<>(List.of("", "limit"));
			head.addAll(houses.keySet());
			table.rows.add(head);
			table.fill(new Exceptions(Map.of(), new HashSet<>()));
			return table.print();
		}

		private void fill(Exceptions none) {
			row("files", "", (house) -> house.sources().size());
			row("packages", "", (house) -> house.packages().size());
			row("lines", "", (house) -> IntStream.of(house.lines()).sum());
			row("files a package: mean", "12", (house) -> decimal(house.meanFiles()));
			row("files a package: worst", "25", (house) -> largest(
					house.packages().entrySet().stream().map((it) -> new Sized(it.getKey(), it.getValue().intValue()))));
			row("lines a file: median", "60", (house) -> quantile(house.lines(), 0.5));
			row("lines a file: 95th percentile", "", (house) -> quantile(house.lines(), 0.95));
			row("largest file", "450", (house) -> largest(
					house.sources().stream().map((source) -> new Sized(source.name(), source.lines()))));
			row("lines a method: median", "", (house) -> quantile(
					house.all(Source::methods).stream().mapToInt(Sized::size).toArray(), 0.5));
			row("longest method", "40", (house) -> largest(house.all(Source::methods).stream()));
			row("parameters of a constructor", "7", (house) -> largest(house.all(Source::parameters).stream()));
			row("components of a record", "12", (house) -> largest(house.all(Source::components).stream()));
			row("circles of files", "", (house) -> house.uses().circles().size());
			row("files in circles", "", (house) -> house.uses().circles().stream().mapToInt(Set::size).sum());
			row("circles but for sealed types", "0", (house) -> house.circles(none).size());
			row("circles of packages", "0", (house) -> house.packageCircles().size());
			row("arrows upwards", "0",
					(house) -> house.rooms().isEmpty() ? "no order" : house.upwards().size());
			row("package-private types", "", (house) -> percent(
					house.all(Source::topLevel).stream().filter((type) -> !type.visible()).count(),
					house.all(Source::topLevel).size()));
			row("public types with Javadoc", "100 %", (house) -> percent(
					house.visibleTypes().stream().filter(Type::documented).count(), house.visibleTypes().size()));
		}

		private void row(String name, String limit, Function<House, Object> figure) {
			List<String> row = new ArrayList<>(List.of(name, limit));
			this.houses.forEach((house) -> row.add(String.valueOf(figure.apply(house))));
			this.rows.add(row);
		}

		private static String percent(long part, long whole) {
			return (whole == 0) ? "-" : "%d %% (%d of %d)".formatted(100 * part / whole, part, whole);
		}

		private String print() {
			int columns = this.rows.get(0).size();
			int[] widths = IntStream.range(0, columns)
				.map((column) -> this.rows.stream().mapToInt((row) -> row.get(column).length()).max().orElse(0))
				.toArray();
			StringBuilder text = new StringBuilder();
			for (int row = 0; row < this.rows.size(); row++) {
				text.append(line(this.rows.get(row), widths));
				if (row == 0) {
					List<String> dashes = IntStream.of(widths).mapToObj("-"::repeat).toList();
					text.append(line(dashes, widths));
				}
			}
			return text.toString();
		}

		private static String line(List<String> row, int[] widths) {
			return IntStream.range(0, row.size())
				.mapToObj((column) -> row.get(column) + " ".repeat(widths[column] - row.get(column).length()))
				.collect(Collectors.joining(" | ", "| ", " |\n"));
		}

	}

	/** Measures a small house whose figures are known. */
	static final class SelfTest {

		private static final Map<String, String> FILES = Map.of("top/Door.java", """
				/*
				 * A licence.
				 */
				package top;

				import static below.Names.FIRST;
				import below.Bed;

				/** Opens. */
				public class Door {

					private final Bed bed;

					/** Not counted. */
					@Deprecated
					Door(Bed bed, int a, int b, int c, int d, int e, int f, int g) {
						this.bed = bed;

						Runnable lambda = () -> System.out.println(FIRST);
					}

					public enum Side {
						LEFT
					}

					protected interface Handle {
					}

				}
				""", "below/Bed.java", """
				package below;

				import java.util.function.*;

				/** See {@link top.Door}. */
				public sealed interface Bed permits Bunk, Bed.Cot {

					Supplier<Object> OTHER = Pillow::new;

					record Cot(int width, int height) implements Bed {

						static final int LEGS = 4;

						public Cot {
							if (width < 0) {
								throw new IllegalArgumentException();
							}
						}
					}
				}
				""", "below/Bunk.java", """
				package below;
				final class Bunk implements Bed {
				}
				""", "below/Pillow.java", """
				package below;
				class Pillow {
					String sheet = Sheet.COLOUR;
				}
				class Feather {
				}
				""", "below/Sheet.java", """
				package below;
				class Sheet {
					static final String COLOUR = "white";
					Object feather() {
						return new Feather();
					}
					<Names> Names own(Names own) {
						return own;
					}
				}
				""", "below/Names.java", """
				package below;
				public class Names {
					public static final String FIRST = "first";
					static class Upward {
						Object side = top.Door.Side.LEFT;
					}
				}
				""");

		private SelfTest() {
		}

		static void run() throws IOException {
			Path folder = Files.createTempDirectory("house");
			try {
				List<String> arguments = new ArrayList<>(List.of("-nowarn", "-d", folder.resolve("classes").toString()));
				for (Map.Entry<String, String> entry : FILES.entrySet()) {
					Path file = folder.resolve("java").resolve(entry.getKey());
					Files.createDirectories(file.getParent());
					Files.writeString(file, entry.getValue());
					arguments.add(file.toString());
				}
				int code = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
				expect(0, code);
				Path rooms = Files.writeString(folder.resolve("rooms.txt"), "# From the top down\ntop\n\nbelow\n");
				expect(House.read(folder.resolve("java"), folder.resolve("classes"), rooms));
			}
			finally {
				try (Stream<Path> paths = Files.walk(folder)) {
					paths.sorted(Comparator.reverseOrder()).forEach((path) -> path.toFile().delete());
				}
			}
			System.out.println("The measure is right about a small house.");
		}

		private static void expect(House house) {
			expect(Map.of("top", 1L, "below", 5L), house.packages());
			Map<String, Source> byName = house.sources()
				.stream()
				.collect(Collectors.toMap(Source::name, Function.identity()));
			expect(26, byName.get("top.Door").lines());
			expect(7, byName.get("below.Names").lines());
			expect("[Sized[name=top.Door#new, size=6]]", byName.get("top.Door").methods());
			expect("[Sized[name=top.Door#new, size=8]]", byName.get("top.Door").parameters());
			expect("[Sized[name=below.Bed.Cot, size=2]]", byName.get("below.Bed").components());
			expect("[Sized[name=below.Bed.Cot#new, size=5]]", byName.get("below.Bed").methods());
			// A constant by a static import, a type by its whole name, a method reference, a second type of a file
			expect(Set.of("below.Bed", "below.Names"), house.uses().from("top.Door"));
			expect(Set.of("top.Door"), house.uses().from("below.Names"));
			expect(Set.of("below.Bunk", "below.Pillow"), house.uses().from("below.Bed"));
			expect(Set.of("below.Sheet"), house.uses().from("below.Pillow"));
			// The type parameter is not the class of its name
			expect(Set.of("below.Pillow"), house.uses().from("below.Sheet"));
			expect("[below.Names>top.Door]", house.upwards());
			expect("[[below, top]]", house.packageCircles());
			expect("[[below.Bed, below.Bunk], [below.Names, top.Door], [below.Pillow, below.Sheet]]",
					house.uses().circles());
			Exceptions exceptions = new Exceptions(
					Map.of("circle below.Pillow>below.Sheet", "soft", "lines below.Bed", "none"), new HashSet<>());
			expect("[[below.Names, top.Door]]", house.circles(exceptions));
			expect("[lines below.Bed]", exceptions.unused());
			expect("[below.Names, below.Bed.Cot, top.Door.Side, top.Door.Handle]",
					house.offences("house", exceptions)
						.stream()
						.filter((offence) -> offence.limit() == Limit.JAVADOC)
						.map(Offence::name)
						.toList());
			expect(60, quantile(new int[] { 60, 10, 90 }, 0.5));
		}

		private static void expect(Object expected, Object actual) {
			if (!expected.equals(actual) && !expected.toString().equals(actual.toString())) {
				throw new AssertionError("Expected " + expected + " but was " + actual);
			}
		}

	}

}
