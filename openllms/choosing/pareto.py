"""What nobody beats: the Pareto front of quality against price."""

from collections.abc import Mapping


def pareto_front(models: Mapping[str, tuple[float, float]]) -> list[str]:
    """Return the models that no other one beats, the cheapest first.

    A model beats another if it costs no more and is no worse, and one of both is strictly better.
    Equal models do not beat each other: both stay.

    Args:
        models: name -> (price, quality); a lower price and a higher quality are better.

    Raises:
        ValueError: A number is not a number.
    """
    for name, (price, quality) in models.items():
        if price != price or quality != quality:
            raise ValueError(f"{name!r} has no price or no quality: leave it out, or find it out")
    front: list[str] = []
    best = float("-inf")
    # Among equal prices the best comes first, so whoever follows must be equal to it or is beaten.
    for name, (price, quality) in sorted(models.items(), key=lambda m: (m[1][0], -m[1][1])):
        if quality > best or (front and models[front[-1]] == (price, quality)):
            front.append(name)
            best = quality
    return front
