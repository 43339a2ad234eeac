package dev.tidemark.run.failure;

import java.util.Optional;

import dev.tidemark.statement.CreateDomain;
import dev.tidemark.statement.CreateIndex;
import dev.tidemark.statement.CreateObject;
import dev.tidemark.statement.CreatePolicy;
import dev.tidemark.statement.CreateRoutine;
import dev.tidemark.statement.CreateRule;
import dev.tidemark.statement.CreateSequence;
import dev.tidemark.statement.CreateTable;
import dev.tidemark.statement.CreateTableAs;
import dev.tidemark.statement.CreateTrigger;
import dev.tidemark.statement.CreateType;
import dev.tidemark.statement.CreateView;
import dev.tidemark.statement.ObjectName;
import dev.tidemark.statement.Statement;
import dev.tidemark.statement.StatementVisitor;

/**
 * The name of what a statement creates, without its schema.
 */
final class CreatedName implements StatementVisitor<Optional<String>> {

	private static final CreatedName INSTANCE = new CreatedName();

	private CreatedName() {
	}

	/** Returns the name, empty if nothing is created that has one. */
	static Optional<String> of(Statement statement) {
		return statement.accept(INSTANCE);
	}

	@Override
	public Optional<String> other(Statement statement) {
		return Optional.empty();
	}

	@Override
	public Optional<String> visit(CreateTable statement) {
		return Optional.ofNullable(statement.name().name());
	}

	@Override
	public Optional<String> visit(CreateTableAs statement) {
		return Optional.ofNullable(statement.name().name());
	}

	@Override
	public Optional<String> visit(CreateView statement) {
		return Optional.ofNullable(statement.name().name());
	}

	@Override
	public Optional<String> visit(CreateSequence statement) {
		return Optional.ofNullable(statement.name().name());
	}

	@Override
	public Optional<String> visit(CreateType statement) {
		return Optional.ofNullable(statement.name().name());
	}

	@Override
	public Optional<String> visit(CreateDomain statement) {
		return Optional.ofNullable(statement.name().name());
	}

	@Override
	public Optional<String> visit(CreateRoutine statement) {
		return Optional.ofNullable(statement.name().name().name());
	}

	@Override
	public Optional<String> visit(CreateTrigger statement) {
		return Optional.ofNullable(statement.name());
	}

	@Override
	public Optional<String> visit(CreatePolicy statement) {
		return Optional.ofNullable(statement.name());
	}

	@Override
	public Optional<String> visit(CreateRule statement) {
		return Optional.ofNullable(statement.name());
	}

	@Override
	public Optional<String> visit(CreateIndex statement) {
		return Optional.ofNullable(statement.name());
	}

	@Override
	public Optional<String> visit(CreateObject statement) {
		ObjectName name = statement.name();
		return Optional.ofNullable(name).map((one) -> one.name().name());
	}

}
