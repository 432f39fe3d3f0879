"""Many mines beside each other, from the summary of a batch: distributions, the place of one among its peers, ranks
with their intervals, provinces.

Rule: a summary is read and nothing is evaluated; what is not comparable is counted and told, and never put together.
"""
