"""Checks of the built pages: size budgets, markup, links, and Lighthouse scores."""
