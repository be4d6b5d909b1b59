"""What the port answers besides the protocol: pages, origins, visitors, discovery."""
