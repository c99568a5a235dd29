"""What people can do: one function per deed, one transaction each."""
