"""Verifying: one module for each group of invariants; each goes through what does not hold (security, invariants)."""
