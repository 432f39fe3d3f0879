"""Why an amount changed: additive decomposition by the logarithmic mean Divisia index (LMDI-I).

An amount is a sum of terms, and each term a product of factors that are zero or above. The change of a term is divided
among its factors without a rest (Ang, Energy Policy 33 (2005) 867-871; 86 (2015) 233-238).
"""

import math
from collections.abc import Sequence


def logarithmic_mean(one: float, other: float) -> float:
    """Logarithmic mean of two amounts, between the geometric and the arithmetic one. [unit of the amounts]

    Its limit where both are equal is the amount, and where one of them is zero it is zero.

    Parameters
    ----------
    one, other : float    Zero or above.

    >>> round(logarithmic_mean(60.0, 20.0), 6), logarithmic_mean(5.0, 5.0), logarithmic_mean(5.0, 0.0)
    (36.409569, 5.0, 0.0)
    """
    low, high = sorted((one, other))
    if low == 0 or low == high:
        return low
    return (high - low) / math.log1p((high - low) / low)  # of nearly equal amounts no digit is lost


def factor_effects(before: Sequence[float], after: Sequence[float]) -> tuple[float, ...]:
    """What each factor of a product brings to the change of the product; the effects add up to it.

    A factor with the values x0 and x1 brings ``L(V1, V0) ln(x1/x0)``, where V is the product and L the logarithmic
    mean. Where the product is zero before or after, the limits of these terms hold: the factors that come from zero or
    go to it bring the whole change in equal parts, and the others nothing (Ang and Liu, Energy Policy 35 (2007)
    238-246; Wood and Lenzen, Energy Policy 34 (2006) 1326-1331).

    Parameters
    ----------
    before, after : sequence of float    The factors of one product, zero or above, in one order; each in a unit of its
                                         own.

    Returns
    -------
    tuple of float    For each factor. [unit of the product]

    >>> [round(one, 6) for one in factor_effects((1.0, 10.0, 2.0), (4.0, 5.0, 3.0))]  # 20 to 60
    [50.47438, -25.23719, 14.76281]
    >>> factor_effects((300.0, 0.0, 2.5), (310.0, 0.25, 2.5))  # a source appears
    (0.0, 193.75, 0.0)
    """
    first, last = math.prod(before), math.prod(after)
    if first == 0 or last == 0:
        turned = [(old == 0) != (new == 0) for old, new in zip(before, after, strict=True)]
        return tuple((last - first) / sum(turned) if one else 0.0 for one in turned)
    mean = logarithmic_mean(first, last)
    return tuple(mean * math.log(new / old) for old, new in zip(before, after, strict=True))


def two_factor_effects(before: tuple[float, float], after: tuple[float, float]) -> tuple[float, float]:
    """What each of two factors brings to the change of their product, whatever their sign; the effects add up to it.

    A factor brings its own change times the mean of the other one: the mean over both orders in which they can be
    exchanged (the Shapley value; Albrecht, François and Schoors, Energy Policy 30 (2002) 727-736).

    Parameters
    ----------
    before, after : pair of float    The two factors, each in a unit of its own.

    Returns
    -------
    tuple of float    For each factor. [unit of the product]

    >>> two_factor_effects((10.0, 4.0), (12.0, 3.0))  # 40 to 36: 2 hectares at 3.5, and 11 hectares at -1
    (7.0, -11.0)
    """
    return ((after[0] - before[0]) * (before[1] + after[1]) / 2, (after[1] - before[1]) * (before[0] + after[0]) / 2)
