"""Measurements beside what one would type or write by hand: ``make bench``."""
