"""The house itself: its rules, its words and its docs."""
