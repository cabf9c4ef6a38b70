"""Events, their programme, tracks with seats, organisers and the page that all see."""
