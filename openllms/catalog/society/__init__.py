"""What happens around the models, as data: the law, who pays, how long they are offered, faults."""

from openllms.catalog.society.records import (
    TABLES,
    Fault,
    Funding,
    Lifetime,
    Summary,
    load,
    table,
)

__all__ = ["TABLES", "Fault", "Funding", "Lifetime", "Summary", "load", "table"]
