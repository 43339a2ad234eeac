package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * What a sequence is told.
 *
 * @param type its type, or {@code null} if the statement names none
 * @param restart whether it begins anew
 * @param ownedBy the relation of the column that it goes with, or {@code null}
 * @param persistence how long it lives, or {@code null} if the statement does not say
 * @since 0.1.0
 */
public record SequenceOptions(@Nullable TypeName type, boolean restart, @Nullable QualifiedName ownedBy,
		@Nullable Persistence persistence) {

}
