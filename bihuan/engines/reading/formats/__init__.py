"""Bytes of every format to text with its tables marked: Word, PDF, Excel, delimited, web pages, plain text."""
