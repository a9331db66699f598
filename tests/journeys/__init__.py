"""Journeys: whole stories in a real browser."""
