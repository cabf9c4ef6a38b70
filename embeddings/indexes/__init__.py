"""Indexes of one side that stay small and quick however many posts there are.

Posts are numbered (:mod:`rows`); words and vectors are kept by number (:mod:`words`,
:mod:`dense`); :mod:`saved` writes them to one file and refuses a file that does not fit.
"""
