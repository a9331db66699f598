"""Rules about the final state of a command, one file each. Each has ``refusals(act)``: the reasons against what was written."""
