"""The index on an OpenSearch cluster, from words and units of our own: no plug-in on the servers.

Only this package and ``indexer.cluster.engine`` know opensearchpy and the cluster's requests.
"""
