"""Beyond one machine: the workers of a batch on a dask cluster, which share no disk with this machine."""

from __future__ import annotations

from reportgen.pipeline.cluster.executor import Cluster

__all__ = ["Cluster"]
