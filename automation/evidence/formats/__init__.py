"""The files of a bundle and of an evidence folder: names, encoding, signatures, the ledger."""
