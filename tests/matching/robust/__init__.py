"""What breaks from outside: processes that die, full disks, parameters of other programs."""
