"""How many sessions a machine carries: real sockets, a load of known shape, figures."""
