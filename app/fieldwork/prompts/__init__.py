"""Words and voices in other languages, which a province supplies for interviews: given, kept, asked for."""
