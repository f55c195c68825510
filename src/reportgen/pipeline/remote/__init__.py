"""Records and reports in places with a URL, such as an object store: fetched, built here, put back."""
