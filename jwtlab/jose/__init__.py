"""JSON Object Signing and Encryption, the signing half: RFC 7515, 7517, 7518, 7519, 7638, 8037, 8725.

One noun a file: `base64url`, `strict_json`, `token`, `curves`, `jwa` (algorithms), `jwk` (keys),
`keychecks`, `jws` (signatures), `times`, `jwt` (claims).
"""
