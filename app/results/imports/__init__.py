"""Files of answers that staff upload: looked at first, then stored and counted in the background."""
