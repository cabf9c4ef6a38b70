"""Support programmes as data: which fit a consortium."""
