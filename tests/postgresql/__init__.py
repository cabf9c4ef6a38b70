"""What has to hold on PostgreSQL as on SQLite, on a real server that is gone afterwards."""
