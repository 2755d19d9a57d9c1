"""How many operations a training needs at least."""

from shared.planning.model_size import ModelSize


def count_operations(size: ModelSize, learned_share: float) -> float:
    """Return the operations a token that the frozen weights cost: two for each weight forward, and two backward to the layer's inputs.

    The output layer counts only for the tokens that are learned. Attention, the adapter, and whatever is no matrix product, are left out.
    """
    return 4 * (size.linear_parameters + learned_share * size.vocabulary * size.hidden)
