"""Frames and charts as files: CSV, Parquet, XLSX, SVG and PNG; the same frame gives the same bytes each time."""

from shareshift.export.columnar import read_parquet, write_parquet
from shareshift.export.delimited import read_csv, write_csv

__all__ = ["read_csv", "read_parquet", "write_csv", "write_parquet"]
