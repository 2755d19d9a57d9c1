"""How long it took to index the documents that an arm uses."""

from services.evaluation.verdict.evidence import Evidence


def sum_indexing(evidence: Evidence) -> dict[str, float] | None:
    """Return the seconds for each arm with documents, by arm; None if they are unknown for one of them.

    Then they are unknown for all, so that the arms stay comparable. The seconds of an arm are those that the price sheet says, the same
    for every arm, or the sum of what was measured for its vector stores.
    """
    stores = {arm.name: set(arm.retrieval.vector_store_ids) for arm in evidence.arms if arm.retrieval}
    if evidence.indexing_seconds is not None:
        return dict.fromkeys(stores, evidence.indexing_seconds)
    known = {store_id: seconds for store_id, seconds in evidence.indexing_by_store.items() if seconds is not None}
    if any(not used <= known.keys() for used in stores.values()):
        return None
    return {name: sum(known[store_id] for store_id in sorted(used)) for name, used in stores.items()}
