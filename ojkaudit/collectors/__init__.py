"""Target → evidence: one collector per kind of target; every failure becomes coverage."""
