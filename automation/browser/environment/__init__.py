"""What a visit runs on: machine, clock, network, the servers' certificates."""
