"""What a yearly series comes to if its process goes on unchanged, by models that are tested against the last value.

Rule: no forecast without its interval and its test, and none where too little is known: the reason is told instead.
"""

from mineco.evaluation.tracking.forecast.choose import Forecast, forecast

__all__ = ["Forecast", "forecast"]
