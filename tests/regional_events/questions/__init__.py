"""Tests of the questions of registration forms, and of themes asked beforehand."""
