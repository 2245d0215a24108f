"""HTTP Archives, as browsers' developer tools and proxies write them: opened, read entry by entry, and sifted."""
