"""Frames and charts as files: CSV, Parquet, XLSX, SVG and PNG; the same frame gives the same bytes each time.

Here belongs what turns results into files, and the bundle and the report made of them. What is in a result or how a
chart looks, and who asks for a file, does not.
"""

from shareshift.export.columnar import read_parquet, write_parquet
from shareshift.export.delimited import read_csv, write_csv, write_european_csv

__all__ = ["read_csv", "read_parquet", "write_csv", "write_european_csv", "write_parquet"]
