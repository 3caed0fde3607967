"""The rows of a table as CSV, for spreadsheets and programs."""

from __future__ import annotations

import csv
from io import StringIO

from codebook.book.documents import Table


def csv_file(table: Table) -> bytes:
    """The rows as UTF-8, below the names of the columns, in the order of the page."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(column.key for column in table.columns)
    writer.writerows(row.cells for row in table.rows)
    return text.getvalue().encode()
