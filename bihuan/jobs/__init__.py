"""Work by the clock, and work put off by actions. A task takes ids only and runs as the post it acts for."""
