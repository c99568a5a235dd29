"""Plans: the list, the three lists made of one set of rows, one row to fill in, and two versions compared."""
