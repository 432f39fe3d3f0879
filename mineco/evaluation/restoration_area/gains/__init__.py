"""What measures would gain: draws of yearly rates, and what they make of each zone.

Rule: every measure is of the same pools, so that measures can be ranked; a draw goes for all zones alike.
"""

__all__ = ["plans", "rates", "suitability"]
