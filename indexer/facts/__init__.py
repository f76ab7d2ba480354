"""Read facts (a day, a document number, a place) in any spelling into their normal form."""
