"""What the stages made last time."""
