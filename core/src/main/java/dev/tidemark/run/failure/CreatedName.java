package dev.tidemark.run.failure;

import org.jspecify.annotations.Nullable;

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
final class CreatedName implements StatementVisitor<@Nullable String> {

	private static final CreatedName INSTANCE = new CreatedName();

	private CreatedName() {
	}

	/** Returns the name, or {@code null} if nothing is created that has one. */
	static @Nullable String of(Statement statement) {
		return statement.accept(INSTANCE);
	}

	@Override
	public @Nullable String other(Statement statement) {
		return null;
	}

	@Override
	public @Nullable String visit(CreateTable statement) {
		return statement.name().name();
	}

	@Override
	public @Nullable String visit(CreateTableAs statement) {
		return statement.name().name();
	}

	@Override
	public @Nullable String visit(CreateView statement) {
		return statement.name().name();
	}

	@Override
	public @Nullable String visit(CreateSequence statement) {
		return statement.name().name();
	}

	@Override
	public @Nullable String visit(CreateType statement) {
		return statement.name().name();
	}

	@Override
	public @Nullable String visit(CreateDomain statement) {
		return statement.name().name();
	}

	@Override
	public @Nullable String visit(CreateRoutine statement) {
		return statement.name().name().name();
	}

	@Override
	public @Nullable String visit(CreateTrigger statement) {
		return statement.name();
	}

	@Override
	public @Nullable String visit(CreatePolicy statement) {
		return statement.name();
	}

	@Override
	public @Nullable String visit(CreateRule statement) {
		return statement.name();
	}

	@Override
	public @Nullable String visit(CreateIndex statement) {
		return statement.name();
	}

	@Override
	public @Nullable String visit(CreateObject statement) {
		ObjectName name = statement.name();
		return (name != null) ? name.name().name() : null;
	}

}
