"""The programme of an event: sessions, speakers with their consent, materials and recordings."""
