"""The report: one HTML file that opens offline, with working charts and everything they rest on."""
