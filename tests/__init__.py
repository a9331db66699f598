"""Tests: the same rooms as the code, plus architecture/ and journeys/."""
