"""Deposits on Zenodo, or on any other InvenioRDM: drafts, reserved DOIs, uploads, publishing."""
