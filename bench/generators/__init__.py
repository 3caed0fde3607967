"""The generators that the benchmark compares: how each gets a corpus, and how it builds it."""
