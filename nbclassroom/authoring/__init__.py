"""Before students: an assignment is checked, released, bundled, and tried on a bank of answers."""
