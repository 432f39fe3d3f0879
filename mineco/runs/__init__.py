"""Rule of this room: to be written."""
