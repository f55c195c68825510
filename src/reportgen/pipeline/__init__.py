"""One report from record to PDF, and many: in a batch, on a cluster, at every change."""
