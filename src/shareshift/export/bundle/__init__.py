"""Everything of one run in one ZIP file, and the proof that it comes out the same again."""
