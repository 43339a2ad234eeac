package dev.tidemark.run.recovery;

import java.sql.SQLException;

import dev.tidemark.catalogue.Catalogue;
import dev.tidemark.catalogue.OtherSession;
import dev.tidemark.catalogue.Relation;
import dev.tidemark.run.recovery.Verdict.Done;
import dev.tidemark.run.recovery.Verdict.NotDone;
import dev.tidemark.statement.Subject;

/**
 * {@code DETACH PARTITION} in doubt. One that was cut off between its two transactions
 * leaves the detachment pending: queries do not see the partition any more, and it has to
 * be finalised.
 */
final class PartitionRecovery {

	private final Catalogue catalogue;

	private final Subject.DetachPartition statement;

	PartitionRecovery(Catalogue catalogue, Subject.DetachPartition statement) {
		this.catalogue = catalogue;
		this.statement = statement;
	}

	Verdict examine() throws SQLException {
		Relation parent = this.catalogue.relation(this.statement.parent());
		if (parent == null) {
			return new NotDone("There is no table " + this.statement.parent() + ".");
		}
		Relation partition = this.catalogue.relation(this.statement.partition());
		if (partition == null) {
			return new NotDone("There is no table " + this.statement.partition() + ".");
		}
		Boolean pending = this.catalogue.isDetachmentPending(partition.oid(), parent.oid());
		if (pending == null) {
			return new Done("The table " + partition + " is no partition of " + parent + " any more.");
		}
		if (!pending) {
			return new NotDone("The table " + partition + " is still a partition of " + parent + ".");
		}
		String seen = "The detachment of the partition " + partition + " from " + parent + " is pending.";
		OtherSession other = OtherSession.ofDetachment(this.catalogue);
		return (other != null) ? Verdict.Undecided.atWork(other, seen) : new Done(seen,
				"ALTER TABLE " + parent.quoted() + " DETACH PARTITION " + partition.quoted() + " FINALIZE");
	}

}
