"""Views that every standard shares: how an evaluation's parts look in a report. No number is made here."""
