"""Documents that leave the room: composed from one snapshot as content, then laid out as a page, a document or slides."""
