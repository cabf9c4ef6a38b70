"""Surveys (アンケート) among those who took part in something."""
