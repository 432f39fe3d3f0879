"""Land within lines: the study area, land that is left out, and parcels by which results are told.

Rule: pixels lie within the study area or not; among parcels they are shared out.
"""

__all__ = ["findings", "parcels", "shown", "study", "told"]
