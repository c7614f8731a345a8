"""What counts are to be expected: an over-dispersed Poisson regression that past outliers do not bend.

Farrington, C. P., Andrews, N. J., Beale, A. D. and Catchpole, M. A. (1996), "A statistical algorithm for the early
detection of outbreaks of infectious disease", Journal of the Royal Statistical Society A 159, 547-563; with the changes
of Noufaily, A., Enki, D. G., Farrington, P., Garthwaite, P., Andrews, N. and Charlett, A. (2013), "An improved
algorithm for outbreak detection in multiple surveillance systems", Statistics in Medicine 32, 1206-1222.

Those count weeks of a disease; these are working days of a service. So the season is two or four harmonics instead of
a factor of ten levels (many services have few cases a level), weekday and days beside holidays are added, and only the
last weeks before the day in question are left out instead of half a year.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM

Numbers = NDArray[np.float64]

# Noufaily et al.: what is farther from the fit than this counts less, by the square of its distance.
OUTLYING = 2.58
ITERATIONS = 25
# A fit that is exact to a thousandth of a standard error is exact enough.
TOLERANCE = 1e-4
# Shorter histories have no year to tell a season or trend by, and few cases none at all.
DAYS_FOR_SEASON = 240
CASES_FOR_TRAITS = 100
CASES_FOR_SEASON = 200
CASES_FOR_FINE_SEASON = 4000
TRAITS, SEASON, FINE_SEASON, TREND = range(1, 8), range(8, 12), range(12, 16), 16


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """A fitted regression: which columns it uses, their coefficients and covariance, and the dispersion."""

    columns: NDArray[np.intp]
    coefficients: Numbers
    covariance: Numbers
    dispersion: float

    def means(self, rows: Numbers) -> Numbers:
        """Return the expected count of each row."""
        means: Numbers = np.exp(np.minimum(rows[:, self.columns] @ self.coefficients, 30.0))
        return means

    def total(self, rows: Numbers) -> tuple[float, float]:
        """Return mean and variance of the sum of new counts at some rows, the fit's own uncertainty included."""
        means = self.means(rows)
        slope = means @ rows[:, self.columns]
        return float(means.sum()), float(self.dispersion * means.sum() + slope @ self.covariance @ slope)


def columns_for(rows: Numbers, counts: Numbers) -> NDArray[np.intp]:
    """Return the columns that a history can carry.

    Args:
        rows: intercept, seven traits, eight of the season, the trend.
        counts: of the same days.
    """
    total, days = counts.sum(), len(counts)
    used = [0]
    if total >= CASES_FOR_TRAITS:
        used += TRAITS
    if days >= DAYS_FOR_SEASON and total >= CASES_FOR_SEASON:
        used += [*SEASON, TREND]
        used += FINE_SEASON if total >= CASES_FOR_FINE_SEASON else ()
    return np.array([each for each in used if each == 0 or np.count_nonzero(rows[:, each]) > 1])


def fit(rows: Numbers, counts: Numbers) -> Baseline:
    """Fit a history twice: the second time what was an outlier to the first counts less.

    Args:
        rows: of the regression, a row a working day.
        counts: of these days, at least one case among them.

    Returns:
        The fit; that of a plain mean where the whole one came to nothing.
    """
    for columns in (columns_for(rows, counts), np.array([0])):
        found = _fit(rows, counts, columns)
        if np.isfinite(found.coefficients).all() and np.isfinite(found.covariance).all():
            break
    return found


def _fit(rows: Numbers, counts: Numbers, columns: NDArray[np.intp]) -> Baseline:
    used = rows[:, columns]
    first, dispersion = _fitted(used, counts, np.ones(len(counts)))
    weights = _reweighted(used, counts, first, dispersion)
    second, dispersion = _fitted(used, counts, weights, start=first.params)
    return Baseline(
        columns=columns,
        coefficients=second.params,
        covariance=second.normalized_cov_params * dispersion,
        dispersion=dispersion,
    )


def _fitted(
    rows: Numbers, counts: Numbers, weights: Numbers, start: Numbers | None = None
) -> tuple[Any, float]:
    model = GLM(counts, rows, family=families.Poisson(), var_weights=weights)
    done = model.fit(start_params=start, maxiter=ITERATIONS, tol=TOLERANCE, tol_criterion="deviance")
    means = done.fittedvalues
    pearson = (weights * (counts - means) ** 2 / np.maximum(means, 1e-9)).sum()
    return done, max(1.0, float(pearson / max(len(counts) - rows.shape[1], 1)))


def _reweighted(rows: Numbers, counts: Numbers, done: Any, dispersion: float) -> Numbers:
    """Return weights by Anscombe residuals, as in Noufaily et al., for outliers in both directions."""
    means = np.maximum(done.fittedvalues, 1e-9)
    leverage = means * np.einsum("ij,jk,ik->i", rows, done.normalized_cov_params, rows)
    scale = np.sqrt(dispersion * np.clip(1 - leverage, 1e-6, 1))
    residuals = 1.5 * (counts ** (2 / 3) - means ** (2 / 3)) / (means ** (1 / 6) * scale)
    far = np.abs(residuals) > OUTLYING
    weights = np.where(far, np.maximum(np.abs(residuals), OUTLYING) ** -2.0, 1.0)
    rescaled: Numbers = weights * len(counts) / weights.sum()
    return rescaled
