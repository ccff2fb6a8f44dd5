"""The table as CEL."""

from workload import Row


def expressions(table: list[Row]) -> list[tuple[str, str]]:
    """The rows as CEL, in the order in which they are tried."""
    found = []
    for category, report, form in table:
        same = f'category == "{category}"'
        found += [(f"{same} && (capacity >= {report} || sensitive)", "report")]
        found += [(f"{same} && capacity >= {form}", "form"), (same, "registration")]
    return found
