"""What every page stands in: style, blocks of a page, results kept between reruns.

Here belongs what no single page owns. What is saved for a reader is in `saved`.
"""
