"""The what-if page: sliders around what a mine reported, and what each move makes of its result.

Rule: whatever is shown is `mineco.evaluate(mineco.what_if(case, …))` of the changes that the page can write down.
"""

__all__ = ["controls", "opening", "page", "state", "views"]
