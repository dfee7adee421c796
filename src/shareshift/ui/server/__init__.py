"""What the server does by itself, before any page: names readers, limits what pages may load, warms up, ends in order.

Here belongs what runs once per process or per request. What runs once per reader and rerun is in `shell` and the pages.
"""
