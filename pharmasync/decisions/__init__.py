"""The pure core: what an error means, what a row's next state is, who may send. No I/O, no clock, no chance."""
