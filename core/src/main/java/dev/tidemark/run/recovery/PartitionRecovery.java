package dev.tidemark.run.recovery;

import java.sql.SQLException;

import dev.tidemark.catalogue.Catalogue;
import dev.tidemark.catalogue.OtherSession;
import dev.tidemark.catalogue.Relation;
import dev.tidemark.run.recovery.Verdict.Done;
import dev.tidemark.run.recovery.Verdict.NotDone;
import dev.tidemark.sql.QualifiedName;

/**
 * {@code DETACH PARTITION} in doubt. One that was cut off between its two transactions
 * leaves the detachment pending: queries do not see the partition any more, and it has to
 * be finalised.
 */
final class PartitionRecovery {

	private final Catalogue catalogue;

	private final QualifiedName parent;

	private final QualifiedName partition;

	PartitionRecovery(Catalogue catalogue, QualifiedName parent, QualifiedName partition) {
		this.catalogue = catalogue;
		this.parent = parent;
		this.partition = partition;
	}

	Verdict examine() throws SQLException {
		Relation parent = this.catalogue.relation(this.parent);
		if (parent == null) {
			return new NotDone("There is no table " + this.parent + ".");
		}
		Relation partition = this.catalogue.relation(this.partition);
		if (partition == null) {
			return new NotDone("There is no table " + this.partition + ".");
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
