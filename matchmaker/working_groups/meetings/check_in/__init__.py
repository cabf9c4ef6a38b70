"""Who was there: ticked on a list or by the QR code at the door."""
