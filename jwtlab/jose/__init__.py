"""JSON Object Signing and Encryption, the signing half: RFC 7515, 7517, 7518, 7519, 7638, 8037, 8725.

One noun a file. Tables, one row a thing: `curves`, `key_types`, `algorithms`, `header_parameters`, `claims`.
Reading: `base64url`, `strict_json`, `token`, `der`, `key_text`, `key_members`. Keys: `key`, `key_set`.
Deciding: `case`, `header_checks`, `key_choice`, `key_checks`, `claim_checks`, `verifier`. The face: `jws`, `jwt`.
"""
