"""Texts into trees with places, whatever kind of document they are."""
