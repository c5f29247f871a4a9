"""The parts of ``make bench``: what is measured, against whom, and the table that is written."""
