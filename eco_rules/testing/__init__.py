"""Scenarios in Chinese (and English) Gherkin, for policy authors; no Python needed."""
