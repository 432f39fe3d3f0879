"""The value that the InVEST carbon model gives, as a special case of ours."""

import numpy as np

from mineco.restoration.benefit import present_value


def invest_value(change: float, years: int, price: float, discount: float, price_change: float) -> float:
    """Value of an even gain over the years; a "rate of change in price" of 5 divides as a discount: −4.76 % here."""
    growth = 100 / (1 + price_change / 100) - 100
    return float(present_value(np.full(years, change / years), price, discount, growth))
