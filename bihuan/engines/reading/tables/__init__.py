"""Tables of a document, also pasted and drawn ones: headers, columns, cells, and the entries that rows are."""
