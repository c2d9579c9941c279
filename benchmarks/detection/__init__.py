"""How well what goes wrong is found, against plain control charts."""
