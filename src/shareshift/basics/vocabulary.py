"""The words a cell may hold, shared by the schemas, the rules and the pages."""

ID = r"^[a-z0-9][a-z0-9_-]*$"
ID_LIST = r"^[a-z0-9][a-z0-9_-]*(;[a-z0-9][a-z0-9_-]*)*$"
GRADE = r"^[A-F][1-6]$"
BASES = ("recognised", "run_rate", "bookings", "planned", "target", "estimate", "assumption")
# What a figure may be measured as when the model compares it with another: a run rate at the event, reported,
# estimated, or assumed by us. The other bases answer other questions and are never mixed in.
COMPARABLE_BASES = ("run_rate", "estimate", "assumption")
# Whether an amount is gross of what a vendor passes on to its contractors; an empty cell is unknown.
GROSS = ("yes", "no", "unknown")
CLAIM_BASES = ("recognised", "run_rate", "bookings", "planned", "demand", "event")
DISTRIBUTIONS = ("fixed", "uniform", "triangular", "pert", "lognormal")
STANCES = ("left", "leaving", "reconsidering", "unknown", "continuing", "staying")
EVENT_KINDS = (
    "deal", "valuation", "price", "stance", "exit_probability", "assurance", "pivot", "capacity_growth",
    "slack", "staffing", "contract", "market", "precedent", "shock", "relation",
)  # fmt: skip
UNITS = (
    "usd", "usd_per_year", "usd_per_month", "usd_per_hour", "usd_per_item", "share", "share_per_year",
    "share_per_month", "probability", "ratio", "people", "projects", "months", "days", "years",
)  # fmt: skip
# What a claim is: told of what is so or under way, an aim or forecast of the speaker's own, or a view without a fact.
CLAIM_KINDS = ("report", "target", "opinion")
COMPARATORS = ("at_least", "at_most", "between")
GROUPS = ("who leaves", "how fast", "where to", "who has room", "how sure")
# What readers call a group where the tables use another word.
GROUP_TITLES = {"who has room": "Who has capacity"}
SOURCE_KINDS = ("seed", "press", "company", "filing", "court", "podcast", "research", "blog", "assumption")
SEEN_AS = ("original", "copy", "opening", "none")
# Destinations that are no vendor, and what readers call them.
RESERVED = {"in_house": "Built in-house", "not_spent": "Not spent", "unplaced": "Stuck"}
