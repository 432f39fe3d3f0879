"""What a mine states without a figure: that one follows from a basis, or that there is none (rule: no number here)."""
