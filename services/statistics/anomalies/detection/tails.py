"""How unlikely a count is, and which of many unlikely ones to believe."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Numbers = NDArray[np.float64]

# A negative binomial with less excess of variance over its mean cannot be told from a Poisson, nor computed.
LEAST_EXCESS = 1e-6
LEAST_MEAN = 1e-9


def _law(means: Numbers, variances: Numbers) -> tuple[Numbers, Numbers]:
    """Return size and probability of the negative binomials with these means and variances."""
    means = np.maximum(means, LEAST_MEAN)
    excess = np.maximum(variances / means - 1, LEAST_EXCESS)
    return means / excess, 1 / (1 + excess)


def tails(observed: Numbers, *, means: Numbers, variances: Numbers) -> tuple[Numbers, Numbers]:
    """Return for each count the probabilities of so few or fewer, and of so many or more."""
    law = _law(means, variances)
    return stats.nbinom.cdf(observed, *law), stats.nbinom.sf(observed - 1, *law)


def bounds(level: float, *, means: Numbers, variances: Numbers) -> tuple[Numbers, Numbers]:
    """Return between what each count stays but for a probability of `level` on either side."""
    law = _law(means, variances)
    return stats.nbinom.ppf(level, *law), stats.nbinom.isf(level, *law)


def discoveries(probabilities: Sequence[float], *, rate: float) -> list[int]:
    """Return which tests to believe so that among them false ones are expected at most at a rate.

    Benjamini, Y. and Hochberg, Y. (1995), "Controlling the false discovery rate: a practical and powerful approach to
    multiple testing", Journal of the Royal Statistical Society B 57, 289-300.

    Args:
        probabilities: of what was seen, were nothing the matter, one for each test.
        rate: most expected share of false discoveries.

    Returns:
        The positions of the discoveries, in their order.
    """
    values = np.asarray(probabilities)
    order = np.argsort(values, kind="stable")
    within = values[order] <= rate * np.arange(1, len(values) + 1) / max(len(values), 1)
    if not within.any():
        return []
    believed = order[: int(np.nonzero(within)[0].max()) + 1]
    return sorted(int(each) for each in believed)
