"""Beyond one machine: the workers of a batch on a dask cluster, which share no disk with this machine."""
