"""The extractors: one table, one file, in the order in which they run.

Organisations come before persons and places, because names of persons and places stand inside theirs; events
come before roles, talks and topics, which belong to one.
"""

EXTRACTORS = (
    "letopis_dates",
    "letopis_organizations",
    "letopis_persons",
    "letopis_places",
    "letopis_events",
    "letopis_talks",
    "letopis_topics",
    "letopis_roles",
)
