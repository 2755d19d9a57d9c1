"""How many examples fit into `max_length` tokens: those of which something is learned before they are cut off."""

LONGER = "Shorten or split long examples, or raise 'max_length'."


def describe_too_few_fit(fitting: int, examples: int, max_length: int, minimum: int) -> str:
    """Return what is wrong with a file in which at most `fitting` of the examples fit, which is less than `minimum`."""
    if examples == 1:
        which = "The example does not fit"
    elif not fitting:
        which = f"None of the {examples:,} examples fits"
    else:
        which = f"Only {fitting:,} of the {examples:,} examples {'fits' if fitting == 1 else 'fit'}"
    return f"{which} into {max_length:,} tokens; at least {minimum} must fit. {LONGER}"
