"""What is measured: ratios side by side in one run, never a timed test. Figures go to docs/benchmarks.md."""
