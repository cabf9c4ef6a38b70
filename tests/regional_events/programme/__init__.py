"""Tests of the programme of events: sessions, speakers, materials."""
