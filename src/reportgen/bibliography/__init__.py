"""Who said it: identifiers, the folder of .bib files, the lock file, numbers and back-references."""
