"""Whoosh segments as flat arrays: how they are written, merged, opened and searched.

Match by characters, rank by words: matching data (``units``) and ranking data (``words``) are two things.

| file | the question it answers |
|---|---|
| ``files`` | how do arrays lie in a file, and is it the file that was written? |
| ``strings`` | where in a sorted table is this string? |
| ``encode``, ``units``, ``common`` | which units stand where, and what is kept ready of it? |
| ``words`` | which words stand in which documents, how often? |
| ``documents``, ``facts`` | what is stored of a document, and what is it filtered by and counted in? |
| ``completions`` | what can typing be completed to? |
| ``sealed`` | what must a reader know of a segment? |
| ``segment``, ``codec`` | what does Whoosh know of all this? |
| ``build``, ``merge``, ``batches`` | how do announcements become segments, and many segments one? |
| ``meta``, ``generations``, ``writing`` | how does a new version become the current one, whole or not at all? |
| ``snapshot`` | what does one version hold, all segments together? |
| ``matching``, ``finding``, ``leaves`` | which documents does a query mean? |
| ``scoring``, ``ordering`` | how well does each answer it, and which come first? |
| ``facets``, ``overview`` | how many are there of each kind? |
| ``searching``, ``cursors``, ``answering``, ``neighbours`` | what is the answer to a query, a number, an id? |
| ``wholeness``, ``verify`` | is everything in an index as it was written, and does it fit together? |
"""
