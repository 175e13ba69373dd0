"""Pure decisions: who may forward what, how long a login waits, what a stage is told to be."""
