"""Many records, one run: warm workers, nothing built twice, one failure stopping none of the others."""
