"""Pictures of what decides a figure."""
