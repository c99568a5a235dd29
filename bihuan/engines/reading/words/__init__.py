"""The words the engine goes by: data files beside the modules that load and compile them once."""
