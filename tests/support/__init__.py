"""What tests of several rooms share: places, markets made on the spot, a second implementation, servers."""
