"""Real exports of classifiers, each with what its own framework says of the same pictures."""
